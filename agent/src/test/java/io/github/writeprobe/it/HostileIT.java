package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.text.UntrustedText;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/// Containers whose texts all attack the terminal or the reader of a report.
class HostileIT {
    private static final String ATTACK =
            "\u001b[2J\u001b]0;owned\u0007\r\n\u202egnp.exe\u2066\u200b"
                    + "\"' ]]> </testcase> <!-- | `x` ``y`` ~~~ \\ &lt; {0}\n## forged\n";

    /// A mount point, without `:` and `,`, which separate the parts of docker's options.
    private static final String MOUNT_POINT = "/\u001b[31m\u001b[2Jm\n| forged | `\u202e ]]> \"' |";

    /// Mounted without the engine's knowledge, which is a finding with a hostile path.
    private static final String LATE_MOUNT_POINT = MOUNT_POINT + "/late";

    @AutoClose private static Lab lab;
    private static String labelled = "";
    private static String printing = "";
    private static String failing = "";

    @BeforeAll
    static void open() {
        lab = Lab.open();
        labelled =
                lab.start(
                        Lab.Image.BUSYBOX,
                        "--label",
                        "com.docker.compose.project=" + ATTACK,
                        "--label",
                        "com.docker.compose.service=" + "s".repeat(10_000) + ATTACK,
                        "--label",
                        "com.docker.swarm.service.name=" + ATTACK,
                        "--label",
                        "io.kubernetes.pod.name=" + ATTACK,
                        "--label",
                        "io.kubernetes.pod.namespace=" + ATTACK,
                        "--label",
                        "io.kubernetes.container.name=" + ATTACK,
                        "--label",
                        "\u001b[2J\u202e|`]]>=" + ATTACK,
                        "-v",
                        lab.volume() + ":" + MOUNT_POINT,
                        "-v",
                        lab.directory("host") + ":" + MOUNT_POINT + "/host:ro",
                        "--tmpfs",
                        MOUNT_POINT + "/tmpfs");
        lab.docker("exec", labelled, "mkdir", LATE_MOUNT_POINT);
        lab.mount(labelled, "-t", "tmpfs", "tmpfs", LATE_MOUNT_POINT);
        printing = withShell("printing", "");
        failing =
                withShell(
                        "failing",
                        "OCI runtime exec failed: exec failed: container_linux.go:380: starting"
                                + " container process caused: exec: ");
    }

    /// A read-only container whose `sh` prints a text and an attack, and exits like an exec that
    /// could not be started.
    private static String withShell(String name, String text) {
        String image =
                lab.image(
                        name,
                        """
                        mkdir -p $tree/bin
                        cp /bin/busybox $tree/bin/busybox
                        cp /bin/busybox $tree/sleep
                        cat >$tree/bin/sh <<'END'
                        #!/bin/busybox sh
                        printf '%s\\033[2J\\033]0;owned\\007\\r\\n\\302\\233\\342\\200\\256\\377 | ]]> forged\\n'
                        exit 126
                        END
                        chmod 755 $tree/bin/sh
                        """
                                .formatted(text));
        return lab.start(image, List.of("/sleep", "3600"), "--read-only");
    }

    private static Lab.Run assertHarmless(int code, String... args) {
        Lab.Run run = lab.writeprobe(args);
        assertThat(run.code()).as(run.output()).isEqualTo(code);
        List<String> raw =
                run.output()
                        .codePoints()
                        .filter(c -> c != '\n')
                        .mapToObj(Character::toString)
                        .filter(c -> !UntrustedText.escape(c).equals(c))
                        .map(UntrustedText::escape)
                        .toList();
        assertThat(raw).as(String.join(" ", args)).isEmpty();
        assertThat(run.output().lines())
                .noneMatch(line -> line.stripLeading().startsWith("## forged"));
        return run;
    }

    private static Lab.Run audit(String format) {
        Lab.Run run =
                assertHarmless(
                        1,
                        "audit",
                        "--witness",
                        "exec",
                        "--format",
                        format,
                        labelled,
                        printing,
                        failing);
        assertThat(run.err()).isEmpty();
        return run;
    }

    private static JsonNode container(JsonNode report, String name) {
        for (JsonNode c : report.path("containers")) {
            if (c.path("name").asText().equals(name)) {
                return c;
            }
        }
        throw new AssertionError("no " + name + " in " + report);
    }

    @Test
    void theTableHasARowForEachContainer() {
        String out = audit("table").out();
        assertThat(out.lines().filter(l -> l.startsWith("✗ " + labelled))).hasSize(1);
        assertThat(out.lines().filter(l -> l.startsWith("? "))).hasSize(2);
        assertThat(out.lines()).allMatch(l -> UntrustedText.width(l) <= 100);
        assertThat(out).contains("MEDIUM undeclared").contains("/\\x1b[31m\\x1b[2Jm\\n| forged |");
        assertThat(out).contains("3 containers: 1 violating, 2 unverified");
    }

    @Test
    void jsonCarriesTheExactTexts() throws Exception {
        JsonNode report = JsonMapper.builder().build().readTree(audit("json").out());
        JsonNode c = container(report, labelled);
        assertThat(c.path("composeProject").asText()).isEqualTo(ATTACK);
        assertThat(c.path("composeService").asText()).isEqualTo("s".repeat(10_000) + ATTACK);
        List<String> paths = new ArrayList<>();
        c.path("paths").forEach(p -> paths.add(p.path("path").asText()));
        assertThat(paths)
                .contains(
                        MOUNT_POINT,
                        MOUNT_POINT + "/host",
                        MOUNT_POINT + "/tmpfs",
                        LATE_MOUNT_POINT);
        for (String unverified : List.of(printing, failing)) {
            assertThat(container(report, unverified).path("verdict").asText())
                    .isEqualTo("unverified");
        }
    }

    @Test
    void sarifParses() throws Exception {
        JsonNode sarif = JsonMapper.builder().build().readTree(audit("sarif").out());
        assertThat(sarif.path("version").asText()).isEqualTo("2.1.0");
        assertThat(sarif.path("runs").path(0).path("results"))
                .anyMatch(r -> r.path("ruleId").asText().contains("undeclared"));
    }

    @Test
    void junitParsesAndHasATestCaseForEachContainer() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Element suites =
                factory.newDocumentBuilder()
                        .parse(new ByteArrayInputStream(audit("junit").out().getBytes(UTF_8)))
                        .getDocumentElement();
        assertThat(suites.getElementsByTagName("testcase").getLength()).isEqualTo(3);
        assertThat(suites.getElementsByTagName("failure").getLength()).isEqualTo(1);
    }

    @Test
    void markdownTablesHaveNoForgedCells() {
        List<String> rows = audit("markdown").out().lines().filter(l -> l.startsWith("|")).toList();
        assertThat(rows).hasSizeGreaterThan(3);
        int columns = 0;
        for (int i = 0; i < rows.size(); i++) {
            int bars = rows.get(i).replaceAll("\\\\.", "").replaceAll("[^|]", "").length();
            boolean heading = i + 1 < rows.size() && rows.get(i + 1).startsWith("| ---");
            columns = heading ? bars : columns;
            assertThat(bars).as(rows.get(i)).isEqualTo(columns);
        }
    }

    @Test
    void anExplanationIsHarmless() {
        assertThat(assertHarmless(1, "explain", "--witness", "exec", labelled).out())
                .contains("\\x1b[31m");
        assertThat(assertHarmless(1, "explain", "--witness", "exec", labelled, MOUNT_POINT).out())
                .contains("volume");
        assertHarmless(3, "explain", "--witness", "exec", printing);
        assertThat(assertHarmless(3, "explain", "--witness", "exec", failing).out())
                .contains("OCI runtime", "\\x1b[2J");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit \u001b[2Jnobody",
                "audit --format \u001b[2J",
                "audit --fail-on \u202e",
                "audit --host \u001b[2J",
                "audit --config.file /no/\u001b[2J",
                "audit --output /no/\u001b[2J/file",
                "explain \u001b[2Jnobody",
                "explain x \u001b[2J",
                "\u001b[2J"
            })
    void invalidArgumentsAreEscapedInTheError(String args) {
        assertThat(assertHarmless(2, args.split(" ")).err()).startsWith("writeprobe: ");
    }
}

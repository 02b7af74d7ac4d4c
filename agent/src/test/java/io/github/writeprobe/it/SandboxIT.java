package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real gVisor: the process that the engine reports is the sandbox's, and its mounts are not those
/// of the container. Once with a runtime name that shows this, and once with one that does not.
class SandboxIT {
    private static final String NAMED = "runsc";
    private static final String UNKNOWN = "guarded";
    private static final String WRITES =
            "while :; do echo x >>/var/written; /bin/busybox sleep 0.1; done";

    private static Path directory;
    private static PrivateEngine engine;
    private static Lab lab;

    @BeforeAll
    static void open() throws Exception {
        Lab.Run runsc = Lab.run(Map.of(), List.of("../bin/runsc"));
        assertThat(runsc.code()).as(runsc.output()).isZero();
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "wprunsc");
        Path runtime = directory.resolve("runtime");
        Files.writeString(
                runtime,
                "#!/bin/sh\nexec %s --platform=systrap --network=none \"$@\"\n"
                        .formatted(runsc.out().strip()));
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
        engine =
                PrivateEngine.start(
                        "--add-runtime=" + NAMED + "=" + runtime,
                        "--add-runtime=" + UNKNOWN + "=" + runtime);
        lab = Lab.open(engine.environment());
    }

    @AfterAll
    static void close() {
        lab.close();
        engine.close();
        Lab.run(Map.of(), List.of("rm", "-r", directory.toString()));
    }

    private static String start(String runtime, Lab.Image image, String... options) {
        return lab.start(
                image,
                Stream.concat(Stream.of("--runtime", runtime), Stream.of(options))
                        .toArray(String[]::new));
    }

    private static JsonNode audited(String container, String... options) throws Exception {
        List<String> args = new ArrayList<>(List.of("audit", "--format", "json"));
        args.addAll(List.of(options));
        args.add(container);
        Lab.Run run = lab.writeprobe(args.toArray(String[]::new));
        JsonNode report = new JsonMapper().readTree(run.out()).path("containers").path(0);
        assertThat(report.path("verdict").asText()).as(run.output()).isNotEmpty();
        assertThat(report.path("findings").findValuesAsText("severity"))
                .as(report.toString())
                .doesNotContain("critical");
        return report;
    }

    private static String verdict(String container, String... options) throws Exception {
        return audited(container, options).path("verdict").asText();
    }

    @Test
    void whatItsShellWritesIsFound() throws Exception {
        String container = start(NAMED, Lab.Image.BUSYBOX);
        assertThat(verdict(container)).isEqualTo("violating");
        // Only from the declaration.
        assertThat(verdict(container, "--witness", "procfs")).isEqualTo("violating");
        lab.docker("pause", container);
        assertThat(verdict(container)).isNotEqualTo("compliant");
    }

    @Test
    void itsShellDecidesAloneAndTheReportStatesIt() throws Exception {
        String container = start(NAMED, Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        JsonNode report = audited(container);
        assertThat(report.path("verdict").asText()).as(report.toString()).isEqualTo("compliant");
        assertThat(report.toString()).contains("it runs in a sandbox (runsc)");
        JsonNode kernel = audited(container, "--witness", "procfs");
        assertThat(kernel.path("verdict").asText()).isEqualTo("unverified");
        assertThat(kernel.path("unproved").toString()).contains("it runs in a sandbox (runsc)");
        lab.docker("pause", container);
        assertThat(verdict(container)).isEqualTo("unverified");
    }

    @Test
    void sandboxWithoutAUsableShellIsNotCompliant() throws Exception {
        assertThat(verdict(start(NAMED, Lab.Image.NO_SHELL))).isNotEqualTo("compliant");
        assertThat(verdict(start(NAMED, Lab.Image.NO_SHELL, "--read-only")))
                .isEqualTo("unverified");
        assertThat(verdict(start(NAMED, Lab.Image.BUSYBOX, "--user", "1000")))
                .isNotEqualTo("compliant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--read-only"})
    void unknownSandboxRuntimeIsNotCompliant(String option) throws Exception {
        String[] options = option.isEmpty() ? new String[0] : new String[] {option};
        String container = start(UNKNOWN, Lab.Image.BUSYBOX, options);
        assertThat(verdict(container)).isNotEqualTo("compliant");
        JsonNode kernel = audited(container, "--witness", "procfs");
        assertThat(kernel.path("unproved").toString())
                .contains("is not the one that the engine created");
    }

    @Test
    void recommendReportsThatItCannotSeeInto() {
        String image = lab.image(Lab.Image.BUSYBOX);
        List<String> command = List.of("sh", "-c", WRITES);
        String named = lab.start(image, command, "--runtime", NAMED);
        Lab.Run run = lab.writeprobe("recommend", "--observe", "1s", named);
        assertThat(run.code()).as(run.output()).isEqualTo(3);
        assertThat(run.output()).contains("sandbox").doesNotContain("no write was seen");
        String unknown = lab.start(image, command, "--runtime", UNKNOWN);
        run = lab.writeprobe("recommend", "--observe", "1s", unknown);
        assertThat(run.code()).as(run.output()).isEqualTo(3);
        assertThat(run.output())
                .contains("that the engine created")
                .doesNotContain("no write was seen");
    }
}

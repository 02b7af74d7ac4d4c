package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Runs the scripts of `config/ci`, with a `docker` that runs the program instead of its image.
class CiTemplatesIT {
    private static final Path CI = Path.of("..", "config", "ci").toAbsolutePath().normalize();

    @AutoClose private static Lab lab;
    private static Path work;

    @BeforeAll
    static void open() throws IOException {
        lab = Lab.open();
        work = lab.directory("ci");
        Path docker = work.resolve("docker");
        String program =
                ShippedJvm.command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        Files.writeString(
                docker,
                """
                #!/bin/sh
                [ "$1" = run ] || exit 99
                while [ "$1" != writeprobe:ci ]; do shift; done
                shift
                exec %s "$@"
                """
                        .formatted(program));
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// The literal block after a line of a YAML file.
    private static String script(String file, String line) throws IOException {
        List<String> lines = Files.readAllLines(CI.resolve(file));
        int start = lines.indexOf(line) + 1;
        assertThat(start).as(line).isPositive();
        int indent = lines.get(start).indexOf(lines.get(start).strip());
        return lines.subList(start, lines.size()).stream()
                        .takeWhile(l -> l.startsWith(" ".repeat(indent)))
                        .map(l -> l.substring(indent))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private static Lab.Run run(String script, Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("PATH", work + ":" + System.getenv("PATH"));
        all.put("WRITEPROBE_IMAGE", "writeprobe:ci");
        return Lab.run(all, List.of("sh", "-e", "-c", "cd '" + work + "'\n" + script));
    }

    private static Map<String, String> action(String filter) {
        Map<String, String> variables = new HashMap<>();
        variables.put("GITHUB_ACTION_PATH", CI.resolve("github").toString());
        variables.put("GITHUB_STEP_SUMMARY", work.resolve("summary.md").toString());
        variables.put("WRITEPROBE_SARIF", work.resolve("writeprobe.sarif").toString());
        variables.put("WRITEPROBE_CONFIG", "");
        variables.put("FILTER", filter);
        variables.put("FAIL_ON", "");
        return variables;
    }

    @Tag("long")
    @Test
    void theActionReportsThreeTimesAndItsExitCodeIsThatOfTheAudit() throws IOException {
        String writable = lab.start(Lab.Image.BUSYBOX);
        Lab.Run found =
                run(script("github/action.yml", "      run: |"), action("name=" + writable));
        assertThat(found.code()).as(found.output()).isEqualTo(1);
        assertThat(found.out()).contains("HIGH exposed").contains(writable);
        assertThat(Files.readString(work.resolve("writeprobe.sarif")))
                .contains("\"2.1.0\"")
                .contains(writable);
        assertThat(Files.readString(work.resolve("summary.md"))).contains(writable);
        Path policy = work.resolve("writeprobe.yml");
        Files.writeString(policy, "policy: {rules: [{match: {}, rootfs: writable}]}\n");
        Map<String, String> withPolicy = action("name=" + writable);
        withPolicy.put("WRITEPROBE_CONFIG", policy.toString());
        Lab.Run allowed = run(script("github/action.yml", "      run: |"), withPolicy);
        assertThat(allowed.code()).as(allowed.output()).isZero();
    }

    @Test
    void aMistakeEndsTheActionAtOnce() throws IOException {
        Lab.Run wrong = run(script("github/action.yml", "      run: |"), action("nonsense"));
        assertThat(wrong.code()).as(wrong.output()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
    }

    @Test
    void theGitLabJobHasATestReport() throws IOException {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        Lab.Run job =
                run(
                        script("gitlab.yml", "    - |"),
                        Map.of(
                                "WRITEPROBE_CONFIG", "",
                                "WRITEPROBE_FAIL_ON", "high",
                                "WRITEPROBE_FILTER", "name=" + container));
        assertThat(job.code()).as(job.output()).isZero();
        assertThat(job.out()).contains("1 compliant");
        assertThat(Files.readString(work.resolve("writeprobe.xml")))
                .contains("<testcase")
                .contains(container);
    }
}

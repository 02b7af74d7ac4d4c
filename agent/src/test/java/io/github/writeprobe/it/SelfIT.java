package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.it.Lab.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The shipped policies exempt writeprobe's own container and no other one, whatever its name is.
/// The program runs in a container, with the host's Java.
class SelfIT {
    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    private static final List<String> LABELS =
            List.of(
                    "com.docker.compose.project=writeprobe",
                    "com.docker.compose.service=writeprobe-exec",
                    "com.docker.swarm.service.name=writeprobe_agent",
                    "io.kubernetes.pod.namespace=writeprobe",
                    "io.kubernetes.pod.name=writeprobe-x",
                    "io.kubernetes.container.name=agent");

    private static String start(String... more) {
        List<String> options = new ArrayList<>(List.of("--read-only", "--tmpfs", "/tmp"));
        for (String label : LABELS) {
            options.addAll(List.of("--label", label));
        }
        options.addAll(List.of("-v", TestedImage.socket() + ":/run/docker.sock:ro"));
        options.addAll(List.of(more));
        return lab.start(Image.BUSYBOX, options.toArray(String[]::new));
    }

    private static List<String> hostMounts() {
        List<String> options = new ArrayList<>();
        for (Path shared :
                List.of(
                        Path.of("/usr"),
                        Path.of("/lib"),
                        Path.of("/lib64"),
                        Path.of(System.getProperty("java.home")),
                        Path.of("..").toAbsolutePath().normalize())) {
            options.addAll(List.of("-v", shared + ":" + shared + ":ro"));
        }
        return options;
    }

    /// The kinds of the findings that are not waived.
    private static List<String> unwaivedKinds(JsonNode report, String container) {
        return StreamSupport.stream(report.path("containers").spliterator(), false)
                .filter(c -> c.path("name").asText().equals(container))
                .flatMap(c -> StreamSupport.stream(c.path("findings").spliterator(), false))
                .filter(f -> !f.path("waiver").isObject())
                .map(f -> f.path("kind").asText())
                .filter(kind -> !kind.equals("executable"))
                .sorted()
                .toList();
    }

    private static List<String> unproved(JsonNode report, String container) {
        return StreamSupport.stream(report.path("containers").spliterator(), false)
                .filter(c -> c.path("name").asText().equals(container))
                .flatMap(c -> StreamSupport.stream(c.path("unproved").spliterator(), false))
                .map(reason -> reason.asText())
                .toList();
    }

    /// The manifests for Kubernetes mount no socket, so their policy waives none.
    @ParameterizedTest
    @CsvSource({
        "compose-policy.yml,    exec,   ''",
        "compose-policy.yml,    procfs, ''",
        "swarm/policy.yml,      exec,   ''",
        "kubernetes/policy.yml, procfs, exposed"
    })
    void onlyOwnContainerIsWaived(String policy, String level, String notWaived)
            throws IOException {
        List<String> options = hostMounts();
        if (level.equals("procfs")) {
            options.addAll(List.of("--pid", "host"));
            for (String capability : List.of("SYS_PTRACE", "DAC_OVERRIDE", "SETUID", "SETGID")) {
                options.addAll(List.of("--cap-add", capability));
            }
        }
        String own = start(options.toArray(String[]::new));
        String other = start();
        List<String> command = new ArrayList<>(List.of("docker", "exec", own));
        command.addAll(
                ShippedJvm.command(
                        "audit",
                        "--host",
                        "unix:///run/docker.sock",
                        "--witness",
                        level,
                        "--format",
                        "json",
                        "--config.file",
                        Path.of("../config")
                                .resolve(policy)
                                .toAbsolutePath()
                                .normalize()
                                .toString(),
                        own,
                        other));
        Lab.Run run = Lab.run(lab.environment(), command);
        JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(String.join(",", unwaivedKinds(report, own)))
                .as(run.output())
                .isEqualTo(notWaived);
        assertThat(unproved(report, own)).as(run.output()).isEmpty();
        assertThat(unwaivedKinds(report, other))
                .as(run.output())
                .containsExactly("bypassable", "exposed");
    }
}

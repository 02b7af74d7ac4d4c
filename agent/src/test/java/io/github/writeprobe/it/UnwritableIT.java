package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Storage that turns unwritable under a running container, by real faults.
class UnwritableIT {
    private static final JsonMapper JSON = new JsonMapper();
    @AutoClose private static Lab lab;

    private final List<Path> mounted = new ArrayList<>();

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    @AfterEach
    void unmount() {
        lab.removeContainers();
        mounted.forEach(m -> runOnHost("umount -l " + m));
    }

    private static String runOnHost(String command) {
        Lab.Run run = Lab.run(Map.of(), List.of("sh", "-c", command));
        assertThat(run.code()).as(command + ": " + run.output()).isZero();
        return run.out();
    }

    /// An ext4 filesystem of its own.
    private Path disk(String name) {
        Path disk = lab.directory(name).resolve("image");
        Path mountPoint = lab.directory(name + "/mounted");
        runOnHost("truncate -s 4M " + disk + " && mkfs.ext4 -q -F -m 0 -N 16 " + disk);
        runOnHost("mount -o loop,errors=remount-ro %s %s".formatted(disk, mountPoint));
        mounted.add(mountPoint);
        runOnHost("chmod 777 " + mountPoint);
        return mountPoint;
    }

    private static String device(Path mountPoint) {
        return runOnHost(
                        "awk -v m=%s '$5 == m { print $(NF - 1) }' /proc/self/mountinfo"
                                .formatted(mountPoint))
                .strip();
    }

    private static String start(Path source, String... options) {
        List<String> all = new ArrayList<>(List.of("--read-only", "-v", source + ":/data"));
        all.addAll(List.of(options));
        return lab.start(Lab.Image.BUSYBOX, all.toArray(String[]::new));
    }

    /// The severity and message of the finding at `/data`; empty if there is none.
    private static String unwritable(String container, String witness) throws Exception {
        Lab.Run run = lab.writeprobe("audit", "--witness", witness, "--format", "json", container);
        JsonNode report = JSON.readTree(run.out()).path("containers").path(0);
        assertThat(report.path("verdict").asText()).as(run.output()).isEqualTo("compliant");
        StringBuilder found = new StringBuilder();
        for (JsonNode finding : report.path("findings")) {
            if (finding.path("path").asText().equals("/data")) {
                assertThat(finding.path("kind").asText()).isEqualTo("unwritable");
                found.append(finding.path("severity").asText())
                        .append(": ")
                        .append(finding.path("message").asText());
            }
        }
        return found.toString();
    }

    @Test
    void aFilesystemWithErrorsIsReadOnlyForEverybody() throws Exception {
        Path disk = disk("errors");
        String root = start(disk);
        String user = start(disk, "--user", "1000");
        for (String witness : List.of("exec", "procfs")) {
            assertThat(unwritable(root, witness)).isEmpty();
        }
        String name = device(disk).replace("/dev/", "");
        runOnHost("echo 1 >/sys/fs/ext4/%s/trigger_fs_error".formatted(name));
        for (String container : List.of(root, user)) {
            for (String witness : List.of("exec", "procfs")) {
                assertThat(unwritable(container, witness))
                        .startsWith("high: ")
                        .contains("its filesystem is read-only for everybody (EROFS)");
            }
        }
    }

    @Test
    void theAgentSaysWhenItChangedAndWhatElseIsOnTheFilesystem() throws Exception {
        Path disk = disk("watched");
        String web = start(disk);
        String db = start(disk);
        try (RunningAgent agent =
                RunningAgent.start("probe: {interval: 1s, exec-interval: 24h}\n")) {
            for (String container : List.of(web, db)) {
                agent.awaitSample("writeprobe_container_verified", 1, label(container));
            }
            String name = device(disk).replace("/dev/", "");
            runOnHost("echo 1 >/sys/fs/ext4/%s/trigger_fs_error".formatted(name));
            for (String container : List.of(web, db)) {
                agent.awaitSample(
                        "writeprobe_finding",
                        1,
                        label(container),
                        "kind=\"unwritable\"",
                        "path=\"/data\"",
                        "severity=\"high\"");
            }
            assertThat(evidence(JSON.readTree(agent.get("/api/v1/report")), web))
                    .anyMatch(l -> l.matches("changed: writable at \\S+Z, refused at \\S+Z"))
                    .contains("on the same filesystem in other containers: " + db + ":/data");
            assertThat(agent.log())
                    .anyMatch(e ->
                            e.path("level").asText().equals("warn")
                                    && e.path("msg")
                                            .asText()
                                            .startsWith(
                                                    web + " is compliant, with a new finding: "));
        }
    }

    private static String label(String container) {
        return "container=\"" + container + "\"";
    }

    private static List<String> evidence(JsonNode report, String container) {
        List<String> lines = new ArrayList<>();
        for (JsonNode one : report.path("containers")) {
            for (JsonNode finding : one.path("findings")) {
                if (one.path("name").asText().equals(container)
                        && finding.path("path").asText().equals("/data")) {
                    finding.path("evidence").forEach(line -> lines.add(line.asText()));
                }
            }
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "procfs"})
    void aFullDiskIsReportedUntilSpaceIsFreed(String witness) throws Exception {
        Path disk = disk("full");
        String container = start(disk);
        runOnHost("dd if=/dev/zero of=%s/filler bs=1k 2>/dev/null || true".formatted(disk));
        assertThat(unwritable(container, witness))
                .startsWith("medium: ")
                .contains("its filesystem is full (ENOSPC)");
        runOnHost("rm %s/filler; sync".formatted(disk));
        assertThat(unwritable(container, witness)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "procfs"})
    void aFullInodeTableIsReported(String witness) throws Exception {
        Path disk = disk("inodes");
        String container = start(disk);
        runOnHost("i=0; while touch %s/$i 2>/dev/null; do i=$((i + 1)); done".formatted(disk));
        assertThat(unwritable(container, witness))
                .startsWith("medium: ")
                .contains("its filesystem is full (ENOSPC)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "procfs"})
    void aFilesystemWhoseServerEndedIsReported(String witness) throws Exception {
        Path source = lab.directory("served");
        Path mountPoint = lab.directory("fuse");
        runOnHost(
                "bindfs -f %s %s >/dev/null 2>&1 & echo $! >%s.pid; sleep 0.5"
                        .formatted(source, mountPoint, mountPoint));
        mounted.add(mountPoint);
        String container = start(mountPoint);
        assertThat(unwritable(container, witness)).isEmpty();
        runOnHost("kill -9 $(cat %s.pid); sleep 0.2".formatted(mountPoint));
        assertThat(unwritable(container, witness))
                .startsWith("high: ")
                .contains("the server of its filesystem has ended (ENOTCONN)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "procfs"})
    void aDirectoryThatTheHostReplacedIsReported(String witness) throws Exception {
        Path source = lab.directory("deployed-" + witness);
        String container = start(source);
        Files.delete(source);
        Files.createDirectory(source);
        assertThat(unwritable(container, witness))
                .startsWith("high: ")
                .contains("the directory was deleted on the host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "procfs"})
    void aVolumeOfAnotherUserIsLow(String witness) throws Exception {
        Path source = lab.directory("owned");
        runOnHost("chmod 755 " + source);
        String container = start(source, "--user", "1000");
        assertThat(unwritable(container, witness))
                .startsWith("low: ")
                .contains("uid 1000 cannot write to it (EACCES)");
    }
}

package io.github.writeprobe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which container this process runs in, with a procfs that the test writes.
class OwnContainerTest {
    private static final String OWN = "a".repeat(64);
    private static final String OTHER = "b".repeat(64);
    private static final String LAYER = "c".repeat(64);
    private static final String MACHINE = "pid:[4026531836]";

    @TempDir private Path proc;

    @BeforeEach
    void processOnTheMachine() throws IOException {
        process("self", "0::/user.slice", "1 0 8:1 / / rw - ext4 /dev/sda1 rw", 1, MACHINE);
        process("1", "0::/init.scope", "", 1, MACHINE);
    }

    private void process(String pid, String cgroup, String mounts, int namespace, String pids)
            throws IOException {
        Path directory = Files.createDirectories(proc.resolve(pid).resolve("ns"));
        Files.writeString(directory.resolveSibling("cgroup"), cgroup + "\n");
        Files.writeString(directory.resolveSibling("mountinfo"), mounts + "\n");
        link(directory.resolve("mnt"), "mnt:[" + namespace + "]");
        link(directory.resolve("pid"), pids);
    }

    private static void link(Path link, String target) throws IOException {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    private boolean isOwnContainer(String id, long pid, String upper) {
        return OwnContainer.of(proc).matches(container(id, pid), upper);
    }

    private static Container container(String id, long pid) {
        return Container.builder(id, "writeprobe", "unix:///var/run/docker.sock")
                .image("writeprobe:latest")
                .readonlyRootfs(true)
                .labels(Map.of("com.docker.compose.service", "writeprobe-exec"))
                .pid(pid)
                .build();
    }

    @Test
    void hostProcessHasNoOwnContainer() throws IOException {
        assertThat(isOwnContainer(OWN, 1, "")).isFalse();
        // As the process of a VM runtime, which is in the host's mount namespace.
        process("7", "0::/docker/" + OWN, "", 1, MACHINE);
        assertThat(isOwnContainer(OWN, 7, "")).isFalse();
    }

    @Test
    void itsOwnCgroupIdentifiesIt() throws IOException {
        process("self", "5:devices:/docker/" + OWN, "", 2, "pid:[9]");
        assertThat(isOwnContainer(OWN, 0, "")).isTrue();
        assertThat(isOwnContainer(OTHER, 0, "")).isFalse();
    }

    @Test
    void ofAnEngineInAContainerTheInnermostCounts() throws IOException {
        process("self", "0::/docker/" + OTHER + "/docker/" + OWN, "", 2, "pid:[9]");
        assertThat(isOwnContainer(OWN, 0, "")).isTrue();
        assertThat(isOwnContainer(OTHER, 0, "")).isFalse();
    }

    @Test
    void theLayerOfItsRootFilesystemIdentifiesIt() throws IOException {
        String upper = "/var/lib/docker/overlay2/" + LAYER + "/diff";
        String mount = "1 0 0:50 / / ro - overlay overlay rw,lowerdir=/l,upperdir=%s,workdir=/w";
        process("self", "0::/", mount.formatted(upper), 2, "pid:[9]");
        assertThat(isOwnContainer(OWN, 0, upper)).isTrue();
        assertThat(isOwnContainer(OTHER, 0, upper.replace('c', 'd'))).isFalse();
        assertThat(isOwnContainer(OTHER, 0, "")).isFalse();
        // Relative to the driver's directory, as when the mount options would not fit into one
        // page.
        process("self", "0::/", mount.formatted(LAYER + "/diff"), 2, "pid:[9]");
        assertThat(isOwnContainer(OWN, 0, upper)).isTrue();
        process("self", "0::/", mount.formatted("diff"), 2, "pid:[9]");
        assertThat(isOwnContainer(OTHER, 0, upper)).isFalse();
    }

    @Test
    void itsMountNamespaceWithTheFilesThatTheEngineKeepsForItIdentifiesIt() throws IOException {
        String hosts = "2 1 8:1 /d/containers/%s/hosts /etc/hosts ro - ext4 /dev/sda1 rw";
        process("self", "0::/", hosts.formatted(OWN), 2, MACHINE);
        process("7", "0::/", "", 2, MACHINE);
        process("8", "0::/../" + OTHER, "", 3, MACHINE);
        assertThat(isOwnContainer(OWN, 7, "")).isTrue();
        // It joined the mount namespace of the agent.
        assertThat(isOwnContainer(OTHER, 7, "")).isFalse();
        // The agent shares its network, and with it these files.
        process("self", "0::/", hosts.formatted(OTHER), 2, MACHINE);
        assertThat(isOwnContainer(OTHER, 8, "")).isFalse();
    }

    @Test
    void numbersOfAnotherPidNamespaceMeanNothing() throws IOException {
        process(
                "self",
                "0::/",
                "2 1 8:1 /d/containers/" + OTHER + "/hosts /etc/hosts ro - ext4 /dev/sda1 rw",
                2,
                "pid:[9]");
        process("7", "0::/", "", 2, "pid:[9]");
        assertThat(isOwnContainer(OTHER, 7, "")).isFalse();
    }

    /// In a pod, the runtime's files are those of the sandbox, and no container joins another's
    /// mount namespace.
    @Test
    void inAPodTheMountNamespaceAloneIdentifiesIt() throws IOException {
        process("self", "0::/", "", 2, MACHINE);
        process("7", "0::/", "", 2, MACHINE);
        process("8", "0::/", "", 3, MACHINE);
        OwnContainer own = OwnContainer.of(proc);
        assertThat(own.matchesInPod(container(OWN, 7))).isTrue();
        assertThat(own.matchesInPod(container(OTHER, 8))).isFalse();
        assertThat(own.matchesInPod(container(OTHER, 0))).isFalse();
    }
}

package io.github.writeprobe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.EngineSocketNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which engines are found by their sockets.
class EngineDiscoveryTest {
    @TempDir Path root;

    private void create(String... files) throws IOException {
        for (String file : files) {
            Path path = root.resolve(file.substring(1));
            Files.createDirectories(path.getParent());
            Files.createFile(path);
        }
    }

    private void podsRanIn(String directory) throws IOException {
        Files.createDirectories(
                root.resolve(directory.substring(1))
                        .resolve("io.containerd.runtime.v2.task/k8s.io"));
    }

    /// What is opened without being asked for must not be a way out of a container.
    @Test
    void everySocketHasANameAndADirectoryThatContainersMustNotReach() {
        assertThat(EngineDiscovery.sockets())
                .allSatisfy(socket -> {
                    int slash = socket.lastIndexOf('/');
                    String directory = socket.substring(0, slash);
                    assertThat(EngineSocketNames.NAMES).contains(socket.substring(slash + 1));
                    assertThat(EngineSocketNames.DIRECTORIES)
                            .contains(directory.replaceFirst("^(/var)?/run/|.*/(?=run$)", ""));
                });
    }

    private List<String> hosts() {
        return new EngineDiscovery(root, "").hosts();
    }

    @Test
    void dockerAloneIsTheDefault() throws IOException {
        create("/var/run/docker.sock");

        assertThat(hosts()).isEmpty();
    }

    @Test
    void whereThereIsNothingTheDefaultSaysSo() {
        assertThat(hosts()).isEmpty();
    }

    @Test
    void theContainerdOfDockerIsNoEngineOfItsOwn() throws IOException {
        create("/var/run/docker.sock", "/run/containerd/containerd.sock");

        assertThat(hosts()).isEmpty();
    }

    @Test
    void aContainerdThatRanPodsCountsBesideDocker() throws IOException {
        create("/var/run/docker.sock", "/run/containerd/containerd.sock");
        podsRanIn("/run/containerd");

        assertThat(hosts())
                .containsExactly(
                        "unix:///var/run/docker.sock", "cri:///run/containerd/containerd.sock");
    }

    @Test
    void aContainerdAloneIsThatOfANode() throws IOException {
        create("/run/k3s/containerd/containerd.sock");

        assertThat(hosts()).containsExactly("cri:///run/k3s/containerd/containerd.sock");
    }

    @Test
    void theContainersOfCriDockerdAreCountedOnce() throws IOException {
        create("/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/cri-dockerd.sock");

        assertThat(hosts()).isEmpty();
    }

    @Test
    void crioAndPodmanAreEnginesOfTheirOwn() throws IOException {
        create("/run/podman/podman.sock", "/run/crio/crio.sock");

        assertThat(hosts())
                .containsExactly("unix:///run/podman/podman.sock", "cri:///run/crio/crio.sock");
    }

    @Test
    void twoNamesOfOneSocketAreOneEngine() throws IOException {
        create("/run/podman/podman.sock");
        Files.createDirectories(root.resolve("var/run"));
        Files.createSymbolicLink(
                root.resolve("var/run/docker.sock"), root.resolve("run/podman/podman.sock"));

        assertThat(hosts()).isEmpty();
    }

    /// `/var/run` is an absolute link on a Debian node. From a container it leads to the
    /// container's own directory.
    @Test
    void belowAnotherRootNoLinkIsFollowed() throws IOException {
        create("/run/docker.sock");
        Files.createDirectories(root.resolve("var"));
        Files.createSymbolicLink(root.resolve("var/run"), Path.of("/nowhere"));

        assertThat(EngineDiscovery.below(root).hosts())
                .containsExactly("unix://" + root + "/run/docker.sock");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/run/containerd/containerd.sock",
                "/run/k3s/containerd/containerd.sock",
                "/run/k0s/containerd.sock",
                "/var/snap/microk8s/common/run/containerd.sock",
                "/run/crio/crio.sock"
            })
    void theRuntimeOfANodeIsFoundBelowItsRoot(String socket) throws IOException {
        create(socket);

        assertThat(EngineDiscovery.below(root).hosts()).containsExactly("cri://" + root + socket);
    }
}

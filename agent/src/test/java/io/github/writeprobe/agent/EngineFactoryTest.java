package io.github.writeprobe.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which engines are used if nothing names them.
class EngineFactoryTest {
    @TempDir Path root;

    private List<String> open(List<String> configured) throws BadEndpoint {
        List<Engine> engines =
                EngineFactory.open(
                        configured,
                        Map.of("WRITEPROBE_HOST_ROOT", root.toString()),
                        Duration.ofSeconds(1));
        engines.forEach(Engine::close);
        return engines.stream().map(Engine::host).toList();
    }

    @Test
    void theRuntimeBelowTheRootOfTheNodeIsUsed() throws Exception {
        Path socket = root.resolve("run/crio/crio.sock");
        Files.createDirectories(socket.getParent());
        Files.createFile(socket);

        assertThat(open(List.of())).containsExactly("cri://" + socket);
    }

    @Test
    void aHostThatIsNamedIsUsedInstead() throws Exception {
        assertThat(open(List.of("cri:///other.sock"))).containsExactly("cri:///other.sock");
    }

    @Test
    void aNodeWithoutAKnownSocketIsAMistake() throws Exception {
        Files.createDirectories(root.resolve("run"));

        assertThatThrownBy(() -> open(List.of()))
                .isInstanceOf(BadEndpoint.class)
                .hasMessage(
                        "no engine found below "
                                + root
                                + " (WRITEPROBE_HOST_ROOT): name its socket with engine.hosts or"
                                + " --host, such as cri://"
                                + root
                                + "/run/containerd/containerd.sock");
    }

    /// As if there were no `hostPID`, or a profile of AppArmor.
    @Test
    void aRootThatCannotBeReadIsAMistakeOfAnotherKind() {
        assertThatThrownBy(() -> open(List.of()))
                .isInstanceOf(BadEndpoint.class)
                .hasMessageStartingWith(
                        "cannot read " + root + "/run (WRITEPROBE_HOST_ROOT): below /proc/1/root");
    }
}

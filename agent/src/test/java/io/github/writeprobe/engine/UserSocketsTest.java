package io.github.writeprobe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.EngineSocketNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserSocketsTest {
    @TempDir Path root;

    private UserSockets sockets() {
        return new UserSockets(root, root.resolve("home/ada"));
    }

    private void create(String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
    }

    @Test
    void whereThereAreNoneNoneAreFound() {
        assertThat(sockets().hosts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run/user/1000/docker.sock",
                "run/user/1000/podman/podman.sock",
                "home/ada/.docker/desktop/docker.sock",
                "home/ada/.docker/run/docker.sock",
                "home/ada/.colima/default/docker.sock",
            })
    void anEngineOfAUserIsFound(String socket) throws IOException {
        create(socket);

        assertThat(sockets().hosts()).containsExactly("unix://" + root.resolve(socket));
    }

    @Test
    void everySocketHasANameThatContainersMustNotReach() {
        assertThat(UserSockets.names()).isNotEmpty().isSubsetOf(EngineSocketNames.NAMES);
    }

    @Test
    void enginesOfSeveralUsersAreInTheOrderOfTheirIds() throws IOException {
        create("run/user/1001/docker.sock");
        create("run/user/1000/docker.sock");

        assertThat(sockets().hosts())
                .containsExactly(
                        "unix://" + root.resolve("run/user/1000/docker.sock"),
                        "unix://" + root.resolve("run/user/1001/docker.sock"));
    }
}

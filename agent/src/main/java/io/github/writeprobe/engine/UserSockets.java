package io.github.writeprobe.engine;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.EngineScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the sockets of engines that a user started: rootless Docker and Podman, and desktop
/// products. The docker command uses them only if a context or `DOCKER_HOST` names them, so
/// writeprobe does not use them by itself either, but proposes them.
///
/// @param root of the file system
/// @param home of the user
public record UserSockets(Path root, Path home) {
    /// Below `/run/user/UID`.
    private static final List<String> ROOTLESS = List.of("docker.sock", "podman/podman.sock");

    /// Of Docker Desktop on Linux and macOS, Colima, Rancher Desktop and OrbStack.
    private static final List<String> DESKTOP =
            List.of(
                    ".docker/desktop/docker.sock",
                    ".docker/run/docker.sock",
                    ".colima/default/docker.sock",
                    ".rd/docker.sock",
                    ".orbstack/run/docker.sock");

    public UserSockets {
        requireNonNull(root);
        requireNonNull(home);
    }

    /// The file names of all sockets that are tried.
    static Set<String> names() {
        return Stream.concat(ROOTLESS.stream(), DESKTOP.stream())
                .map(socket -> socket.substring(socket.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
    }

    /// Those of this host.
    public static UserSockets ofHost() {
        return new UserSockets(Path.of("/"), Path.of(System.getProperty("user.home", "/")));
    }

    /// The hosts of the engines that this process may use.
    public List<String> hosts() {
        List<Path> sockets = new ArrayList<>();
        for (Path user : users()) {
            ROOTLESS.forEach(socket -> sockets.add(user.resolve(socket)));
        }
        DESKTOP.forEach(socket -> sockets.add(home.resolve(socket)));
        return sockets.stream()
                .filter(Files::isWritable)
                .map(socket -> EngineScheme.UNIX.host(socket.toString()))
                .toList();
    }

    private List<Path> users() {
        try (Stream<Path> users = Files.list(root.resolve("run/user"))) {
            return users.sorted().toList();
        } catch (IOException none) {
            return List.of();
        }
    }
}

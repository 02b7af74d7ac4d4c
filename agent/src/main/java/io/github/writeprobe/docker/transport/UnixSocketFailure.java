package io.github.writeprobe.docker.transport;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.engine.UserSockets;
import io.github.writeprobe.text.EngineText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Optional;

/// Says why a connection to an engine's socket failed, and the one command that helps.
///
/// The system's error messages may be translated, so the file itself is checked.
///
/// @param isRoot whether this process is root
/// @param others engines to propose if there is none at the socket
public record UnixSocketFailure(Path socket, boolean isRoot, UserSockets others) {
    static final String OTHER_ENGINE_HINT = "name another engine with --host or DOCKER_HOST";

    private static final int S_IFMT = 0170000;
    private static final int S_IFSOCK = 0140000;

    public UnixSocketFailure {
        requireNonNull(socket);
        requireNonNull(others);
    }

    static UnixSocketFailure at(Path socket) {
        return new UnixSocketFailure(
                socket, System.getProperty("user.name", "").equals("root"), UserSockets.ofHost());
    }

    /// @param denied whether the kernel denied the connection
    /// @param refused whether nothing accepted it
    /// @return empty if the socket is not the reason
    public Optional<String> message(boolean denied, boolean refused) {
        if (Files.notExists(socket)) {
            return Optional.of("no engine socket at " + path() + whatHelps());
        }
        boolean writable = Files.exists(socket) && Files.isWritable(socket);
        if (!writable || denied) {
            return Optional.of(noPermission(writable, group()));
        }
        if (!isSocket()) {
            return Optional.of(
                    "%s is not a socket: %s, like unix:///var/run/docker.sock"
                            .formatted(path(), OTHER_ENGINE_HINT));
        }
        return refused
                ? Optional.of("nothing listens on the engine socket " + path() + whatHelps())
                : Optional.empty();
    }

    private String path() {
        return EngineText.sanitize(socket.toString());
    }

    private String whatHelps() {
        List<String> hosts =
                others.hosts().stream().filter(host -> !host.equals("unix://" + socket)).toList();
        if (!hosts.isEmpty()) {
            String host = EngineText.sanitize(hosts.getFirst());
            return ", but there is an engine at %s: add --host %s"
                    .formatted(host.substring("unix://".length()), host);
        }
        return ": start %s, or %s".formatted(service(), OTHER_ENGINE_HINT);
    }

    /// The engine that has this socket, and how to start it.
    private String service() {
        String path = socket.toString();
        String systemctl = path.startsWith("/run/user/") ? "systemctl --user" : "sudo systemctl";
        if (path.contains("/.docker/")) {
            return "Docker Desktop";
        }
        return path.contains("podman")
                ? "Podman's service (" + systemctl + " start podman.socket)"
                : "Docker (" + systemctl + " start docker)";
    }

    /// @param writable whether the mode of the socket allows this process to use it
    /// @param group whose members may use the socket; empty if it is that of root
    public String noPermission(boolean writable, Optional<String> group) {
        String tried = "no permission to use the engine socket " + path();
        if (isRoot) {
            return tried
                    + ", although this process is root: SELinux, AppArmor or a user namespace denies"
                    + " it; in a container add --security-opt label=disable, or --userns host";
        }
        if (writable) {
            return tried
                    + ", although its mode allows it: SELinux or AppArmor denies it; in a container"
                    + " add --security-opt label=disable, or --security-opt apparmor=unconfined";
        }
        return tried
                + ": run with sudo"
                + group.map(name ->
                                ", or join its group (sudo usermod -aG "
                                        + name
                                        + " $USER) and log in again")
                        .orElse("");
    }

    private Optional<String> group() {
        try {
            String name = Files.readAttributes(socket, PosixFileAttributes.class).group().getName();
            return Optional.of(EngineText.sanitize(name)).filter(g -> !g.equals("root"));
        } catch (IOException | UnsupportedOperationException unknown) {
            return Optional.empty();
        }
    }

    private boolean isSocket() {
        try {
            return Files.getAttribute(socket.toRealPath(), "unix:mode", LinkOption.NOFOLLOW_LINKS)
                            instanceof Integer mode
                    && (mode & S_IFMT) == S_IFSOCK;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return true;
        }
    }
}

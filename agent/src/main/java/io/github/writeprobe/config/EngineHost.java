package io.github.writeprobe.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// How an engine is named, as far as its text can tell: `unix:///PATH` or `tcp://HOST:PORT`.
///
/// What opens engines reads hosts too, wherever they come from. That both refuse the same ones is
/// held by `DockerEnvironmentTest`.
final class EngineHost {
    private static final String ALLOWED_FORMS =
            "allowed are unix:///PATH/TO/SOCKET and tcp://HOST:PORT";
    private static final int MAX_PORT = 65_535;

    private EngineHost() {}

    /// What to write, if this is not how an engine is named. Looks up no names, and opens no files.
    static Optional<String> remedy(String host) {
        int colon = host.indexOf("://");
        if (colon < 0) {
            return Optional.of(
                    host.startsWith("/") ? "write unix://" + Quoted.truncate(host) : ALLOWED_FORMS);
        }
        String rest = host.substring(colon + "://".length());
        return switch (host.substring(0, colon)) {
            case "unix" ->
                    isAbsolutePath(rest)
                            ? Optional.empty()
                            : Optional.of("allowed is unix:///PATH/TO/SOCKET, with three slashes");
            case "tcp" ->
                    isHostAndPort(rest)
                            ? Optional.empty()
                            : Optional.of("allowed is tcp://HOST:PORT");
            case "http", "https" ->
                    Optional.of("write tcp://HOST:PORT; DOCKER_TLS_VERIFY=1 turns TLS on");
            case "ssh" ->
                    Optional.of(
                            "which is not supported: forward the socket, ssh -L"
                                    + " /tmp/engine.sock:/var/run/docker.sock HOST, and write"
                                    + " unix:///tmp/engine.sock");
            default -> Optional.of(ALLOWED_FORMS);
        };
    }

    private static boolean isAbsolutePath(String path) {
        try {
            return Path.of(path).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static boolean isHostAndPort(String rest) {
        try {
            URI uri = new URI("tcp://" + rest);
            return uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getPort() != 0
                    && uri.getPort() <= MAX_PORT;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}

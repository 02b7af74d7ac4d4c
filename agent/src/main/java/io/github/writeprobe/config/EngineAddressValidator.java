package io.github.writeprobe.config;

import io.github.writeprobe.model.EngineScheme;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Checks the syntax of an engine's host: `unix:///PATH` or `tcp://HOST:PORT` for the Docker API,
/// `cri:///PATH` for the runtime of a Kubernetes node.
///
/// The code that opens engines parses hosts too, from all sources. `DockerEnvironmentTest` checks
/// that both refuse the same hosts.
final class EngineAddressValidator {
    private static final String ALLOWED_FORMS =
            "expected unix:///PATH/TO/SOCKET, tcp://HOST:PORT or cri:///PATH/TO/SOCKET";
    private static final int MAX_PORT = 65_535;

    private EngineAddressValidator() {}

    /// What to write instead; empty if the host is valid. Resolves no names, and opens no files.
    static Optional<String> remedy(String host) {
        int colon = host.indexOf("://");
        if (colon < 0) {
            return Optional.of(
                    host.startsWith("/")
                            ? "write unix://" + QuotedText.truncate(host)
                            : ALLOWED_FORMS);
        }
        String scheme = host.substring(0, colon);
        return EngineScheme.parse(scheme)
                .map(known -> remedy(known, known.address(host)))
                .orElseGet(() -> Optional.of(insteadOf(scheme)));
    }

    private static Optional<String> remedy(EngineScheme scheme, String address) {
        return switch (scheme) {
            case UNIX, CRI ->
                    isAbsolutePath(address)
                            ? Optional.empty()
                            : Optional.of(
                                    "expected "
                                            + scheme.host("/PATH/TO/SOCKET")
                                            + ", with three slashes");
            case TCP ->
                    isHostAndPort(address)
                            ? Optional.empty()
                            : Optional.of("expected tcp://HOST:PORT");
        };
    }

    private static String insteadOf(String unknownScheme) {
        return switch (unknownScheme) {
            case "http", "https" -> "write tcp://HOST:PORT; DOCKER_TLS_VERIFY=1 turns TLS on";
            case "ssh" ->
                    "which is not supported; forward the socket with ssh -L"
                            + " /tmp/engine.sock:/var/run/docker.sock HOST, and write"
                            + " unix:///tmp/engine.sock";
            default -> ALLOWED_FORMS;
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

package io.github.writeprobe.docker.transport;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.transport.SSLConfig;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.text.EngineText;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// The address of an engine.
///
/// @param host as configured
/// @param uri `unix:///PATH` or `tcp://HOST:PORT`, as docker-java accepts it
/// @param tls the certificates and the key; empty for no TLS
public record Endpoint(String host, URI uri, Optional<Tls> tls) {
    private static final String HOST_FORMS = "write unix:///PATH/TO/SOCKET or tcp://HOST:PORT";

    /// TLS with the files of a directory.
    public record Tls(String directory, SSLConfig config) {}

    public Endpoint {
        requireNonNull(host);
        requireNonNull(uri);
        requireNonNull(tls);
    }

    public boolean isUnix() {
        return "unix".equals(uri.getScheme());
    }

    /// Threads on which a call can be interrupted. On a Unix socket both kinds can be interrupted,
    /// and platform threads are used: a virtual thread that has waited on a socket leaves a native
    /// poller, for which the JVM waits 0.3 s at its exit. On TCP only virtual threads can be
    /// interrupted.
    public Thread.Builder threadBuilder() {
        return isUnix() ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
    }

    /// The socket file of a `unix` endpoint.
    Path socket() {
        return Path.of(uri.getPath());
    }

    /// The host, sanitized for output.
    String displayName() {
        return EngineText.sanitize(host);
    }

    /// Parses a host as the docker command does, but does not guess.
    ///
    /// @param origin where the text comes from, for the message
    /// @param port for `tcp` hosts without a port
    static URI parse(String text, String origin, int port) throws BadEndpoint {
        String description = origin + " \"" + EngineText.sanitize(text) + "\"";
        if (text.isBlank()) {
            throw new BadEndpoint(origin + " is empty: " + HOST_FORMS);
        }
        int colon = text.indexOf("://");
        if (colon < 0) {
            throw new BadEndpoint(
                    text.startsWith("/")
                            ? description
                                    + " is a path without a scheme: write unix://"
                                    + EngineText.sanitize(text)
                                    + " instead"
                            : description + " has no scheme: " + HOST_FORMS);
        }
        String rest = text.substring(colon + 3);
        return switch (text.substring(0, colon)) {
            case "unix" -> unixUri(rest, description);
            case "tcp" -> tcpUri(rest, description, port);
            case "http", "https" ->
                    throw new BadEndpoint(
                            description
                                    + " is not supported: write tcp://HOST:PORT;"
                                    + " DOCKER_TLS_VERIFY=1 turns TLS on");
            case "ssh" ->
                    throw new BadEndpoint(
                            description
                                    + " is not supported: forward the socket, ssh -L"
                                    + " /tmp/engine.sock:/var/run/docker.sock HOST, and write"
                                    + " unix:///tmp/engine.sock");
            case "npipe" ->
                    throw new BadEndpoint(
                            description
                                    + " is a Windows pipe, which is not supported: "
                                    + HOST_FORMS);
            default -> throw new BadEndpoint(description + " has an unknown scheme: " + HOST_FORMS);
        };
    }

    private static URI unixUri(String path, String description) throws BadEndpoint {
        if (!path.startsWith("/")) {
            throw new BadEndpoint(
                    description
                            + " has no absolute path: write unix:///PATH/TO/SOCKET, with three"
                            + " slashes");
        }
        try {
            // The docker command takes the path literally, so a % is not an escape. The constructor
            // quotes it.
            return new URI("unix", "", Path.of(path).toString(), null, null);
        } catch (URISyntaxException | InvalidPathException e) {
            throw new BadEndpoint(description + " is not a path: write unix:///PATH/TO/SOCKET");
        }
    }

    private static URI tcpUri(String rest, String description, int port) throws BadEndpoint {
        try {
            URI uri = new URI("tcp://" + rest);
            boolean hostAndPathOnly =
                    uri.getUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
            if (uri.getHost() != null
                    && hostAndPathOnly
                    && uri.getPort() <= 0xffff
                    && uri.getPort() != 0) {
                return uri.getPort() > 0
                        ? uri
                        : new URI("tcp", null, uri.getHost(), port, uri.getPath(), null, null);
            }
        } catch (URISyntaxException e) {
            throw new BadEndpoint(description + " cannot be read: write tcp://HOST:PORT");
        }
        throw new BadEndpoint(description + " names no host and port: write tcp://HOST:PORT");
    }
}

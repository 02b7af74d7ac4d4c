package io.github.writeprobe.docker;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.transport.SSLConfig;
import io.github.writeprobe.cycle.BadEndpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Where an engine listens.
///
/// @param host as given
/// @param uri `unix:///PATH` or `tcp://HOST:PORT`, as docker-java takes it
/// @param tls what to trust and to show; empty for none
record Endpoint(String host, URI uri, Optional<Tls> tls) {
    private static final String FORMS = "write unix:///PATH/TO/SOCKET or tcp://HOST:PORT";

    /// TLS as the files of a directory say.
    record Tls(String directory, SSLConfig config) {}

    Endpoint {
        requireNonNull(host);
        requireNonNull(uri);
        requireNonNull(tls);
    }

    boolean unix() {
        return "unix".equals(uri.getScheme());
    }

    /// Threads on which a call can be interrupted. Where both kinds can be, platform threads: a
    /// virtual one that has waited on a socket leaves a poller in native code, for which the JVM
    /// waits 0.3 s at its exit.
    Thread.Builder workers() {
        return unix() ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
    }

    /// The socket's file, of a `unix` endpoint.
    Path socket() {
        return Path.of(uri.getPath());
    }

    /// The host, fit to be printed.
    String shown() {
        return EngineText.text(host);
    }

    /// Reads a host as the docker command does, but for what would be guesswork.
    ///
    /// @param origin where the text comes from, for the message
    /// @param port for `tcp` hosts without one
    static URI parse(String text, String origin, int port) throws BadEndpoint {
        String given = origin + " \"" + EngineText.text(text) + "\"";
        if (text.isBlank()) {
            throw new BadEndpoint(origin + " is empty: " + FORMS);
        }
        int colon = text.indexOf("://");
        if (colon < 0) {
            throw new BadEndpoint(
                    text.startsWith("/")
                            ? given
                                    + " is a bare path: write unix://"
                                    + EngineText.text(text)
                                    + " instead"
                            : given + " has no scheme: " + FORMS);
        }
        String rest = text.substring(colon + 3);
        return switch (text.substring(0, colon)) {
            case "unix" -> unix(rest, given);
            case "tcp" -> tcp(rest, given, port);
            case "http", "https" ->
                    throw new BadEndpoint(
                            given
                                    + " is not how an engine is named: write tcp://HOST:PORT;"
                                    + " DOCKER_TLS_VERIFY=1 turns TLS on");
            case "ssh" ->
                    throw new BadEndpoint(
                            given
                                    + " is not supported: forward the socket, ssh -L"
                                    + " /tmp/engine.sock:/var/run/docker.sock HOST, and write"
                                    + " unix:///tmp/engine.sock");
            case "npipe" ->
                    throw new BadEndpoint(
                            given + " is a Windows pipe, which is not supported: " + FORMS);
            default -> throw new BadEndpoint(given + " has an unknown scheme: " + FORMS);
        };
    }

    private static URI unix(String path, String given) throws BadEndpoint {
        if (!path.startsWith("/")) {
            throw new BadEndpoint(
                    given
                            + " has no absolute path: write unix:///PATH/TO/SOCKET, with three"
                            + " slashes");
        }
        try {
            // The docker command takes the path literally, so a % in it is no escape. The
            // constructor quotes it.
            return new URI("unix", "", Path.of(path).toString(), null, null);
        } catch (URISyntaxException | InvalidPathException e) {
            throw new BadEndpoint(given + " is not a path: write unix:///PATH/TO/SOCKET");
        }
    }

    private static URI tcp(String rest, String given, int port) throws BadEndpoint {
        try {
            URI uri = new URI("tcp://" + rest);
            boolean plain =
                    uri.getUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
            if (uri.getHost() != null && plain && uri.getPort() <= 0xffff && uri.getPort() != 0) {
                return uri.getPort() > 0
                        ? uri
                        : new URI("tcp", null, uri.getHost(), port, uri.getPath(), null, null);
            }
        } catch (URISyntaxException e) {
            throw new BadEndpoint(given + " cannot be read: write tcp://HOST:PORT");
        }
        throw new BadEndpoint(given + " names no host and port: write tcp://HOST:PORT");
    }
}

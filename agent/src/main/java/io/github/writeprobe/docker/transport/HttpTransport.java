package io.github.writeprobe.docker.transport;

import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.github.writeprobe.engine.BadEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// HTTP with one engine, through docker-java's transport. All calls block, and have to run on a
/// thread of [TimeLimiter].
public final class HttpTransport implements AutoCloseable {
    /// Enough for any answer that is read as a whole, except for a few that have their own limit.
    /// Longer ones, such as lists, are read as a stream.
    private static final int MAX_BODY_BYTES = 4 << 20;

    private final DockerHttpClient client;

    /// @throws BadEndpoint if the TLS files cannot be read
    public HttpTransport(Endpoint endpoint) throws BadEndpoint {
        ApacheDockerHttpClient.Builder builder =
                new ApacheDockerHttpClient.Builder().dockerHost(endpoint.uri());
        endpoint.tls().map(Endpoint.Tls::config).ifPresent(builder::sslConfig);
        try {
            client = builder.build();
        } catch (RuntimeException e) {
            throw new BadEndpoint(
                    "the TLS files in "
                            + endpoint.tls().map(Endpoint.Tls::directory).orElse("")
                            + " cannot be used: ca.pem, cert.pem and key.pem have to be PEM"
                            + " files, and the key must not have a passphrase");
        }
    }

    /// An answer exceeds its size limit.
    public static final class TooLong extends IOException {
        private static final long serialVersionUID = 1;

        TooLong(int maxBytes) {
            super("the answer is longer than " + maxBytes + " bytes");
        }
    }

    EngineResponse get(String path) throws IOException {
        return get(path, MAX_BODY_BYTES);
    }

    /// @throws TooLong if the answer is longer than `maxBytes`; the rest is not read
    EngineResponse get(String path, int maxBytes) throws IOException {
        return exchange(Request.builder().method(Request.Method.GET).path(path).build(), maxBytes);
    }

    EngineResponse post(String path, byte[] json) throws IOException {
        return exchange(
                Request.builder()
                        .method(Request.Method.POST)
                        .path(path)
                        .putHeader("Content-Type", "application/json")
                        .bodyBytes(json)
                        .build());
    }

    EngineResponse delete(String path) throws IOException {
        return exchange(Request.builder().method(Request.Method.DELETE).path(path).build());
    }

    /// The headers of an answer, without the body.
    Head head(String path) throws IOException {
        Request request = Request.builder().method("HEAD").path(path).build();
        try (Response response = client.execute(request)) {
            return new Head(response.getStatusCode(), response.getHeaders());
        } catch (RuntimeException e) {
            throw asIOException(e);
        }
    }

    /// Sends a stream to its end.
    ///
    /// @throws IOException if the stream or the connection fails
    EngineResponse put(String path, String type, InputStream body) throws IOException {
        return exchange(
                Request.builder()
                        .method(Request.Method.PUT)
                        .path(path)
                        .putHeader("Content-Type", type)
                        .body(body)
                        .build());
    }

    private EngineResponse exchange(Request request) throws IOException {
        return exchange(request, MAX_BODY_BYTES);
    }

    private EngineResponse exchange(Request request, int maxBytes) throws IOException {
        try (Response response = client.execute(request)) {
            return readResponse(response, maxBytes);
        } catch (RuntimeException e) {
            throw asIOException(e);
        }
    }

    /// Sends a request that takes over the connection: output arrives, and the input stays open
    /// until it is closed.
    Hijacked hijack(String path, byte[] json) throws IOException {
        HeldOpenExecStdin stdin = new HeldOpenExecStdin();
        try {
            return new Hijacked(
                    client.execute(
                            Request.builder()
                                    .method(Request.Method.POST)
                                    .path(path)
                                    .putHeader("Content-Type", "application/json")
                                    .bodyBytes(json)
                                    .hijackedInput(stdin)
                                    .build()),
                    stdin);
        } catch (RuntimeException e) {
            stdin.close();
            throw asIOException(e);
        }
    }

    /// Requests an answer that is read as a stream, and that may not end by itself.
    Stream open(String path) throws IOException {
        try {
            return new Stream(
                    client.execute(
                            Request.builder().method(Request.Method.GET).path(path).build()));
        } catch (RuntimeException e) {
            throw asIOException(e);
        }
    }

    private static EngineResponse readResponse(Response response, int maxBytes) throws IOException {
        byte[] body = response.getBody().readNBytes(maxBytes + 1);
        if (body.length > maxBytes) {
            throw new TooLong(maxBytes);
        }
        return new EngineResponse(response.getStatusCode(), body, date(response));
    }

    private static Optional<Instant> date(Response response) {
        return header(response.getHeaders(), "Date").flatMap(HttpTransport::parseDate);
    }

    private static Optional<String> header(Map<String, List<String>> headers, String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .flatMap(header -> header.getValue().stream())
                .findFirst();
    }

    private static Optional<Instant> parseDate(String date) {
        try {
            return Optional.of(
                    DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.strip(), Instant::from));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /// docker-java wraps every I/O error.
    private static IOException asIOException(RuntimeException e) {
        if (e.getCause() instanceof IOException cause) {
            return cause;
        }
        throw e;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The status and headers of an answer.
    public record Head(int status, Map<String, List<String>> headers) {
        public Optional<String> header(String name) {
            return HttpTransport.header(headers, name);
        }
    }

    /// An answer with a body of unlimited length.
    public record Stream(Response response) implements AutoCloseable {
        public boolean isOk() {
            return response.getStatusCode() == 200;
        }

        public Optional<String> header(String name) {
            return HttpTransport.header(response.getHeaders(), name);
        }

        public InputStream body() {
            return response.getBody();
        }

        /// By the engine's clock, in whole seconds; empty if the answer has no date.
        Optional<Instant> date() {
            return HttpTransport.date(response);
        }

        /// Reads the answer as one that ends: the engine's error message instead of a stream.
        public EngineResponse refusal() throws IOException {
            return readResponse(response, MAX_BODY_BYTES);
        }

        @Override
        public void close() {
            response.close();
        }
    }

    /// The connection of one exec or one attached container.
    public record Hijacked(Response response, HeldOpenExecStdin stdin) implements AutoCloseable {
        public InputStream output() {
            stdin.awaitReader();
            return response.getBody();
        }

        @Override
        public void close() {
            stdin.closeAndJoin();
            response.close();
        }
    }
}

package io.github.writeprobe.docker;

import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.github.writeprobe.cycle.BadEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// HTTP with one engine, through docker-java's transport. Everything blocks, and belongs on a
/// thread of [Deadline].
final class HttpTransport implements AutoCloseable {
    /// More than any answer that is read as a whole, but for a few that say so. What may be longer,
    /// such as a list, is read as it comes.
    private static final int MAX_BODY_BYTES = 4 << 20;

    private final DockerHttpClient client;

    /// @throws BadEndpoint if the TLS files cannot be read
    HttpTransport(Endpoint endpoint) throws BadEndpoint {
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
                            + " files, and the key without a passphrase");
        }
    }

    /// An answer is longer than it may be.
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1;

        TooLong(int maxBytes) {
            super("the answer is longer than " + maxBytes + " bytes");
        }
    }

    EngineResponse get(String path) throws IOException {
        return get(path, MAX_BODY_BYTES);
    }

    /// @throws TooLong if the answer is longer than that; the rest of it is not read
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

    /// What an answer's headers say, without what they announce.
    Head head(String path) throws IOException {
        Request request = Request.builder().method("HEAD").path(path).build();
        try (Response response = client.execute(request)) {
            return new Head(response.getStatusCode(), response.getHeaders());
        } catch (RuntimeException e) {
            throw asIOException(e);
        }
    }

    /// Sends what a stream gives, to its end.
    ///
    /// @throws IOException if the stream or the connection breaks
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

    /// Takes the connection over: output comes, and the input stays open until it is closed.
    Hijacked hijack(String path, byte[] json) throws IOException {
        OpenStdin stdin = new OpenStdin();
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

    /// Asks for an answer that is read as it comes, and may not end by itself.
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

    /// An answer without its body.
    record Head(int status, Map<String, List<String>> headers) {
        Optional<String> header(String name) {
            return HttpTransport.header(headers, name);
        }
    }

    /// An answer whose body goes on for as long as the engine likes.
    record Stream(Response response) implements AutoCloseable {
        boolean isOk() {
            return response.getStatusCode() == 200;
        }

        Optional<String> header(String name) {
            return HttpTransport.header(response.getHeaders(), name);
        }

        InputStream body() {
            return response.getBody();
        }

        /// By the engine's clock, to the second; empty if it did not say.
        Optional<Instant> date() {
            return HttpTransport.date(response);
        }

        /// The same as an answer that ends: what an engine says instead of streaming.
        EngineResponse refusal() throws IOException {
            return readResponse(response, MAX_BODY_BYTES);
        }

        @Override
        public void close() {
            response.close();
        }
    }

    /// A connection taken over by one exec, or one container.
    record Hijacked(Response response, OpenStdin stdin) implements AutoCloseable {
        InputStream output() {
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

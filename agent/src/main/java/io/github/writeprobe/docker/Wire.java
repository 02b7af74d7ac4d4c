package io.github.writeprobe.docker;

import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.github.writeprobe.cycle.BadEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// HTTP with one engine, through docker-java's transport. Everything blocks, and belongs on a
/// thread of [Deadline].
final class Wire implements AutoCloseable {
    /// Some ten thousand containers in a list. More is no engine.
    private static final int MAX_BODY_BYTES = 64 << 20;

    private final DockerHttpClient client;

    /// @throws BadEndpoint if the TLS files cannot be read
    Wire(Endpoint endpoint) throws BadEndpoint {
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

    Answer get(String path) throws IOException {
        return exchange(Request.builder().method(Request.Method.GET).path(path).build());
    }

    Answer post(String path, byte[] json) throws IOException {
        return exchange(
                Request.builder()
                        .method(Request.Method.POST)
                        .path(path)
                        .putHeader("Content-Type", "application/json")
                        .bodyBytes(json)
                        .build());
    }

    private Answer exchange(Request request) throws IOException {
        try (Response response = client.execute(request)) {
            byte[] body = response.getBody().readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                throw new IOException("the answer does not end");
            }
            return new Answer(response.getStatusCode(), body);
        } catch (RuntimeException e) {
            throw io(e);
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
            throw io(e);
        }
    }

    /// docker-java wraps every I/O error.
    private static IOException io(RuntimeException e) {
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

    /// A connection taken over by one exec.
    record Hijacked(Response response, OpenStdin stdin) implements AutoCloseable {
        InputStream output() {
            stdin.awaitReader();
            return response.getBody();
        }

        @Override
        public void close() {
            stdin.end();
            response.close();
        }
    }
}

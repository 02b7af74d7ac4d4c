package io.github.writeprobe.cri;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.text.EngineText;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The streams of execs, by WebSockets with the protocol of Kubernetes: the first byte of each
/// message is the number of its channel. Nothing is sent; standard input ends with the connection.
///
/// @see <a
///   href="https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/util/remotecommand/constants.go">remotecommand</a>
final class ExecWebSocketClient implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] PROTOCOLS = {"v5.channel.k8s.io", "v4.channel.k8s.io"};
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;

    /// The stream is on the same node. A longer wait would take the time of the call that needs no
    /// connection.
    private static final Duration MAX_CONNECT = Duration.ofSeconds(2);

    /// Made for the first exec, since it starts a thread.
    private Optional<HttpClient> client = Optional.empty();

    /// There is no connection to the stream, so the command was not started.
    static final class NotConnected extends Exception {
        private static final long serialVersionUID = 1;

        /// @param reason safe for a terminal
        NotConnected(String reason) {
            super(reason);
        }
    }

    /// @param address of the stream, from the runtime
    ExecOutcome run(String address, Duration timeout, int maxBytes)
            throws NotConnected, InterruptedException {
        URI url = parse(address);
        Received received = new Received(maxBytes);
        CompletableFuture<WebSocket> opening =
                client().newWebSocketBuilder()
                        .connectTimeout(min(timeout, MAX_CONNECT))
                        .subprotocols(PROTOCOLS[0], PROTOCOLS[1])
                        .buildAsync(
                                URI.create("ws" + url.toString().substring("http".length())),
                                received);
        try {
            return opening.thenCompose(socket -> received.outcome)
                    .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.TIMED_OUT,
                    "not finished within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw notConnected(url, e.getCause());
        } finally {
            CompletableFuture<WebSocket> _ = opening.whenComplete((socket, _) -> abort(socket));
        }
    }

    private static void abort(@Nullable WebSocket socket) {
        if (socket != null) {
            socket.abort();
        }
    }

    private static URI parse(String address) throws NotConnected {
        try {
            URI url = URI.create(address);
            if ("http".equals(url.getScheme()) && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // The message below has the address.
        }
        throw new NotConnected(
                "the runtime's address for an exec is not http://HOST: "
                        + EngineText.sanitize(address));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static NotConnected notConnected(URI url, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return new NotConnected(
                "no connection to the runtime's stream for execs at "
                        + EngineText.sanitize(url.getHost() + ":" + url.getPort())
                        + " (it listens on the node's loopback address: run writeprobe with"
                        + " hostNetwork, or probe by procfs): "
                        + EngineText.sanitize(String.valueOf(cause)));
    }

    private synchronized HttpClient client() {
        HttpClient existing = client.orElseGet(HttpClient::newHttpClient);
        client = Optional.of(existing);
        return existing;
    }

    @Override
    public synchronized void close() {
        client.ifPresent(HttpClient::shutdownNow);
    }

    /// Collects what the command prints, until the runtime closes the connection.
    private static final class Received implements WebSocket.Listener {
        private final CompletableFuture<ExecOutcome> outcome = new CompletableFuture<>();
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream status = new ByteArrayOutputStream();
        private final int maxBytes;
        private int channel = -1;

        Received(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            if (channel < 0 && data.hasRemaining()) {
                channel = data.get();
            }
            if (channel == STDOUT || channel == STDERR) {
                append(output, data);
            } else if (channel == ERROR) {
                append(status, data);
                if (last) {
                    finish();
                }
            }
            if (last) {
                channel = -1;
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            finish();
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            outcome.complete(
                    new ExecOutcome.Failed(
                            InconclusiveCause.ENGINE,
                            "the stream of the exec broke: "
                                    + EngineText.sanitize(String.valueOf(error))));
        }

        private void append(ByteArrayOutputStream to, ByteBuffer data) {
            if (to.size() + data.remaining() > maxBytes) {
                outcome.complete(
                        new ExecOutcome.Failed(
                                InconclusiveCause.OUTPUT_CAPPED,
                                "more than " + maxBytes + " bytes"));
            } else {
                byte[] bytes = new byte[data.remaining()];
                data.get(bytes);
                to.writeBytes(bytes);
            }
        }

        /// The status comes after all output. If there is none, the status tells why the command
        /// did not start.
        private void finish() {
            outcome.complete(
                    new ExecOutcome.Finished(
                            output.size() > 0 ? output.toString(UTF_8) : statusMessage()));
        }

        private String statusMessage() {
            try {
                return JSON.readTree(status.toString(UTF_8)).path("message").asText("");
            } catch (JsonProcessingException e) {
                return "";
            }
        }
    }
}

package io.github.writeprobe.cri;

import static java.nio.charset.StandardCharsets.UTF_8;

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
final class ExecSockets implements AutoCloseable {
    private static final String[] PROTOCOLS = {"v5.channel.k8s.io", "v4.channel.k8s.io"};
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;

    /// Made for the first exec, since it starts a thread.
    private Optional<HttpClient> client = Optional.empty();

    /// @param url of the stream, from the runtime
    ExecOutcome run(URI url, Duration timeout, int maxBytes) throws InterruptedException {
        if (!"http".equals(url.getScheme())) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.ENGINE,
                    "the runtime's address for an exec is not http://: "
                            + EngineText.sanitize(url.toString()));
        }
        Received received = new Received(maxBytes);
        CompletableFuture<WebSocket> opening =
                client().newWebSocketBuilder()
                        .connectTimeout(timeout)
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
            return notConnected(url, e.getCause());
        } finally {
            CompletableFuture<WebSocket> _ = opening.whenComplete((socket, _) -> abort(socket));
        }
    }

    private static void abort(@Nullable WebSocket socket) {
        if (socket != null) {
            socket.abort();
        }
    }

    private static ExecOutcome notConnected(URI url, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return new ExecOutcome.Failed(
                InconclusiveCause.ENGINE,
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
                if (output.size() + data.remaining() > maxBytes) {
                    outcome.complete(
                            new ExecOutcome.Failed(
                                    InconclusiveCause.OUTPUT_CAPPED,
                                    "more than " + maxBytes + " bytes"));
                } else {
                    byte[] bytes = new byte[data.remaining()];
                    data.get(bytes);
                    output.writeBytes(bytes);
                }
            } else if (channel == ERROR) {
                // The exit status, after all output.
                finish();
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

        private void finish() {
            outcome.complete(new ExecOutcome.Finished(output.toString(UTF_8)));
        }
    }
}

package io.github.writeprobe.cri;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriConnection.CriFailure;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ExecRunner;
import io.github.writeprobe.text.EngineText;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Runs commands in a runtime's containers: asks for the address of a stream, and connects to it by
/// a WebSocket, as the kubelet does for `kubectl exec`.
///
/// `ExecSync` would need no second connection, but has no standard input, with which the probe ends
/// when writeprobe does.
final class CriExecs implements ExecRunner, AutoCloseable {
    private static final int CONTAINER_ID = 1;
    private static final int COMMAND = 2;
    private static final int STDIN = 4;
    private static final int STDOUT = 5;
    private static final int STDERR = 6;
    private static final int URL = 1;

    private final CriConnection connection;
    private final ExecSockets sockets = new ExecSockets();

    CriExecs(CriConnection connection) {
        this.connection = requireNonNull(connection);
    }

    @Override
    public ExecOutcome run(
            String container,
            List<String> command,
            Optional<String> user,
            Duration timeout,
            int maxBytes)
            throws InterruptedException {
        if (user.isPresent()) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.EXEC_FAILED,
                    "the CRI runs commands only as the container's own user");
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        ProtoBuilder request =
                new ProtoBuilder()
                        .text(CONTAINER_ID, container)
                        .texts(COMMAND, command)
                        .flag(STDIN, true)
                        .flag(STDOUT, true)
                        .flag(STDERR, true);
        String url;
        try {
            url = connection.attempt(CriMethod.EXEC, request, timeout).text(URL);
        } catch (CriFailure e) {
            return failed(e, timeout);
        }
        try {
            return sockets.run(
                    URI.create(url), Duration.ofNanos(deadline - System.nanoTime()), maxBytes);
        } catch (IllegalArgumentException e) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.ENGINE,
                    "the runtime's address for an exec is invalid: " + url);
        }
    }

    private static ExecOutcome failed(CriFailure failure, Duration timeout) {
        String message = EngineText.sanitize(failure.description());
        InconclusiveCause cause =
                switch (failure.code()) {
                    case NOT_FOUND -> InconclusiveCause.GONE;
                    case DEADLINE_EXCEEDED -> InconclusiveCause.TIMED_OUT;
                    case UNAVAILABLE -> InconclusiveCause.ENGINE;
                    default ->
                            message.contains("not running") || message.contains("in exited state")
                                    ? InconclusiveCause.NOT_RUNNING
                                    : InconclusiveCause.EXEC_FAILED;
                };
        return new ExecOutcome.Failed(
                cause,
                failure.code() == Status.Code.DEADLINE_EXCEEDED
                        ? "not finished within " + timeout.toMillis() + " ms"
                        : message);
    }

    @Override
    public void close() {
        sockets.close();
    }
}

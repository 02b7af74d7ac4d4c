package io.github.writeprobe.cri;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriConnection.CriFailure;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ExecRunner;
import io.github.writeprobe.text.EngineText;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Runs commands in a runtime's containers, in one of two ways.
///
/// `Exec` gives the address of a stream, to which a WebSocket connects, as the kubelet does for
/// `kubectl exec`. The probe then ends with the connection, by its standard input.
///
/// `ExecSync` is for runtimes without streams, and for an agent that cannot reach their address. It
/// has no standard input, so only the runtime ends the probe: when it is done, or after the time
/// limit, even if writeprobe is gone by then.
final class CriExecs implements ExecRunner, AutoCloseable {
    private static final int CONTAINER_ID = 1;
    private static final int COMMAND = 2;
    private static final int STDIN = 4;
    private static final int STDOUT = 5;
    private static final int STDERR = 6;
    private static final int URL = 1;

    private static final int SYNC_TIMEOUT = 3;
    private static final int SYNC_STDOUT = 1;
    private static final int SYNC_STDERR = 2;

    private final CriConnection connection;
    private final ExecWebSocketClient sockets = new ExecWebSocketClient();

    /// Why there are no streams. An address that could not be reached is not tried again.
    private volatile Optional<String> noStreams = Optional.empty();

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
        if (noStreams.isEmpty()) {
            try {
                return stream(request(container, command), timeout, maxBytes);
            } catch (ExecWebSocketClient.NotConnected e) {
                noStreams = Optional.of(String.valueOf(e.getMessage()));
            }
        }
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        return runToEnd(request(container, command), left, maxBytes);
    }

    private static ProtoBuilder request(String container, List<String> command) {
        return new ProtoBuilder().text(CONTAINER_ID, container).texts(COMMAND, command);
    }

    private ExecOutcome stream(ProtoBuilder request, Duration timeout, int maxBytes)
            throws ExecWebSocketClient.NotConnected, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        request.flag(STDIN, true).flag(STDOUT, true).flag(STDERR, true);
        String address;
        try {
            address = connection.attempt(CriMethod.EXEC, request, timeout).text(URL);
        } catch (CriFailure e) {
            if (e.code() == Status.Code.UNIMPLEMENTED) {
                throw new ExecWebSocketClient.NotConnected("the runtime has no streams for execs");
            }
            return failed(e, timeout);
        }
        return sockets.run(address, Duration.ofNanos(deadline - System.nanoTime()), maxBytes);
    }

    private ExecOutcome runToEnd(ProtoBuilder request, Duration timeout, int maxBytes)
            throws InterruptedException {
        // In whole seconds. 0 would be no limit.
        request.number(SYNC_TIMEOUT, timeout.plusSeconds(1).toSeconds());
        ParsedProtoMessage answer;
        try {
            answer = connection.attempt(CriMethod.EXEC_SYNC, request, timeout);
        } catch (CriFailure e) {
            return failed(e, timeout);
        }
        return answer.bytes(SYNC_STDOUT).length + answer.bytes(SYNC_STDERR).length > maxBytes
                ? new ExecOutcome.Failed(
                        InconclusiveCause.OUTPUT_CAPPED, "more than " + maxBytes + " bytes")
                : new ExecOutcome.Finished(answer.text(SYNC_STDOUT) + answer.text(SYNC_STDERR));
    }

    private ExecOutcome failed(CriFailure failure, Duration timeout) {
        String message = EngineText.sanitize(failure.description());
        return switch (failure.code()) {
            case NOT_FOUND -> new ExecOutcome.Failed(InconclusiveCause.GONE, message);
            case DEADLINE_EXCEEDED ->
                    new ExecOutcome.Failed(
                            InconclusiveCause.TIMED_OUT,
                            "not finished within " + timeout.toMillis() + " ms");
            case RESOURCE_EXHAUSTED ->
                    new ExecOutcome.Failed(InconclusiveCause.OUTPUT_CAPPED, message);
            case UNIMPLEMENTED ->
                    new ExecOutcome.Failed(
                            InconclusiveCause.ENGINE,
                            "the runtime runs no commands (ExecSync); " + noStreams.orElse(""));
            case UNAVAILABLE -> new ExecOutcome.Failed(InconclusiveCause.ENGINE, message);
            default -> notStarted(message);
        };
    }

    private static ExecOutcome notStarted(String message) {
        if (message.contains("exec failed")) {
            // The OCI runtime's words, which are output with other engines. They may say that there
            // is no shell.
            return new ExecOutcome.Finished(message);
        }
        boolean ended = message.contains("not running") || message.contains("in exited state");
        return new ExecOutcome.Failed(
                ended ? InconclusiveCause.NOT_RUNNING : InconclusiveCause.EXEC_FAILED, message);
    }

    @Override
    public void close() {
        sockets.close();
    }
}

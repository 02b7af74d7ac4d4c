package io.github.writeprobe.cri.transport;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.engine.EngineUnavailable;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Calls one runtime. It connects at the first call, and again when the connection was lost.
///
/// The sockets are the JDK's: netty's own ones need a native library, which it unpacks to a
/// directory where programs may be run, and our own container has none.
public final class CriConnection implements AutoCloseable {
    private final Path socket;
    private final Duration timeout;
    private final EventLoopGroup thread =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("cri", true), NioIoHandler.newFactory());
    private ManagedChannel channel;

    /// @param timeout for each call, from the request to the last byte of the answer
    public CriConnection(Path socket, Duration timeout) {
        this.socket = requireNonNull(socket);
        this.timeout = requireNonNull(timeout);
        this.channel = open();
    }

    private ManagedChannel open() {
        return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(thread)
                .channelType(NioDomainSocketChannel.class)
                // Strict servers refuse the path of a socket as the name of a host.
                .overrideAuthority("localhost")
                .usePlaintext()
                .directExecutor()
                .build();
    }

    /// A channel that could not connect fails every call until it tries again, which it does later
    /// and later. The caller knows when to try, so it gets a new one.
    private synchronized ManagedChannel channel() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.shutdownNow();
            channel = open();
        }
        return channel;
    }

    public Path socket() {
        return socket;
    }

    /// Makes a call with the time limit of this connection.
    ///
    /// @throws EngineUnavailable if there is no answer, or if it cannot be understood
    public ParsedProtoMessage call(CriMethod method, ProtoBuilder request)
            throws EngineUnavailable, InterruptedException {
        try {
            return attempt(method, request, timeout);
        } catch (CriFailure e) {
            throw e.toUnavailable(this, method, timeout);
        }
    }

    /// The same for a call about one thing.
    ///
    /// @return empty if the runtime answers that there is no such thing
    public Optional<ParsedProtoMessage> find(CriMethod method, ProtoBuilder request)
            throws EngineUnavailable, InterruptedException {
        try {
            return Optional.of(attempt(method, request, timeout));
        } catch (CriFailure e) {
            if (e.code() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e.toUnavailable(this, method, timeout);
        }
    }

    /// The same with a time limit of its own, and with the runtime's answer in case of a failure.
    public ParsedProtoMessage attempt(CriMethod method, ProtoBuilder request, Duration limit)
            throws CriFailure, InterruptedException {
        Future<byte[]> answer =
                ClientCalls.futureUnaryCall(
                        newCall(method, CallOptions.DEFAULT.withDeadlineAfter(limit)),
                        request.toBytes());
        try {
            return ParsedProtoMessage.parse(answer.get());
        } catch (ExecutionException e) {
            throw new CriFailure(Status.fromThrowable(e));
        } catch (IOException e) {
            throw new CriFailure(Status.INTERNAL.withDescription("not a message").withCause(e));
        } finally {
            // If the caller was interrupted.
            answer.cancel(true);
        }
    }

    /// Begins a call with many answers, which has no time limit. They arrive on a thread that must
    /// not wait.
    ///
    /// @return ends the call
    public AutoCloseable stream(CriMethod method, StreamObserver<byte[]> observer) {
        ClientCall<byte[], byte[]> call = newCall(method, CallOptions.DEFAULT);
        ClientCalls.asyncServerStreamingCall(call, new byte[0], observer);
        return () -> call.cancel("closed", null);
    }

    private ClientCall<byte[], byte[]> newCall(CriMethod method, CallOptions options) {
        return channel()
                .newCall(
                        method.descriptor(),
                        options.withMaxInboundMessageSize(method.maxAnswerBytes()));
    }

    @Override
    public synchronized void close() {
        channel.shutdownNow();
        Future<?> _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /// A runtime answered with an error, or not at all.
    public static final class CriFailure extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Status status;

        CriFailure(Status status) {
            super(new StatusRuntimeException(status));
            this.status = status;
        }

        public Status.Code code() {
            return status.getCode();
        }

        /// The runtime's own words; untrusted, and perhaps empty.
        public String description() {
            return Optional.ofNullable(status.getDescription()).orElse("");
        }

        EngineUnavailable toUnavailable(
                CriConnection connection, CriMethod method, Duration timeout) {
            return new EngineUnavailable(
                    CriErrorMessages.failed(connection.socket, method, timeout, status), this);
        }
    }
}

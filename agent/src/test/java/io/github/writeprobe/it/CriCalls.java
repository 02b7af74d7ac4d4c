package io.github.writeprobe.it;

import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.cri.transport.RawMarshaller;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// The calls of a kubelet that make pods and containers. The shipped program makes none of them.
final class CriCalls implements AutoCloseable {
    private final EventLoopGroup thread =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ManagedChannel channel;

    CriCalls(Path socket) {
        channel =
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .eventLoopGroup(thread)
                        .channelType(NioDomainSocketChannel.class)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .build();
    }

    /// @param method of the `RuntimeService`
    ParsedProtoMessage call(String method, ProtoBuilder request) {
        MethodDescriptor<byte[], byte[]> descriptor =
                MethodDescriptor.newBuilder(RawMarshaller.INSTANCE, RawMarshaller.INSTANCE)
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("runtime.v1.RuntimeService/" + method)
                        .build();
        try {
            return ParsedProtoMessage.parse(
                    ClientCalls.blockingUnaryCall(
                            channel,
                            descriptor,
                            CallOptions.DEFAULT
                                    .withDeadlineAfter(Duration.ofSeconds(60))
                                    .withWaitForReady(),
                            request.toBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        Future<?> _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}

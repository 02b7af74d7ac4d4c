package io.github.writeprobe.cri;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.cri.transport.RawMarshaller;
import io.github.writeprobe.docker.FakeEngine;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// A server of the CRI that answers what a test tells it to. Without that, it is a containerd with
/// no pods. Its gRPC is real.
///
/// It needs only the jars of writeprobe: `java -cp writeprobe.jar FakeRuntime.java SOCKET
/// [CONTAINERS]` serves idle, read-only containers.
public final class FakeRuntime implements AutoCloseable {
    /// Answers one call.
    interface Answer {
        void to(ParsedProtoMessage request, StreamObserver<byte[]> observer) throws IOException;
    }

    private static final Map<String, List<String>> SERVICES =
            Map.of(
                    "runtime.v1.RuntimeService",
                    List.of(
                            "Version",
                            "ListContainers",
                            "ListPodSandbox",
                            "ContainerStatus",
                            "GetContainerEvents",
                            "Exec",
                            "ExecSync"),
                    "runtime.v1.ImageService",
                    List.of("ImageStatus"));

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final EventLoopGroup threads =
            new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Server server;

    FakeRuntime(Path socket) throws IOException {
        answer(
                "Version",
                new ProtoBuilder().text(1, "0.1.0").text(2, "fake").text(3, "1.0").text(4, "v1"));
        answer("ListContainers", new ProtoBuilder());
        answer("ListPodSandbox", new ProtoBuilder());
        fail("ContainerStatus", Status.NOT_FOUND);
        fail("ImageStatus", Status.NOT_FOUND);
        fail("GetContainerEvents", Status.UNIMPLEMENTED);
        fail("Exec", Status.UNIMPLEMENTED);
        fail("ExecSync", Status.UNIMPLEMENTED);
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioServerDomainSocketChannel.class)
                        .bossEventLoopGroup(threads)
                        .workerEventLoopGroup(threads);
        SERVICES.forEach((service, methods) -> builder.addService(definition(service, methods)));
        server = builder.build().start();
    }

    private ServerServiceDefinition definition(String service, List<String> methods) {
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service);
        for (String method : methods) {
            definition.addMethod(
                    ServerMethodDefinition.create(
                            MethodDescriptor.newBuilder(
                                            RawMarshaller.INSTANCE, RawMarshaller.INSTANCE)
                                    .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                                    .setFullMethodName(service + "/" + method)
                                    .build(),
                            ServerCalls.asyncServerStreamingCall(
                                    (byte[] request, StreamObserver<byte[]> observer) ->
                                            respond(method, request, observer))));
        }
        return definition.build();
    }

    private void respond(String method, byte[] request, StreamObserver<byte[]> observer) {
        counts.computeIfAbsent(method, m -> new AtomicInteger()).incrementAndGet();
        try {
            Optional.ofNullable(answers.get(method))
                    .orElseThrow()
                    .to(ParsedProtoMessage.parse(request), observer);
        } catch (IOException e) {
            observer.onError(Status.INTERNAL.withCause(e).asRuntimeException());
        }
    }

    void answer(String method, ProtoBuilder message) {
        answer(method, message.toBytes());
    }

    void answer(String method, byte[] bytes) {
        answer(
                method,
                (request, observer) -> {
                    observer.onNext(bytes);
                    observer.onCompleted();
                });
    }

    void answer(String method, Answer answer) {
        answers.put(method, answer);
    }

    void fail(String method, Status status) {
        answer(method, (request, observer) -> observer.onError(status.asRuntimeException()));
    }

    /// How often it was called.
    int count(String method) {
        AtomicInteger count = counts.get(method);
        return count == null ? 0 : count.get();
    }

    /// Lists these containers, and answers the status of each.
    void run(FakeContainer... containers) {
        ProtoBuilder list = new ProtoBuilder();
        ProtoBuilder sandboxes = new ProtoBuilder();
        for (FakeContainer container : containers) {
            list.message(1, container.listed());
            sandboxes.message(1, container.pod());
        }
        answer("ListContainers", list);
        answer("ListPodSandbox", sandboxes);
        answer(
                "ContainerStatus",
                (request, observer) -> {
                    for (FakeContainer container : containers) {
                        if (container.id().equals(request.text(1))) {
                            observer.onNext(container.status().toBytes());
                            observer.onCompleted();
                            return;
                        }
                    }
                    observer.onError(Status.NOT_FOUND.asRuntimeException());
                });
    }

    @Override
    public void close() {
        server.shutdownNow();
        Future<?> _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /// Serves until it is killed, for training runs.
    public static void main(String... arguments) throws Exception {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println(
                    "usage: java -cp writeprobe.jar FakeRuntime.java SOCKET [CONTAINERS]");
            System.exit(2);
        }
        int containers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        try (FakeRuntime runtime = new FakeRuntime(Path.of(arguments[0]))) {
            runtime.run(
                    IntStream.rangeClosed(1, containers)
                            .mapToObj(FakeContainer::of)
                            .toArray(FakeContainer[]::new));
            runtime.answer(
                    "ExecSync",
                    (request, observer) -> {
                        List<String> command =
                                request.elements(2).stream()
                                        .map(word -> new String(word, UTF_8))
                                        .toList();
                        observer.onNext(
                                new ProtoBuilder()
                                        .text(1, FakeEngine.transcript(command))
                                        .toBytes());
                        observer.onCompleted();
                    });
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /// Bytes that are no UTF-8.
    static byte[] latin1(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        bytes[0] = (byte) 0xe4;
        return bytes;
    }
}

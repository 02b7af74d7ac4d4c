package io.github.writeprobe.cri.transport;

import io.grpc.MethodDescriptor;

/// The calls that writeprobe makes of a runtime. All of them only read, except [#EXEC] and
/// [#EXEC_SYNC].
///
/// @see <a
///   href="https://github.com/kubernetes/cri-api/blob/v0.34.1/pkg/apis/runtime/v1/api.proto">api.proto</a>
public enum CriMethod {
    VERSION("RuntimeService/Version", 64 << 10),
    /// The kubelet accepts 16 MiB, too.
    LIST_CONTAINERS("RuntimeService/ListContainers", 16 << 20),
    LIST_POD_SANDBOX("RuntimeService/ListPodSandbox", 16 << 20),
    /// Some twenty times what a container with many mounts and labels takes.
    CONTAINER_STATUS("RuntimeService/ContainerStatus", 1 << 20),
    IMAGE_STATUS("ImageService/ImageStatus", 1 << 20),
    GET_CONTAINER_EVENTS("RuntimeService/GetContainerEvents", 1 << 20),
    EXEC("RuntimeService/Exec", 64 << 10),
    /// More than the output of any probe.
    EXEC_SYNC("RuntimeService/ExecSync", 4 << 20);

    private static final String PACKAGE = "runtime.v1.";

    private final String path;
    private final int maxAnswerBytes;

    CriMethod(String path, int maxAnswerBytes) {
        this.path = path;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /// The name in messages.
    public String label() {
        return path.substring(path.indexOf('/') + 1);
    }

    public int maxAnswerBytes() {
        return maxAnswerBytes;
    }

    MethodDescriptor<byte[], byte[]> descriptor() {
        return MethodDescriptor.newBuilder(RawMarshaller.INSTANCE, RawMarshaller.INSTANCE)
                .setType(
                        this == GET_CONTAINER_EVENTS
                                ? MethodDescriptor.MethodType.SERVER_STREAMING
                                : MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(PACKAGE + path)
                .build();
    }
}

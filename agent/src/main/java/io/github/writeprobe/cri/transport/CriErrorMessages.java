package io.github.writeprobe.cri.transport;

import io.github.writeprobe.text.EngineText;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Describes the failure of a runtime in one line for the user: what was tried, what happened, what
/// to do.
public final class CriErrorMessages {
    private static final String OTHER_HINT = "name another engine with --host";

    private CriErrorMessages() {}

    static String failed(Path socket, CriMethod method, Duration timeout, Status status) {
        String path = EngineText.sanitize(socket.toString());
        String quoted = quoted(status.getDescription());
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED ->
                    "the runtime at %s did not answer %s within %d ms: it hangs or is overloaded; check whether crictl ps works"
                            .formatted(path, method.label(), timeout.toMillis());
            case UNIMPLEMENTED ->
                    "the server at %s does not serve the CRI: if it is containerd, remove \"cri\" from disabled_plugins in /etc/containerd/config.toml and restart it; or %s"
                            .formatted(path, OTHER_HINT);
            case UNAVAILABLE -> unavailable(socket, path, method);
            case RESOURCE_EXHAUSTED ->
                    "the runtime at %s sent more than %d KiB to %s, which is not read"
                            .formatted(path, method.maxAnswerBytes() >> 10, method.label());
            case PERMISSION_DENIED, UNAUTHENTICATED ->
                    "the runtime at %s, or a proxy in front of it, forbids %s%s"
                            .formatted(path, method.label(), quoted);
            default ->
                    // The connection broke while the call was sent.
                    status.getCause() instanceof IOException
                            ? unavailable(socket, path, method)
                            : "the runtime at %s failed on %s (%s)%s; see its log: journalctl -u containerd, or -u crio"
                                    .formatted(path, method.label(), status.getCode(), quoted);
        };
    }

    /// An answer that lacks what every runtime sends.
    public static String notUnderstood(Path socket, CriMethod method, String reason) {
        return "the answer of the runtime at %s to %s cannot be understood: %s"
                .formatted(
                        EngineText.sanitize(socket.toString()),
                        method.label(),
                        EngineText.sanitize(reason));
    }

    /// gRPC does not tell why it could not connect, so the file is checked.
    private static String unavailable(Path socket, String path, CriMethod method) {
        if (Files.notExists(socket)) {
            return "no runtime socket at %s: start the runtime (sudo systemctl start %s), or %s"
                    .formatted(path, path.contains("crio") ? "crio" : "containerd", OTHER_HINT);
        }
        if (!Files.isWritable(socket)) {
            return "no permission to use the runtime socket %s: run with sudo".formatted(path);
        }
        return "the runtime at %s did not answer %s, or its connection broke: was it stopped or restarted, or is it not a runtime? start it, or %s"
                .formatted(path, method.label(), OTHER_HINT);
    }

    private static String quoted(@Nullable String description) {
        String text = description == null ? "" : EngineText.sanitize(description);
        return text.isEmpty() ? "" : ": \"" + text + "\"";
    }
}

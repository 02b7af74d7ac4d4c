package io.github.writeprobe.docker.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.docker.transport.StreamFrames;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/// The end of a container's log.
public final class ContainerLog {
    private static final int MAX_BYTES = 1 << 20;

    private ContainerLog() {}

    /// @return none if the engine cannot read its logs. Untrusted text
    public static List<String> read(
            EngineCallExecutor calls, ContainerInspectResponse inspection, int maxLines)
            throws EngineUnavailable, InterruptedException {
        boolean terminal = inspection.json().path("Config").path("Tty").asBoolean(false);
        String path =
                "/containers/"
                        + inspection.json().path("Id").asText("")
                        + "/logs?stdout=1&stderr=1&tail="
                        + maxLines;
        return calls.execute(
                "GET /containers/ID/logs",
                () -> {
                    try (HttpTransport.Stream stream = calls.api().stream(path)) {
                        return stream.isOk()
                                ? lines(stream.body().readNBytes(MAX_BYTES), terminal, maxLines)
                                : List.of();
                    }
                });
    }

    private static List<String> lines(byte[] output, boolean terminal, int maxLines)
            throws IOException {
        byte[] text = output;
        if (!terminal) {
            try {
                text = StreamFrames.read(new ByteArrayInputStream(output), MAX_BYTES);
            } catch (EOFException | StreamFrames.Unreadable broken) {
                return List.of();
            }
        }
        List<String> lines = new String(text, UTF_8).lines().toList();
        return lines.subList(Math.max(0, lines.size() - maxLines), lines.size());
    }
}

package io.github.writeprobe.probes.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Collectors;

/// The script that the exec and sidecar witnesses run. It is in `probe.sh`, where shellcheck and
/// people can read it.
final class ProbeScript {
    private static final String BODY = load();

    private ProbeScript() {}

    /// The script for a process of the container. Falco's exceptions depend on how it begins.
    static String text(boolean execute) {
        return text(execute, "self", "");
    }

    /// The script for a helper in the container's PID namespace. It reads the mount table of the
    /// container's first process, and ends by itself after the limit.
    static String textForHelper(boolean execute, Duration limit) {
        return text(execute, "1", "-t " + Math.max(1, limit.toSeconds()));
    }

    private static String text(boolean execute, String process, String limit) {
        return "EXECUTE=%s\nMOUNTINFO=/proc/%s/mountinfo\nLIMIT='%s'\n"
                        .formatted(execute ? "1" : "0", process, limit)
                + BODY;
    }

    /// Removes the comments, which would otherwise appear in the process list of every container.
    private static String load() {
        try (InputStream in =
                Objects.requireNonNull(ProbeScript.class.getResourceAsStream("probe.sh"))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.stripLeading().startsWith("#") && !line.isBlank())
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.github.writeprobe.probes.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Collectors;

/// The script that the exec witness runs. It stands in `probe.sh`, where shellcheck and people can
/// read it.
final class ProbeScript {
    private static final String BODY = load();

    private ProbeScript() {}

    static String text(boolean execute) {
        return "EXECUTE=" + (execute ? "1" : "0") + "\n" + BODY;
    }

    /// Without its comments: they are for whoever reads the file, not for every container's process
    /// list.
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

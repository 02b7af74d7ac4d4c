package io.github.writeprobe.probes.sidecar;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Collectors;

/// The script with which a helper changes to the container's root directory and runs the probe
/// script there. It is in `helper.sh`, where shellcheck and people can read it.
final class HelperScript {
    static final String TEXT = load();

    private HelperScript() {}

    private static String load() {
        try (InputStream in =
                Objects.requireNonNull(HelperScript.class.getResourceAsStream("helper.sh"))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.stripLeading().startsWith("#") && !line.isBlank())
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

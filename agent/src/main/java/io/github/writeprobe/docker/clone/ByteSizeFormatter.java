package io.github.writeprobe.docker.clone;

import java.util.Locale;

/// Formats sizes for people.
final class ByteSizeFormatter {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int STEP = 1024;

    private ByteSizeFormatter() {}

    /// For example `512 MiB` or `1.5 GiB`.
    static String format(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(
                Locale.ROOT, value == Math.rint(value) ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}

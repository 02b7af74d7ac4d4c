package io.github.writeprobe.probes.exec;

import java.security.SecureRandom;

/// The number that names the probe's files and, through [#tag()], marks the records that the script
/// prints.
record Nonce(int value) {
    private static final int LOWEST = 100_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    static Nonce random() {
        // Twice this number plus one still fits the 32-bit arithmetic of the smallest shells.
        return new Nonce(LOWEST + RANDOM.nextInt(9 * LOWEST));
    }

    /// The prefix of every record. The script computes it, and it is not among the script's
    /// arguments. So a program that replaces the shell and repeats its arguments prints no record.
    String tag() {
        return Integer.toString(value * 2 + 1);
    }
}

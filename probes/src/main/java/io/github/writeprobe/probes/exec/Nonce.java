package io.github.writeprobe.probes.exec;

import java.security.SecureRandom;

/// The number that names the probe's files and, through [#tag()], marks the records that the script
/// prints.
record Nonce(int value) {
    private static final int LOWEST = 100_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    static Nonce random() {
        // Twice this plus one still fits the 32-bit arithmetic of the smallest shells.
        return new Nonce(LOWEST + RANDOM.nextInt(9 * LOWEST));
    }

    /// What begins every record. It is computed in the script and is not among its arguments, so a
    /// program that stands in for the shell and repeats what it was given prints no record.
    String tag() {
        return Integer.toString(value * 2 + 1);
    }
}

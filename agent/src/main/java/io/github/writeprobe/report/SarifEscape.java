package io.github.writeprobe.report;

import io.github.writeprobe.text.UntrustedText;

/// Untrusted text in messages of SARIF.
final class SarifEscape {
    static final int MAX_WIDTH = 1000;

    private SarifEscape() {}

    /// Plain text, with escapes for the characters that have a meaning in a SARIF message: those of
    /// placeholders and links.
    static String safe(String untrusted) {
        return UntrustedText.clip(untrusted, MAX_WIDTH)
                .replace("{", "{{")
                .replace("}", "}}")
                .replace("[", "\\[")
                .replace("]", "\\]");
    }
}

package io.github.writeprobe.report;

/// What a message in SARIF may quote of a stranger.
final class SarifText {
    static final int MAX_WIDTH = 1000;

    private SarifText() {}

    /// Plain, and free of what a message in SARIF has a meaning for: placeholders and links.
    static String safe(String untrusted) {
        return UntrustedText.clip(untrusted, MAX_WIDTH)
                .replace("{", "{{")
                .replace("}", "}}")
                .replace("[", "\\[")
                .replace("]", "\\]");
    }
}

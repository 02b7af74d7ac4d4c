package io.github.writeprobe.report;

/// What a message in SARIF may quote of a stranger.
final class SarifText {
    static final int LONGEST = 1000;

    private SarifText() {}

    /// Plain, and free of what a message in SARIF has a meaning for: placeholders and links.
    static String safe(String strange) {
        return UntrustedText.clip(strange, LONGEST)
                .replace("{", "{{")
                .replace("}", "}}")
                .replace("[", "\\[")
                .replace("]", "\\]");
    }
}

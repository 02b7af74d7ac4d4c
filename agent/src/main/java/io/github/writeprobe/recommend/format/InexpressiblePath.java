package io.github.writeprobe.recommend.format;

import io.github.writeprobe.report.UntrustedText;

/// Why a path cannot be written in a format's syntax.
final class InexpressiblePath {
    static final String GARBLED = "its name is not all text";

    static final String INVISIBLE = "its name has characters that cannot be seen";

    /// What a byte becomes that is no text.
    private static final int REPLACEMENT = 0xfffd;

    private InexpressiblePath() {}

    /// Whether a path is known to the letter.
    static boolean isGarbled(String path) {
        return path.indexOf(REPLACEMENT) >= 0 || !UntrustedText.wellFormed(path).equals(path);
    }

    static String comment(String indent, String what, String path, String reason) {
        return CommentText.of(
                indent,
                "",
                "NOT HERE: " + what + " on " + path + ", since " + reason + "; do it by hand");
    }

    static String setting(String indent, String variable) {
        return CommentText.of(
                indent,
                "",
                "NOT HERE: "
                        + variable
                        + ", since its value has characters that cannot be seen; do it by hand");
    }
}

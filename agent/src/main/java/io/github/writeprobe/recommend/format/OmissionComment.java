package io.github.writeprobe.recommend.format;

import io.github.writeprobe.text.UntrustedText;

/// Comments for what a format cannot express.
final class OmissionComment {
    static final String GARBLED = "its name is not valid UTF-8";

    static final String INVISIBLE = "its name has characters that cannot be printed";

    /// Stands for bytes that are not valid text.
    private static final int REPLACEMENT = 0xfffd;

    private OmissionComment() {}

    /// Whether the exact bytes of a path are not known.
    static boolean isGarbled(String path) {
        return path.indexOf(REPLACEMENT) >= 0 || !UntrustedText.wellFormed(path).equals(path);
    }

    static String comment(String indent, String what, String path, String reason) {
        return CommentText.of(
                indent,
                "",
                "NOT INCLUDED: "
                        + what
                        + " on "
                        + path
                        + ", because "
                        + reason
                        + "; add it by hand");
    }

    static String setting(String indent, String variable) {
        return CommentText.of(
                indent,
                "",
                "NOT INCLUDED: "
                        + variable
                        + ", because its value has characters that cannot be printed; add it by"
                        + " hand");
    }
}

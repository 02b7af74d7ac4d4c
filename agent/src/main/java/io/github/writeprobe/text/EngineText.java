package io.github.writeprobe.text;

import java.util.stream.Collectors;

/// Makes untrusted text safe for writeprobe's own messages.
public final class EngineText {
    private static final int MAX_LENGTH = 300;

    private EngineText() {}

    /// The text on one line, without control or formatting characters, and cut to a readable
    /// length.
    public static String sanitize(String untrusted) {
        String clean =
                untrusted
                        .codePoints()
                        .limit(MAX_LENGTH + 1L)
                        .map(c -> UntrustedText.isPrintable(c) ? c : ' ')
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining())
                        .strip();
        return clean.codePointCount(0, clean.length()) <= MAX_LENGTH
                ? clean
                : clean.substring(0, clean.offsetByCodePoints(0, MAX_LENGTH)) + "…";
    }
}

package io.github.writeprobe.docker;

import java.util.stream.Collectors;

/// A stranger's text in a line of ours.
final class EngineText {
    private static final int LONGEST = 300;

    private EngineText() {}

    /// On one line, without control or formatting characters, and no longer than a person will
    /// read.
    static String text(String strange) {
        String clean =
                strange.codePoints()
                        .limit(LONGEST + 1L)
                        .map(c -> printable(c) ? c : ' ')
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining())
                        .strip();
        return clean.codePointCount(0, clean.length()) <= LONGEST
                ? clean
                : clean.substring(0, clean.offsetByCodePoints(0, LONGEST)) + "…";
    }

    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}

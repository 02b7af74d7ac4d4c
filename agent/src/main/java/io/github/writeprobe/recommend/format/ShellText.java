package io.github.writeprobe.recommend.format;

import io.github.writeprobe.report.UntrustedText;

/// Texts as words of a POSIX shell.
final class ShellText {
    private ShellText() {}

    /// Whether it can be seen what it is. A shell's quotes would carry the rest too, but a terminal
    /// would act on it before anybody could read it.
    static boolean isPrintable(String text) {
        return UntrustedText.escape(text).equals(text);
    }

    static String of(String text) {
        return text.matches("[A-Za-z0-9/_.,:=@%+-]+")
                ? text
                : "'" + text.replace("'", "'\\''") + "'";
    }
}

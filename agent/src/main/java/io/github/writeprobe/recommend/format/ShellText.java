package io.github.writeprobe.recommend.format;

import io.github.writeprobe.text.UntrustedText;

/// Quotes text as words of a POSIX shell.
final class ShellText {
    private ShellText() {}

    /// Whether all characters are printable. Quotes would protect the others from the shell, but a
    /// terminal would interpret them when a person reads the script.
    static boolean isPrintable(String text) {
        return UntrustedText.escape(text).equals(text);
    }

    static String of(String text) {
        return text.matches("[A-Za-z0-9/_.,:=@%+-]+")
                ? text
                : "'" + text.replace("'", "'\\''") + "'";
    }
}

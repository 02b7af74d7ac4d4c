package io.github.writeprobe.recommend.format;

/// Text in a Compose file, where a dollar sign begins a variable.
final class ComposeEscaper {
    private ComposeEscaper() {}

    static String scalar(String text) {
        return YamlText.of(escapeDollars(text));
    }

    static String line(String text) {
        return YamlText.line(escapeDollars(text));
    }

    static String escapeDollars(String text) {
        return text.replace("$", "$$");
    }
}

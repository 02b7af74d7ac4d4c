package io.github.writeprobe.recommend.format;

import io.github.writeprobe.text.UntrustedText;
import java.util.Locale;
import java.util.Set;

/// Text as YAML scalars, valid in YAML 1.1 and 1.2.
final class YamlText {
    /// Words that YAML 1.1 reads as something other than text.
    private static final Set<String> RESERVED_WORDS =
            Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

    private YamlText() {}

    /// Plain if that is unambiguous, otherwise in double quotes with every non-printable character
    /// escaped.
    static String of(String text) {
        boolean isPath = text.matches("/[A-Za-z0-9/_.-]*");
        boolean isPlainWord =
                text.matches("[A-Za-z][A-Za-z0-9_-]*")
                        && !RESERVED_WORDS.contains(text.toLowerCase(Locale.ROOT));
        return isPath || isPlainWord ? text : quote(text);
    }

    /// A block sequence entry, in which a colon without a space and commas are plain text.
    static String line(String text) {
        return text.matches("[A-Za-z/][A-Za-z0-9/_.-]*(:[A-Za-z0-9/_.,=-]+)+") ? text : of(text);
    }

    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        UntrustedText.wellFormed(text).codePoints().forEach(c -> append(c, out));
        return out.append('"').toString();
    }

    private static void append(int c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                String character = Character.toString(c);
                if (UntrustedText.escape(character).equals(character)) {
                    out.append(character);
                } else {
                    String form = c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x";
                    out.append(String.format(Locale.ROOT, form, c));
                }
            }
        }
    }
}

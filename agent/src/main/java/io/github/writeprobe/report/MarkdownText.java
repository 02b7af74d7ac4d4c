package io.github.writeprobe.report;

import io.github.writeprobe.text.UntrustedText;
import java.util.regex.Pattern;

/// Untrusted text in the Markdown of GitHub and GitLab. It stays text and is never markup.
///
/// Escaping is not enough: GitHub looks for mentions and references to issues after rendering, in
/// text whose escapes are already gone. Only code is exempt. So names and paths are code. In
/// sentences, a zero-width space after the sign prevents a reference.
final class MarkdownText {
    private static final int MAX_CODE_WIDTH = 120;
    private static final int MAX_PROSE_WIDTH = 300;
    private static final String ZERO_WIDTH_SPACE = "&#8203;";

    private static final Pattern REFERENCE_SIGN = Pattern.compile("[@#!%^]|\\\\[$~]|&amp;");
    private static final Pattern ADDRESS = Pattern.compile("(?i)(:)(?=//)|(\\bwww)(?=\\.)");
    private static final Pattern EMOJI = Pattern.compile(":(?=[A-Za-z0-9_+\\\\-]+:)");
    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]|~$]");

    private MarkdownText() {}

    /// A name or a path, as code. A backtick would end the code, and a pipe the table's cell: both
    /// are escaped.
    static String code(String untrusted) {
        String plain =
                UntrustedText.clip(untrusted, MAX_CODE_WIDTH)
                        .replace("`", "\\x60")
                        .replace("|", "\\x7c");
        return plain.isBlank() ? "(none)" : "`" + plain + "`";
    }

    /// A sentence that may contain untrusted text. It must not be at the start of a line, where an
    /// escaped character can still make a list or a heading.
    static String prose(String untrusted) {
        String text =
                MARKUP.matcher(UntrustedText.clip(untrusted, MAX_PROSE_WIDTH)).replaceAll("\\\\$0");
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        text = REFERENCE_SIGN.matcher(text).replaceAll("$0" + ZERO_WIDTH_SPACE);
        text = ADDRESS.matcher(text).replaceAll("$0" + ZERO_WIDTH_SPACE);
        return EMOJI.matcher(text).replaceAll(":" + ZERO_WIDTH_SPACE);
    }
}

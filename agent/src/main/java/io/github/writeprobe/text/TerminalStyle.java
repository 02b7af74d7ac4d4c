package io.github.writeprobe.text;

import java.io.PrintStream;
import java.util.regex.Pattern;

/// The style of output on a terminal: colours, symbols or ASCII, and the width.
///
/// @param colour whether to use ANSI colours; every colour repeats what a word or symbol says
/// @param symbols whether the output's character set has ✗, ✓ and similar symbols; otherwise ASCII
/// @param columns the maximum width of a line
public record TerminalStyle(boolean colour, boolean symbols, int columns) {
    private static final int MIN_COLUMNS = 40;
    private static final int MAX_COLUMNS = 160;
    private static final Pattern SGR = Pattern.compile("\u001b\\[[0-9]*m");

    public TerminalStyle {
        columns = Math.clamp(columns, MIN_COLUMNS, MAX_COLUMNS);
    }

    /// For output that is not a terminal: 100 columns, no colour.
    public static final TerminalStyle PLAIN = new TerminalStyle(false, true, 100);

    /// Whether a stream's character set has the symbols.
    public static boolean canPrintSymbols(PrintStream out) {
        return out.charset().newEncoder().canEncode("✗✓→…·");
    }

    public String red(String text) {
        return sgr("31", text);
    }

    public String yellow(String text) {
        return sgr("33", text);
    }

    public String green(String text) {
        return sgr("32", text);
    }

    public String bold(String text) {
        return sgr("1", text);
    }

    public String faint(String text) {
        return sgr("2", text);
    }

    private String sgr(String code, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    public String crossMark() {
        return symbols ? "✗" : "x";
    }

    public String questionMark() {
        return "?";
    }

    public String checkMark() {
        return symbols ? "✓" : "+";
    }

    public String arrow() {
        return symbols ? "→" : "->";
    }

    public String dot() {
        return symbols ? "·" : "-";
    }

    public String ellipsis() {
        return symbols ? "…" : "...";
    }

    /// The width of plain text with colour codes, which have no width.
    static int width(String coloured) {
        return UntrustedText.width(SGR.matcher(coloured).replaceAll(""));
    }

    /// An untrusted text, escaped and truncated to a width.
    public String clip(String untrusted, int columns) {
        return UntrustedText.clip(untrusted, columns, ellipsis());
    }

    /// The text padded with spaces to a width.
    public static String pad(String plain, int columns) {
        return plain + " ".repeat(Math.max(0, columns - UntrustedText.width(plain)));
    }
}

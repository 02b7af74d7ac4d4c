package io.github.writeprobe.report;

import java.io.PrintStream;
import java.util.regex.Pattern;

/// How a terminal is written to: with colour or without, with symbols or plain ASCII, and how wide.
///
/// @param colour whether to use ANSI colours; every colour repeats what a word or symbol says
///   already
/// @param symbols whether the output's character set has ✗, ✓ and the like
/// @param columns the width to keep to
public record TerminalStyle(boolean colour, boolean symbols, int columns) {
    private static final int MIN_COLUMNS = 40;
    private static final int MAX_COLUMNS = 160;
    private static final Pattern SGR = Pattern.compile("\u001b\\[[0-9]*m");

    public TerminalStyle {
        columns = Math.clamp(columns, MIN_COLUMNS, MAX_COLUMNS);
    }

    /// For output that a person does not watch: 100 columns, no colour.
    public static final TerminalStyle PLAIN = new TerminalStyle(false, true, 100);

    /// Whether a stream's character set can print the symbols.
    public static boolean canPrintSymbols(PrintStream out) {
        return out.charset().newEncoder().canEncode("✗✓→…·");
    }

    public String red(String text) {
        return sgr("31", text);
    }

    public String yellow(String text) {
        return sgr("33", text);
    }

    String green(String text) {
        return sgr("32", text);
    }

    String bold(String text) {
        return sgr("1", text);
    }

    public String faint(String text) {
        return sgr("2", text);
    }

    private String sgr(String code, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    String crossMark() {
        return symbols ? "✗" : "x";
    }

    String questionMark() {
        return "?";
    }

    String checkMark() {
        return symbols ? "✓" : "+";
    }

    String arrow() {
        return symbols ? "→" : "->";
    }

    String dot() {
        return symbols ? "·" : "-";
    }

    String ellipsis() {
        return symbols ? "…" : "...";
    }

    /// How many columns of a terminal plain text takes, whatever its colours.
    static int width(String coloured) {
        return UntrustedText.width(SGR.matcher(coloured).replaceAll(""));
    }

    /// A stranger's text made plain and cut to a width, with the ellipsis that can be printed.
    String clip(String untrusted, int columns) {
        return UntrustedText.clip(untrusted, columns, ellipsis());
    }

    /// The text with spaces up to a width in columns of a terminal.
    static String pad(String plain, int columns) {
        return plain + " ".repeat(Math.max(0, columns - UntrustedText.width(plain)));
    }
}

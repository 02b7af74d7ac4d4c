package io.github.writeprobe.report.html;

/// A word with its rating.
public record TonedLabel(Tone tone, String label) {}

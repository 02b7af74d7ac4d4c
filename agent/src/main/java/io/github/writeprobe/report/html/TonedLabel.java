package io.github.writeprobe.report.html;

/// A word with its rating.
public record TonedLabel(LabelTone tone, String label) {}

package io.github.writeprobe.report.html;

/// A word with its rating.
public record Mark(Tone tone, String label) {}

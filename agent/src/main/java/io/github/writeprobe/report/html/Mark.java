package io.github.writeprobe.report.html;

/// A word, and how it is to be taken.
public record Mark(Tone tone, String label) {}

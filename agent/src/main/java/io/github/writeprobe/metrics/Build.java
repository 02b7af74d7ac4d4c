package io.github.writeprobe.metrics;

/// Which build runs, on which Java.
public record Build(String version, String revision, String java) {}

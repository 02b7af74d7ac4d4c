package io.github.writeprobe.metrics;

/// Which build runs, on which Java.
public record BuildMetrics(String version, String revision, String java) {}

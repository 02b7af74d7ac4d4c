package io.github.writeprobe.metrics;

/// The build of this process, and its Java version.
public record BuildMetrics(String version, String revision, String java) {}

package io.github.writeprobe.metrics;

/// The build of this process, and its Java version.
public record BuildInfoLabels(String version, String revision, String java) {}

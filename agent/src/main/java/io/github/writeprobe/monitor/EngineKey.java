package io.github.writeprobe.monitor;

/// One monitored engine. If an engine is removed by a reload and added again later, it gets a new
/// key, so that a late answer of the first cannot be mistaken for one of the second.
///
/// @param host its endpoint
record EngineKey(String host, long number) {}

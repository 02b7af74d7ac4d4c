package io.github.writeprobe.monitor;

/// One engine that is monitored. An engine that is removed by a reload and added again later is
/// another one, so that a late answer of the first cannot be mistaken for its own.
///
/// @param host its endpoint
record EngineKey(String host, long number) {}

package io.github.writeprobe.monitor;

/// One container of one engine, from the time the monitor learns of it until it ends. A container
/// that is started again after that is another one, so that a late answer cannot be mistaken for
/// its own. Two names of one engine make two of each of its containers.
///
/// @param id as the engine calls it
record ContainerKey(EngineKey engine, String id, long number) {}

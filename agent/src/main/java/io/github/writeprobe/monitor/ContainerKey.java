package io.github.writeprobe.monitor;

/// One container of one engine, from the time the monitor learns of it until it ends. If the
/// container is started again after that, it gets a new key, so that a late answer cannot be
/// mistaken for one about the new start. If one engine has two names, each of its containers has
/// two keys.
///
/// @param id the engine's id of the container
record ContainerKey(EngineKey engine, String id, long number) {}

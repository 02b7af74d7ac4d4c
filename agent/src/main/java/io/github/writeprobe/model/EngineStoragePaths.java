package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/// What an engine keeps on the host and mounts by itself, as it reports it.
///
/// @param dataRoot containers, images and volumes: Docker's `--data-root`; empty if the engine does
///   not report it
/// @param execRoot files that are lost at a reboot, and the socket of a containerd that the engine
///   has started: Docker's `--exec-root`; empty if the engine does not report it
/// @param ownTmpfs mount points at which the engine may mount a tmpfs that nobody requested, and
///   that it does not report among the mounts
public record EngineStoragePaths(String dataRoot, String execRoot, Set<String> ownTmpfs) {
    public static final EngineStoragePaths UNKNOWN = new EngineStoragePaths("", "", Set.of());

    public EngineStoragePaths {
        requireNonNull(dataRoot);
        requireNonNull(execRoot);
        ownTmpfs = Set.copyOf(ownTmpfs);
    }
}

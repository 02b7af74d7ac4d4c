package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

/// Where on the host an engine keeps what is its own, as it tells itself.
///
/// @param dataRoot containers, images and volumes: Docker's `--data-root`; empty where the engine
///   does not tell
/// @param execRoot what lasts until the next boot, and the socket of a containerd that the engine
///   has started: Docker's `--exec-root`; empty where the engine does not tell
public record EngineFiles(String dataRoot, String execRoot) {
    public static final EngineFiles UNKNOWN = new EngineFiles("", "");

    public EngineFiles {
        requireNonNull(dataRoot);
        requireNonNull(execRoot);
    }
}

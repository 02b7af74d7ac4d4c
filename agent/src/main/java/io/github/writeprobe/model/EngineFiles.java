package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

/// The host directories in which an engine stores its own files, as the engine reports them.
///
/// @param dataRoot containers, images and volumes: Docker's `--data-root`; empty if the engine does
///   not report it
/// @param execRoot files that are lost at a reboot, and the socket of a containerd that the engine
///   has started: Docker's `--exec-root`; empty if the engine does not report it
public record EngineFiles(String dataRoot, String execRoot) {
    public static final EngineFiles UNKNOWN = new EngineFiles("", "");

    public EngineFiles {
        requireNonNull(dataRoot);
        requireNonNull(execRoot);
    }
}

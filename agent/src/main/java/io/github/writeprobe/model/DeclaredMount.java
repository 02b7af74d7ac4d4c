package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

/// A mount as the engine's inspect declares it.
///
/// @param destination the mount point in the container
/// @param source the host's path of a bind, the name of a volume, `tmpfs` for a tmpfs
/// @param writable whether it is declared writable (`RW`)
/// @param propagation `rprivate`, `rshared`, …; empty where none is declared
/// @param options as the user wrote them, for a tmpfs; else empty
public record DeclaredMount(
        String destination,
        MountKind kind,
        String source,
        boolean writable,
        String propagation,
        String options) {
    public DeclaredMount {
        requireNonNull(destination);
        requireNonNull(kind);
        requireNonNull(source);
        requireNonNull(propagation);
        requireNonNull(options);
    }
}

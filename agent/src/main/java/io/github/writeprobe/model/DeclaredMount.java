package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

/// A mount as the engine declares it.
///
/// @param destination the mount point in the container
/// @param source the host path of a bind, the name of a volume or image, `tmpfs` for a tmpfs
/// @param writable whether it is declared writable (`RW`)
/// @param propagation `rprivate`, `rshared`, …; empty if none is declared
/// @param options the options of a tmpfs as the user wrote them; empty for other mounts
public record DeclaredMount(
        String destination,
        MountKind kind,
        String source,
        boolean writable,
        String propagation,
        String options,
        TypeSpecificMountOptions details) {
    /// A mount without further details.
    public DeclaredMount(
            String destination,
            MountKind kind,
            String source,
            boolean writable,
            String propagation,
            String options) {
        this(
                destination,
                kind,
                source,
                writable,
                propagation,
                options,
                TypeSpecificMountOptions.NONE);
    }

    public DeclaredMount {
        requireNonNull(destination);
        requireNonNull(kind);
        requireNonNull(source);
        requireNonNull(propagation);
        requireNonNull(options);
        requireNonNull(details);
    }
}

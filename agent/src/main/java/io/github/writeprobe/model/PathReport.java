package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.List;
import java.util.Optional;

/// Everything that is known about one path of a container.
///
/// @param kind the kind of the mount that the path is on
/// @param mountPoint the mount point of that mount
/// @param source its declared source, or its source in the mount table
/// @param declaredWritable whether the engine declares it writable; empty if the engine does not
///   declare the mount
/// @param expectation what the policy requires, and the rule that requires it
/// @param entry the line of the mount table, if a witness could read it
public record PathReport(
        String path,
        MountKind kind,
        String mountPoint,
        String source,
        Persistence persistence,
        Optional<Boolean> declaredWritable,
        Expectation expectation,
        Optional<MountEntry> entry,
        List<PathObservation> observations) {
    public PathReport {
        requireNonNull(path);
        requireNonNull(kind);
        requireNonNull(mountPoint);
        requireNonNull(source);
        requireNonNull(persistence);
        requireNonNull(declaredWritable);
        requireNonNull(expectation);
        requireNonNull(entry);
        observations = List.copyOf(observations);
    }
}

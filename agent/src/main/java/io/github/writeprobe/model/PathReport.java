package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.List;
import java.util.Optional;

/// All that is known of one path of a container.
///
/// @param kind of the mount that the path lies on
/// @param mountPoint of that mount
/// @param source what is declared as its source, or what the mount table says
/// @param declaredWritable whether the engine declares it writable; empty for a mount it does not
///   declare
/// @param expectation what policy wants of it, and the rule that says so
/// @param entry the line of the mount table, where a witness read it
public record PathReport(
        String path,
        MountKind kind,
        String mountPoint,
        String source,
        Persistence persistence,
        Optional<Boolean> declaredWritable,
        Expectation expectation,
        Optional<MountEntry> entry,
        List<Observation> observations) {
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

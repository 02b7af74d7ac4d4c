package io.github.writeprobe.judge;

import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.List;
import java.util.Optional;

/// One mount of a container, with everything that is known about it.
///
/// @param declaredWritable empty if the engine does not declare the mount
record JudgedMount(
        String mountPoint,
        MountKind kind,
        String source,
        Persistence persistence,
        Optional<Boolean> declaredWritable,
        Expectation expectation,
        Optional<MountEntry> entry,
        HostPathsOfMount shown,
        List<PathObservation> observations,
        ProbedMountWritability proof) {

    boolean isDeclaredReadOnly() {
        return declaredWritable.isPresent() && !declaredWritable.get();
    }

    /// Whether it has to be proved read-only for the container to be compliant. A mount that the
    /// engine makes has to be proved only if it is writable in the mount table: a service that is
    /// not root cannot prove anything about `/etc/hosts`. A successful write there is drift in any
    /// case.
    boolean mustBeReadOnly() {
        return (kind != MountKind.ENGINE || isWritableInTable())
                && (isDeclaredReadOnly() || expectation.access() == Expectation.Access.READ_ONLY);
    }

    /// A device, socket or FIFO: `:ro` does not affect writing to one, so there is nothing to
    /// prove.
    boolean isSpecialFile() {
        return !observations.isEmpty()
                && observations.stream()
                        .allMatch(o ->
                                o.write() instanceof WriteResult.Inconclusive i
                                        && i.cause() == InconclusiveCause.SPECIAL_FILE);
    }

    /// Whether an engine's socket can be reached. A process that can connect to it can start a
    /// container with any privilege. `:ro` does not help, since connecting to a socket is not a
    /// write to the mount.
    boolean hasEngineSocket() {
        return shown.socket().isPresent();
    }

    /// Whether it shows a sensitive host path: [SensitivePaths].
    boolean isSensitive() {
        return shown.sensitive().isPresent();
    }

    /// The host paths that it shows.
    List<String> hostPaths() {
        return shown.paths();
    }

    /// Whether the mount table shows it as writable; false without an entry.
    boolean isWritableInTable() {
        return entry.filter(e -> !e.isReadOnly()).isPresent();
    }
}

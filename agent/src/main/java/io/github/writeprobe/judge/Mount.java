package io.github.writeprobe.judge;

import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.List;
import java.util.Optional;

/// One mount of a container, with all that is known of it.
///
/// @param declaredWritable empty for one that the engine does not declare
record Mount(
        String mountPoint,
        MountKind kind,
        String source,
        Persistence persistence,
        Optional<Boolean> declaredWritable,
        Expectation expectation,
        Optional<MountEntry> entry,
        ShownHostPaths shown,
        List<Observation> observations,
        MountProof proof) {

    boolean isDeclaredReadOnly() {
        return declaredWritable.isPresent() && !declaredWritable.get();
    }

    /// Whether it has to be proved read-only for the container to be compliant. Not the engine's
    /// own mounts, as long as the mount table has nothing else to say: a service that is not root
    /// cannot prove anything of `/etc/hosts`, and a write there is drift all the same.
    boolean mustBeReadOnly() {
        return (kind != MountKind.ENGINE || isWritableInTable())
                && (isDeclaredReadOnly() || expectation.access() == Expectation.Access.READ_ONLY);
    }

    /// A device, socket or FIFO: `:ro` says nothing about writing to one, so there is nothing to
    /// prove.
    boolean isSpecialFile() {
        return !observations.isEmpty()
                && observations.stream()
                        .allMatch(o ->
                                o.write() instanceof Write.Inconclusive i
                                        && i.cause() == Cause.SPECIAL_FILE);
    }

    /// An engine's control socket: whoever can connect to it can start a container that may do
    /// anything. `:ro` does not help, since connecting to a socket is no write to the mount.
    boolean hasEngineSocket() {
        return shown.socket().isPresent();
    }

    /// Whether it shows a path of the host that gives power over it.
    boolean isSensitive() {
        return shown.sensitive().isPresent();
    }

    /// The paths of the host that it shows.
    List<String> hostPaths() {
        return shown.paths();
    }

    /// The mount table's word against the declaration, where it has one.
    boolean isWritableInTable() {
        return entry.filter(e -> !e.isReadOnly()).isPresent();
    }
}

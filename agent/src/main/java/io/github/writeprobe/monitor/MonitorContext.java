package io.github.writeprobe.monitor;

import io.github.writeprobe.probes.procfs.MountWatch;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What the rosters share.
///
/// @param watch for changes of mounts; empty where the kernel cannot be asked
/// @param nanoTime like [System#nanoTime()]
record MonitorContext(
        ProbeQueue lanes,
        ReportBoard board,
        ChangeLog journal,
        MonitorListener instruments,
        ProcfsWitness procfs,
        Optional<MountWatch> watch,
        LongSupplier nanoTime) {
    long now() {
        return nanoTime.getAsLong();
    }
}

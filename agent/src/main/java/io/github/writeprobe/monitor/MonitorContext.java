package io.github.writeprobe.monitor;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What the parts of the state machine share: where its output goes, and its external inputs.
///
/// @param commands executes the commands of the state machine
/// @param kernelReachable whether the `procfs` witness is available
/// @param actors finds who changed mounts
record MonitorContext(
        ProbeQueue queue,
        ReportBoard board,
        VerdictChangeLogger changeLog,
        MonitorListener listener,
        Consumer<MonitorAction> commands,
        BooleanSupplier kernelReachable,
        MountActorLookup actors,
        MonitorClock time,
        RandomGenerator random) {
    long now() {
        return time.nanos();
    }

    void send(MonitorAction command) {
        commands.accept(command);
    }
}

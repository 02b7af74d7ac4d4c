package io.github.writeprobe.monitor;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What the parts of the state machine share: where its outcome goes, and what it must not decide
/// by itself.
///
/// @param commands carries out what the state machine wants done
/// @param kernelReachable whether the procfs witness can be asked here
record MonitorContext(
        ProbeQueue queue,
        ReportBoard board,
        ChangeLog changeLog,
        MonitorListener listener,
        Consumer<Command> commands,
        BooleanSupplier kernelReachable,
        MonitorTime time,
        RandomGenerator random) {
    long now() {
        return time.nanos();
    }

    void send(Command command) {
        commands.accept(command);
    }
}

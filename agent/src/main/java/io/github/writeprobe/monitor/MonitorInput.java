package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probing.WitnessRunner;
import java.util.List;
import java.util.Optional;

/// The input of the state machine. Times are those of the monitor's [MonitorClock], in nanoseconds.
sealed interface MonitorInput {
    /// The subscription is active: every event from now on is received.
    record Subscribed(EngineKey engine, Engine.Identified identified) implements MonitorInput {}

    record EventReceived(EngineKey engine, Engine.Event event, long at) implements MonitorInput {}

    /// A subscription has ended.
    ///
    /// @param reason empty if it was cancelled
    record SubscriptionEnded(EngineKey engine, Optional<String> reason) implements MonitorInput {}

    /// @param requestedAt when the list was requested
    record Listed(EngineKey engine, Engine.Listing listing, long requestedAt)
            implements MonitorInput {}

    record ListFailed(EngineKey engine, String reason) implements MonitorInput {}

    /// @param answer empty if there is no such container
    record Inspected(ContainerKey container, Optional<Engine.Inspected> answer)
            implements MonitorInput {}

    record InspectFailed(ContainerKey container, String reason) implements MonitorInput {}

    /// A probe has ended, and its slot is free.
    ///
    /// @param results empty if the probe was cancelled or the engine did not answer
    record Probed(ProbeRequest request, Optional<WitnessRunner.WitnessResults> results)
            implements MonitorInput {}

    /// Some containers were probed by `procfs` alone.
    record Rechecked(EngineKey engine, List<RecheckResult> results) implements MonitorInput {}

    /// @param kernel the results of `procfs`; empty if the recheck was cancelled, or `procfs`
    ///   cannot reach the container
    record RecheckResult(ProbeRequest request, List<ProbeResult> kernel) {}

    /// The kernel reported a change of a container's mount table.
    record MountsChanged(ContainerKey container, long at) implements MonitorInput {}

    /// The configuration was reloaded.
    ///
    /// @param engines all engines to monitor
    record Reconfigured(MonitorSettings settings, List<EngineKey> engines)
            implements MonitorInput {}
}

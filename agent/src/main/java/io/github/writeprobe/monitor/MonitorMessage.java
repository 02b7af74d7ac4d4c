package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probing.Witnesses;
import java.util.List;
import java.util.Optional;

/// The input of the state machine. Times are those of the monitor's [MonitorClock], in nanoseconds.
sealed interface MonitorMessage {
    /// The subscription is active: every event from now on is received.
    record Subscribed(EngineKey engine, Engine.Identified identified) implements MonitorMessage {}

    record EventReceived(EngineKey engine, Engine.Event event, long at) implements MonitorMessage {}

    /// A subscription has ended.
    ///
    /// @param reason empty if it was cancelled
    record SubscriptionEnded(EngineKey engine, Optional<String> reason) implements MonitorMessage {}

    /// @param requestedAt when the list was requested
    record Listed(EngineKey engine, Engine.Listing listing, long requestedAt)
            implements MonitorMessage {}

    record ListFailed(EngineKey engine, String reason) implements MonitorMessage {}

    /// @param answer empty if there is no such container
    record Inspected(ContainerKey container, Optional<Engine.Inspected> answer)
            implements MonitorMessage {}

    record InspectFailed(ContainerKey container, String reason) implements MonitorMessage {}

    /// A probe has ended, and its slot is free.
    ///
    /// @param results empty if the probe was cancelled or the engine did not answer
    record Probed(ProbeRequest request, Optional<Witnesses.WitnessResults> results)
            implements MonitorMessage {}

    /// Some containers were probed by `procfs` alone.
    record Rechecked(EngineKey engine, List<RecheckResult> results) implements MonitorMessage {}

    /// @param kernel the results of `procfs`; empty if the recheck was cancelled, or `procfs`
    ///   cannot reach the container
    record RecheckResult(ProbeRequest request, List<ProbeResult> kernel) {}

    /// The kernel reported a change of a container's mount table.
    record MountsChanged(ContainerKey container, long at) implements MonitorMessage {}

    /// The configuration was reloaded.
    ///
    /// @param engines all engines to monitor
    record Reconfigured(MonitorSettings settings, List<EngineKey> engines)
            implements MonitorMessage {}
}

package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.Witnesses;
import io.github.writeprobe.probes.ProbeResult;
import java.util.List;
import java.util.Optional;

/// What the state machine is told. Times are those of the monitor's [MonitorTime], in nanoseconds.
sealed interface Message {
    /// The subscription stands: every event from now on is received.
    record Subscribed(EngineKey engine, Engine.Identified identified) implements Message {}

    record EventReceived(EngineKey engine, Engine.Event event, long at) implements Message {}

    /// A subscription is over.
    ///
    /// @param reason empty if it was asked for
    record SubscriptionEnded(EngineKey engine, Optional<String> reason) implements Message {}

    /// @param requestedAt when the list was asked for
    record Listed(EngineKey engine, Engine.Listing listing, long requestedAt) implements Message {}

    record ListFailed(EngineKey engine, String reason) implements Message {}

    /// @param answer empty if there is no such container
    record Inspected(ContainerKey container, Optional<Engine.Inspected> answer)
            implements Message {}

    record InspectFailed(ContainerKey container, String reason) implements Message {}

    /// A probe is over, and its place in the queue is free.
    ///
    /// @param results empty if it was cancelled, or the engine went away
    record Probed(ProbeRequest request, Optional<Witnesses.WitnessResults> results)
            implements Message {}

    /// The kernel alone was asked about some containers.
    record Rechecked(EngineKey engine, List<Recheck> rechecks) implements Message {}

    /// @param kernel what the procfs witness found; empty if the recheck was cancelled, or the
    ///   container is out of its reach
    record Recheck(ProbeRequest request, List<ProbeResult> kernel) {}

    /// The kernel reported a change of a container's mount table.
    record MountsChanged(ContainerKey container, long at) implements Message {}

    /// The configuration was read again.
    ///
    /// @param engines all that are to be monitored
    record Reconfigured(MonitorSettings settings, List<EngineKey> engines) implements Message {}
}

package io.github.writeprobe.monitor;

import java.util.List;

/// What the state machine wants done. Each command except the last five results in one
/// [MonitorMessage], also if it fails.
sealed interface MonitorCommand {
    /// Subscribes to the engine's events. [MonitorMessage.Subscribed] follows when the subscription
    /// is active, and [MonitorMessage.SubscriptionEnded] when it ends.
    record Subscribe(EngineKey engine) implements MonitorCommand {}

    record ListContainers(EngineKey engine) implements MonitorCommand {}

    record Inspect(ContainerKey container) implements MonitorCommand {}

    record Probe(ProbeRequest request) implements MonitorCommand {}

    /// Probes containers with the `procfs` witness alone, one after the other.
    record Recheck(EngineKey engine, List<ProbeRequest> requests) implements MonitorCommand {
        public Recheck {
            requests = List.copyOf(requests);
        }
    }

    /// Ends the active subscription; its [MonitorMessage.SubscriptionEnded] follows.
    record Unsubscribe(EngineKey engine) implements MonitorCommand {}

    /// The probe's [MonitorMessage.Probed] follows nonetheless.
    record CancelProbe(ContainerKey container) implements MonitorCommand {}

    /// Cancels all requests to the engine; no further command for it follows.
    record Disconnect(EngineKey engine) implements MonitorCommand {}

    /// From now on, reports changes of the mount table of the container's first process.
    record WatchMounts(ContainerKey container, long pid) implements MonitorCommand {}

    record UnwatchMounts(ContainerKey container) implements MonitorCommand {}
}

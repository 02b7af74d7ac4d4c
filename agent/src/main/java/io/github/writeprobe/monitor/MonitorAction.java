package io.github.writeprobe.monitor;

import java.util.List;

/// What the state machine wants done. Each command except the last five results in one
/// [MonitorInput], also if it fails.
sealed interface MonitorAction {
    /// Subscribes to the engine's events. [MonitorInput.Subscribed] follows when the subscription
    /// is active, and [MonitorInput.SubscriptionEnded] when it ends.
    record Subscribe(EngineKey engine) implements MonitorAction {}

    record ListContainers(EngineKey engine) implements MonitorAction {}

    record Inspect(ContainerKey container) implements MonitorAction {}

    record Probe(ProbeRequest request) implements MonitorAction {}

    /// Probes containers with the `procfs` witness alone, one after the other.
    record Recheck(EngineKey engine, List<ProbeRequest> requests) implements MonitorAction {
        public Recheck {
            requests = List.copyOf(requests);
        }
    }

    /// Ends the active subscription; its [MonitorInput.SubscriptionEnded] follows.
    record Unsubscribe(EngineKey engine) implements MonitorAction {}

    /// The probe's [MonitorInput.Probed] follows nonetheless.
    record CancelProbe(ContainerKey container) implements MonitorAction {}

    /// Cancels all requests to the engine; no further command for it follows.
    record Disconnect(EngineKey engine) implements MonitorAction {}

    /// From now on, reports changes of the mount table of the container's first process.
    record WatchMounts(ContainerKey container, long pid) implements MonitorAction {}

    record UnwatchMounts(ContainerKey container) implements MonitorAction {}
}

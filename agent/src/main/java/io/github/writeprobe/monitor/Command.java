package io.github.writeprobe.monitor;

import java.util.List;

/// What the state machine wants done. Each command except the last five results in one [Message],
/// also if it fails.
sealed interface Command {
    /// Subscribes to the engine's events. [Message.Subscribed] follows when the subscription is
    /// active, and [Message.SubscriptionEnded] when it ends.
    record Subscribe(EngineKey engine) implements Command {}

    record ListContainers(EngineKey engine) implements Command {}

    record Inspect(ContainerKey container) implements Command {}

    record Probe(ProbeRequest request) implements Command {}

    /// Probes containers with the `procfs` witness alone, one after the other.
    record Recheck(EngineKey engine, List<ProbeRequest> requests) implements Command {
        public Recheck {
            requests = List.copyOf(requests);
        }
    }

    /// Ends the active subscription; its [Message.SubscriptionEnded] follows.
    record Unsubscribe(EngineKey engine) implements Command {}

    /// The probe's [Message.Probed] follows nonetheless.
    record CancelProbe(ContainerKey container) implements Command {}

    /// Cancels all requests to the engine; no further command for it follows.
    record Disconnect(EngineKey engine) implements Command {}

    /// From now on, reports changes of the mount table of the container's first process.
    record WatchMounts(ContainerKey container, long pid) implements Command {}

    record UnwatchMounts(ContainerKey container) implements Command {}
}

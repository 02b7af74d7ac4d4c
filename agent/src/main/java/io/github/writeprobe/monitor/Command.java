package io.github.writeprobe.monitor;

import java.util.List;

/// What the state machine wants done. Each command but the last five is answered by one [Message],
/// whatever becomes of it.
sealed interface Command {
    /// Opens the engine's stream of events: [Message.Subscribed] when it stands, and
    /// [Message.SubscriptionEnded] when it is over.
    record Subscribe(EngineKey engine) implements Command {}

    record ListContainers(EngineKey engine) implements Command {}

    record Inspect(ContainerKey container) implements Command {}

    record Probe(ProbeRequest request) implements Command {}

    /// Asks the kernel alone, about one container after the other.
    record Recheck(EngineKey engine, List<ProbeRequest> requests) implements Command {
        public Recheck {
            requests = List.copyOf(requests);
        }
    }

    /// Ends the subscription that is open; its [Message.SubscriptionEnded] follows.
    record Unsubscribe(EngineKey engine) implements Command {}

    /// Its [Message.Probed] comes nonetheless.
    record CancelProbe(ContainerKey container) implements Command {}

    /// Nothing that was asked of the engine is of use any more, and none will follow.
    record Disconnect(EngineKey engine) implements Command {}

    /// Reports changes of the mount table of the container's first process from now on.
    record WatchMounts(ContainerKey container, long pid) implements Command {}

    record UnwatchMounts(ContainerKey container) implements Command {}
}

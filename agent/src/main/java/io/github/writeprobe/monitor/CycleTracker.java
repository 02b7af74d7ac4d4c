package io.github.writeprobe.monitor;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The cycles over one engine. A cycle is complete when every container that was due has been
/// probed or is gone.
final class CycleTracker {
    private record Cycle(long startedAt, Set<ContainerKey> pending) {}

    private final MonitorClock time;
    private final Consumer<Duration> completed;
    private Optional<Cycle> current = Optional.empty();

    /// @param completed receives the duration of each cycle
    CycleTracker(MonitorClock time, Consumer<Duration> completed) {
        this.time = time;
        this.completed = completed;
    }

    /// Begins a cycle. If the previous one is not complete, it continues instead.
    ///
    /// @param pending the containers to probe; the caller must not use this set any more
    void start(Set<ContainerKey> pending) {
        if (current.isPresent()) {
            Cycle before = current.get();
            before.pending().retainAll(pending);
            if (!before.pending().isEmpty()) {
                return;
            }
            complete(before);
        }
        Cycle next = new Cycle(time.nanos(), pending);
        current = Optional.of(next);
        if (pending.isEmpty()) {
            complete(next);
        }
    }

    /// A container was probed, or need not be probed.
    void done(ContainerKey container) {
        current.ifPresent(cycle -> {
            if (cycle.pending().remove(container) && cycle.pending().isEmpty()) {
                complete(cycle);
            }
        });
    }

    /// The engine is lost, so the current cycle cannot be completed.
    void abort() {
        current = Optional.empty();
    }

    private void complete(Cycle cycle) {
        current = Optional.empty();
        completed.accept(Duration.ofNanos(time.nanos() - cycle.startedAt()));
    }
}

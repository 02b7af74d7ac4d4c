package io.github.writeprobe.monitor;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The cycles over one engine: each is complete when every container that was due has been probed,
/// or is gone.
final class CycleProgress {
    private record Cycle(long startedAt, Set<ContainerKey> pending) {}

    private final MonitorTime time;
    private final Consumer<Duration> completed;
    private Optional<Cycle> current = Optional.empty();

    /// @param completed is told how long each took
    CycleProgress(MonitorTime time, Consumer<Duration> completed) {
        this.time = time;
        this.completed = completed;
    }

    /// Begins a cycle. One that is not complete by then goes on until it is, in place of another.
    ///
    /// @param pending the containers that are to be probed; taken over
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

    /// A container was probed, or need not be.
    void done(ContainerKey container) {
        current.ifPresent(cycle -> {
            if (cycle.pending().remove(container) && cycle.pending().isEmpty()) {
                complete(cycle);
            }
        });
    }

    /// The engine is lost: the current cycle will never be complete.
    void abort() {
        current = Optional.empty();
    }

    private void complete(Cycle cycle) {
        current = Optional.empty();
        completed.accept(Duration.ofNanos(time.nanos() - cycle.startedAt()));
    }
}

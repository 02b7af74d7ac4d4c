package io.github.writeprobe.monitor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// Who is probed next. A bound holds for all engines together, and whoever let a probe run into its
/// time-out may not hold up the others.
final class ProbeQueue {
    /// So that a storm of starts does not let the verdicts of those that just run grow stale.
    private static final int ROUTINE_TURN = 4;

    /// A container that waits for its place.
    record Waiting(EngineMonitor roster, TrackedContainer container) {}

    private final Queue<Waiting> urgent = new ArrayDeque<>();
    private final Queue<Waiting> routine = new ArrayDeque<>();
    private final Queue<Waiting> suspects = new ArrayDeque<>();
    private int places;
    private int taken;
    private int takenBySuspects;
    private int turn;

    ProbeQueue(int places) {
        this.places = places;
    }

    void places(int now) {
        places = now;
    }

    void add(Waiting waiting, boolean atOnce) {
        if (waiting.container().suspect()) {
            suspects.add(waiting);
        } else {
            (atOnce ? urgent : routine).add(waiting);
        }
    }

    /// Whoever may be probed now; the place is taken then.
    Optional<Waiting> next() {
        if (taken >= places) {
            return Optional.empty();
        }
        boolean routineFirst = ++turn % ROUTINE_TURN == 0;
        List<Queue<Waiting>> order =
                new ArrayList<>(routineFirst ? List.of(routine, urgent) : List.of(urgent, routine));
        // Where there is but one place, suspects get it when nobody else wants it.
        if (takenBySuspects < Math.max(1, places - 1)) {
            order.add(suspects);
        }
        Optional<Waiting> next =
                order.stream().filter(q -> !q.isEmpty()).findFirst().map(Queue::remove);
        next.ifPresent(w -> take(w.container()));
        return next;
    }

    private void take(TrackedContainer container) {
        taken++;
        if (container.suspect()) {
            takenBySuspects++;
        }
    }

    /// @param suspect whether it was one when it took the place
    void free(boolean suspect) {
        taken--;
        if (suspect) {
            takenBySuspects--;
        }
    }

    void forget(Collection<TrackedContainer> containers) {
        for (Queue<Waiting> queue : List.of(urgent, routine, suspects)) {
            queue.removeIf(w -> containers.contains(w.container()));
        }
    }
}

package io.github.writeprobe.monitor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// Which container is probed next. One limit holds for all engines together, and containers whose
/// last probe failed may not hold up the others.
final class ProbeQueue {
    /// So that a storm of starts does not let the verdicts of those that just run grow stale.
    private static final int ROUTINE_TURN = 4;

    private enum Lane {
        URGENT,
        ROUTINE,
        SUSPECT
    }

    /// @param suspect whether the place that it got is for those whose last probe failed
    record Place(ContainerKey container, boolean suspect) {}

    private final Queue<ContainerKey> urgent = new ArrayDeque<>();
    private final Queue<ContainerKey> routine = new ArrayDeque<>();
    private final Queue<ContainerKey> suspects = new ArrayDeque<>();
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

    void add(ContainerKey container, boolean suspect, boolean isUrgent) {
        queue(suspect ? Lane.SUSPECT : isUrgent ? Lane.URGENT : Lane.ROUTINE).add(container);
    }

    private Queue<ContainerKey> queue(Lane lane) {
        return switch (lane) {
            case URGENT -> urgent;
            case ROUTINE -> routine;
            case SUSPECT -> suspects;
        };
    }

    /// Takes a place for the next container, if there is one of both.
    Optional<Place> next() {
        if (taken >= places) {
            return Optional.empty();
        }
        boolean routineFirst = ++turn % ROUTINE_TURN == 0;
        List<Lane> order =
                new ArrayList<>(
                        routineFirst
                                ? List.of(Lane.ROUTINE, Lane.URGENT)
                                : List.of(Lane.URGENT, Lane.ROUTINE));
        // Where there is but one place, suspects get it when nobody else wants it.
        if (takenBySuspects < Math.max(1, places - 1)) {
            order.add(Lane.SUSPECT);
        }
        for (Lane lane : order) {
            ContainerKey next = queue(lane).poll();
            if (next != null) {
                return Optional.of(take(next, lane == Lane.SUSPECT));
            }
        }
        return Optional.empty();
    }

    private Place take(ContainerKey container, boolean suspect) {
        taken++;
        takenBySuspects += suspect ? 1 : 0;
        return new Place(container, suspect);
    }

    /// @param suspect as in the [Place] that is given back
    void free(boolean suspect) {
        taken--;
        takenBySuspects -= suspect ? 1 : 0;
    }

    void removeAll(EngineKey engine) {
        for (Queue<ContainerKey> queue : List.of(urgent, routine, suspects)) {
            queue.removeIf(container -> container.engine().equals(engine));
        }
    }
}

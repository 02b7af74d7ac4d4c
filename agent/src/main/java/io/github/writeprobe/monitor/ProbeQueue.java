package io.github.writeprobe.monitor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// Decides which container is probed next. One limit applies to all engines together. Containers
/// whose last probe failed must not delay the others.
final class ProbeQueue {
    /// Every fourth turn is a routine one, so that many starts at once do not let the verdicts of
    /// other containers become out of date.
    private static final int ROUTINE_TURN = 4;

    private enum Lane {
        URGENT,
        ROUTINE,
        SUSPECT
    }

    /// @param suspect whether the slot is one for containers whose last probe failed
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

    /// Takes a slot for the next container, if there is both a free slot and a container.
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
        // If there is only one slot, suspects get it when no other container waits.
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

    /// @param suspect as in the [Place] that is released
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

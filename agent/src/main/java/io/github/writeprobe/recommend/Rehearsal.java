package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.recommend.Bench.Made;
import io.github.writeprobe.recommend.Run.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One run of clones, all at the same time, since they may need each other.
final class Rehearsal {
    private static final Duration LOOK = Duration.ofMillis(300);

    private final Bench bench;
    private final Stage stage;
    private final List<Actor> actors = new ArrayList<>();

    private Rehearsal(Bench bench, Stage stage) {
        this.bench = bench;
        this.stage = stage;
    }

    /// @return what came of each, in the same order
    static List<Run> play(Bench bench, Stage stage, List<Role> roles)
            throws EngineUnavailable, InterruptedException {
        Rehearsal rehearsal = new Rehearsal(bench, stage);
        try {
            Map<Role, Run> runs = rehearsal.play(roles);
            return roles.stream().map(role -> requireNonNull(runs.get(role))).toList();
        } finally {
            rehearsal.actors.forEach(Actor::remove);
        }
    }

    private Map<Role, Run> play(List<Role> roles) throws EngineUnavailable, InterruptedException {
        Map<Role, Run> runs = new HashMap<>();
        for (Role role : roles) {
            switch (bench.make(role.subject(), role.provisions(), role.readOnly(), stage.left())) {
                case Made.Ready(Clone clone) -> actors.add(new Actor(role, clone, stage));
                case Made.Refused(String why) -> runs.put(role, refused(why));
            }
        }
        act();
        if (actors.stream().anyMatch(actor -> actor.on() && actor.role().restart())) {
            stop();
            act();
        }
        for (Actor actor : actors) {
            actor.look();
        }
        if (actors.stream().anyMatch(actor -> actor.on() && !actor.role().restart())) {
            stop();
        }
        for (Actor actor : actors) {
            runs.put(actor.role(), actor.end());
        }
        return runs;
    }

    private static Run refused(String why) {
        return new Run.Badly(
                Failure.ITS_OWN,
                "the engine would not make it: " + why,
                List.of(),
                Duration.ZERO,
                List.of());
    }

    /// Starts them, waits until each is ready, and exercises them.
    private void act() throws EngineUnavailable, InterruptedException {
        for (Actor actor : actors) {
            actor.begin();
        }
        while (actors.stream().anyMatch(Actor::awaited)) {
            for (Actor actor : actors) {
                actor.await(actors.size() > 1);
            }
            stage.time().pause(LOOK);
        }
        for (Actor actor : actors) {
            actor.exercise();
        }
    }

    private void stop() throws EngineUnavailable, InterruptedException {
        for (Actor actor : actors.reversed()) {
            actor.stop();
        }
    }
}

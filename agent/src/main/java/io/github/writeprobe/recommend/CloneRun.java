package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.recommend.CloneEnvironment.Made;
import io.github.writeprobe.recommend.CloneRunResult.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One run of clones, all at the same time, since they may need each other.
final class CloneRun {
    private static final Duration LOOK = Duration.ofMillis(300);

    private final CloneEnvironment bench;
    private final CloneRunContext stage;
    private final List<CloneActor> actors = new ArrayList<>();

    private CloneRun(CloneEnvironment bench, CloneRunContext stage) {
        this.bench = bench;
        this.stage = stage;
    }

    /// @return what came of each, in the same order
    static List<CloneRunResult> play(
            CloneEnvironment bench, CloneRunContext stage, List<CloneRole> roles)
            throws EngineUnavailable, InterruptedException {
        CloneRun rehearsal = new CloneRun(bench, stage);
        try {
            Map<CloneRole, CloneRunResult> runs = rehearsal.play(roles);
            return roles.stream().map(role -> requireNonNull(runs.get(role))).toList();
        } finally {
            rehearsal.actors.forEach(CloneActor::remove);
        }
    }

    private Map<CloneRole, CloneRunResult> play(List<CloneRole> roles)
            throws EngineUnavailable, InterruptedException {
        Map<CloneRole, CloneRunResult> runs = new HashMap<>();
        for (CloneRole role : roles) {
            switch (bench.make(role.subject(), role.provisions(), role.readOnly(), stage.left())) {
                case Made.Ready(Clone clone) -> actors.add(new CloneActor(role, clone, stage));
                case Made.Refused(String why) -> runs.put(role, refused(why));
            }
        }
        act();
        if (actors.stream().anyMatch(actor -> actor.on() && actor.role().restart())) {
            stop();
            act();
        }
        for (CloneActor actor : actors) {
            actor.look();
        }
        if (actors.stream().anyMatch(actor -> actor.on() && !actor.role().restart())) {
            stop();
        }
        for (CloneActor actor : actors) {
            runs.put(actor.role(), actor.end());
        }
        return runs;
    }

    private static CloneRunResult refused(String why) {
        return new CloneRunResult.Badly(
                Failure.ITS_OWN,
                "the engine would not make it: " + why,
                List.of(),
                Duration.ZERO,
                List.of());
    }

    /// Starts them, waits until each is ready, and exercises them.
    private void act() throws EngineUnavailable, InterruptedException {
        for (CloneActor actor : actors) {
            actor.begin();
        }
        while (actors.stream().anyMatch(CloneActor::awaited)) {
            for (CloneActor actor : actors) {
                actor.await(actors.size() > 1);
            }
            stage.time().pause(LOOK);
        }
        for (CloneActor actor : actors) {
            actor.exercise();
        }
    }

    private void stop() throws EngineUnavailable, InterruptedException {
        for (CloneActor actor : actors.reversed()) {
            actor.stop();
        }
    }
}

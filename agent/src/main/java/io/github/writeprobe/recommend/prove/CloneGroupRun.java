package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.prove.CloneEnvironment.Made;
import io.github.writeprobe.recommend.prove.CloneRunResult.Failure;
import io.github.writeprobe.recommend.prove.ProofCoverage.PhaseName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One run of several clones at the same time, because they may need each other.
final class CloneGroupRun {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(300);

    private final CloneEnvironment cloneEnvironment;
    private final SharedCloneContext context;
    private final List<CloneLifecycle> clones = new ArrayList<>();

    private CloneGroupRun(CloneEnvironment cloneEnvironment, SharedCloneContext context) {
        this.cloneEnvironment = cloneEnvironment;
        this.context = context;
    }

    /// @return the result of each clone, in the same order
    static List<CloneRunResult> run(
            CloneEnvironment cloneEnvironment, SharedCloneContext context, List<CloneSpec> specs)
            throws EngineUnavailable, InterruptedException {
        CloneGroupRun cloneRun = new CloneGroupRun(cloneEnvironment, context);
        try {
            Map<CloneSpec, CloneRunResult> results = cloneRun.runAll(specs);
            return specs.stream().map(spec -> requireNonNull(results.get(spec))).toList();
        } finally {
            cloneRun.clones.forEach(CloneLifecycle::remove);
        }
    }

    private Map<CloneSpec, CloneRunResult> runAll(List<CloneSpec> specs)
            throws EngineUnavailable, InterruptedException {
        Map<CloneSpec, CloneRunResult> results = new HashMap<>();
        for (CloneSpec spec : specs) {
            switch (cloneEnvironment.make(
                    spec.subject(), spec.provisions(), spec.readOnly(), context.remaining())) {
                case Made.Ready(Clone copy) -> clones.add(new CloneLifecycle(spec, copy, context));
                case Made.Refused(String reason) -> results.put(spec, refused(reason));
            }
        }
        startAndExercise(PhaseName.START, PhaseName.EXERCISE);
        if (clones.stream().anyMatch(clone -> clone.isActive() && clone.spec().restart())) {
            for (CloneLifecycle clone : clones) {
                clone.rememberData();
            }
            stopAll();
            startAndExercise(PhaseName.RESTART, PhaseName.SECOND_EXERCISE);
            for (CloneLifecycle clone : clones) {
                clone.compareData();
            }
        }
        for (CloneLifecycle clone : clones) {
            clone.inspect();
        }
        if (clones.stream().anyMatch(clone -> clone.isActive() && !clone.spec().restart())) {
            stopAll();
        }
        for (CloneLifecycle clone : clones) {
            results.put(clone.spec(), clone.finish());
        }
        return results;
    }

    private static CloneRunResult refused(String reason) {
        return new CloneRunResult.Failed(
                Failure.CLONE,
                "the engine refused to create it: " + reason,
                List.of(),
                Duration.ZERO,
                List.of());
    }

    /// Starts the clones, waits until each is ready, and exercises them.
    private void startAndExercise(PhaseName startPhase, PhaseName exercisePhase)
            throws EngineUnavailable, InterruptedException {
        long startedAt = context.time().nanos();
        for (CloneLifecycle clone : clones) {
            clone.start();
        }
        while (clones.stream().anyMatch(CloneLifecycle::isPending)) {
            for (CloneLifecycle clone : clones) {
                clone.checkReady(clones.size() > 1);
            }
            context.time().pause(POLL_INTERVAL);
        }
        endPhase(startPhase, startedAt);
        if (context.exerciser().isPresent()) {
            long exercisedAt = context.time().nanos();
            for (CloneLifecycle clone : clones) {
                clone.exercise();
            }
            endPhase(exercisePhase, exercisedAt);
        }
    }

    private void endPhase(PhaseName phase, long since)
            throws EngineUnavailable, InterruptedException {
        for (CloneLifecycle clone : clones) {
            clone.endPhase(phase, since);
        }
    }

    private void stopAll() throws EngineUnavailable, InterruptedException {
        long stoppedAt = context.time().nanos();
        for (CloneLifecycle clone : clones.reversed()) {
            clone.stop();
        }
        endPhase(PhaseName.STOP, stoppedAt);
    }
}

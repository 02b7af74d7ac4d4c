package io.github.writeprobe.probing;

import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Decides which results from inside a container can be compared with those of the kernel: only
/// those about paths whose kernel result was the same before and after. A volume that fills up, a
/// directory that changes its owner, or a mount that comes and goes is no contradiction.
final class ConcurrentChangeCheck {
    private static final FileExecutionResult NOT_TESTED =
            new FileExecutionResult.Untested("it changed");

    private ConcurrentChangeCheck() {}

    /// What one identity observed at one path, without the detail text.
    private record PathOutcome(
            ProbeIdentity identity, String resolved, Object write, FileExecutionResult execute) {}

    /// As below, for a time in which no mount changed.
    static List<ProbeResult> markChanged(
            List<ProbeResult> results, List<ProbeResult> before, List<ProbeResult> after) {
        return markChanged(results, before, after, true);
    }

    /// @param before the kernel's results before
    /// @param after the kernel's results after
    /// @param mountsStable whether no mount appeared, vanished or changed in between
    /// @return `results`, with an inconclusive observation for each path that changed
    static List<ProbeResult> markChanged(
            List<ProbeResult> results,
            List<ProbeResult> before,
            List<ProbeResult> after,
            boolean mountsStable) {
        if (results.isEmpty() || before.isEmpty() || after.isEmpty()) {
            return results;
        }
        if (!mountsStable) {
            Map<String, List<PathOutcome>> outcomesAfter = outcomes(after);
            return outcomesAfter.isEmpty()
                    ? results
                    : results.stream()
                            .map(t -> replaceUnless(t, o -> matches(o, outcomesAfter)))
                            .toList();
        }
        if (sameObservations(before, after)) {
            return results;
        }
        Map<String, List<PathOutcome>> outcomesBefore = outcomes(before);
        Map<String, List<PathOutcome>> outcomesAfter = outcomes(after);
        // Without kernel results, nothing is known about changes.
        if (outcomesBefore.equals(outcomesAfter) || outcomesAfter.isEmpty()) {
            return results;
        }
        return results.stream()
                .map(t ->
                        replaceUnless(
                                t,
                                o ->
                                        outcomesBefore
                                                .getOrDefault(o.path(), List.of())
                                                .equals(
                                                        outcomesAfter.getOrDefault(
                                                                o.path(), List.of()))))
                .toList();
    }

    private static boolean matches(
            PathObservation o, Map<String, List<PathOutcome>> outcomesAfter) {
        return outcomesAfter.getOrDefault(o.path(), List.of()).stream()
                .anyMatch(outcome -> outcome.write().equals(comparable(o.write())));
    }

    /// A quick check for the usual case: nothing changed.
    private static boolean sameObservations(List<ProbeResult> before, List<ProbeResult> after) {
        if (before.size() != after.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).observations().equals(after.get(i).observations())) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, List<PathOutcome>> outcomes(List<ProbeResult> results) {
        Map<String, List<PathOutcome>> outcomes = new HashMap<>();
        for (ProbeResult result : results) {
            for (PathObservation o : result.observations()) {
                outcomes.computeIfAbsent(o.path(), p -> new ArrayList<>())
                        .add(
                                new PathOutcome(
                                        o.identity(),
                                        o.resolved(),
                                        comparable(o.write()),
                                        o.execute()));
            }
        }
        return outcomes;
    }

    private static Object comparable(WriteResult write) {
        return switch (write) {
            case WriteResult.Refused refused -> refused.errno();
            case WriteResult.Inconclusive inconclusive -> inconclusive.cause();
            case WriteResult.Writable _, WriteResult.Absent _ -> write;
        };
    }

    private static ProbeResult replaceUnless(ProbeResult t, Predicate<PathObservation> unchanged) {
        List<PathObservation> observations =
                t.observations().stream().map(o -> unchanged.test(o) ? o : changed(o)).toList();
        return new ProbeResult(
                t.witness(),
                t.identity(),
                t.at(),
                t.took(),
                t.mounts(),
                observations,
                t.trouble(),
                t.leftovers(),
                t.facts(),
                Optional.empty());
    }

    private static PathObservation changed(PathObservation o) {
        return new PathObservation(
                o.witness(),
                o.identity(),
                o.uid(),
                o.path(),
                o.resolved(),
                new WriteResult.Inconclusive(InconclusiveCause.CHANGED, ""),
                NOT_TESTED);
    }
}

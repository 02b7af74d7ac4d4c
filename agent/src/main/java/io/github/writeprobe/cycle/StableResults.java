package io.github.writeprobe.cycle;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What of a container's own testimony can be held against the kernel's: only that about places
/// which were the same before and after. A volume that fills up, a directory that changes hands, a
/// mount that comes and goes are no contradiction.
final class StableResults {
    private static final ExecutionOutcome NOT_ANY_MORE =
            new ExecutionOutcome.Untested("it changed");

    private StableResults() {}

    /// What one identity met with at one place, but for the words.
    private record Place(
            Identity identity, String resolved, Object write, ExecutionOutcome execute) {}

    /// The same where no mount came and went unseen.
    static List<ProbeResult> through(
            List<ProbeResult> sworn, List<ProbeResult> before, List<ProbeResult> after) {
        return through(sworn, before, after, true);
    }

    /// @param before what the kernel said at the time
    /// @param after what it said later
    /// @param still whether no mount came, went or changed meanwhile
    /// @return `sworn`, with doubt in place of what it says of a path that changed
    static List<ProbeResult> through(
            List<ProbeResult> sworn,
            List<ProbeResult> before,
            List<ProbeResult> after,
            boolean still) {
        if (sworn.isEmpty() || before.isEmpty() || after.isEmpty()) {
            return sworn;
        }
        if (!still) {
            Map<String, List<Place>> now = places(after);
            return now.isEmpty()
                    ? sworn
                    : sworn.stream().map(t -> keeping(t, o -> agrees(o, now))).toList();
        }
        if (same(before, after)) {
            return sworn;
        }
        Map<String, List<Place>> then = places(before);
        Map<String, List<Place>> now = places(after);
        // A kernel that could not be asked says nothing of what changed.
        if (then.equals(now) || now.isEmpty()) {
            return sworn;
        }
        return sworn.stream()
                .map(t ->
                        keeping(
                                t,
                                o ->
                                        then.getOrDefault(o.path(), List.of())
                                                .equals(now.getOrDefault(o.path(), List.of()))))
                .toList();
    }

    private static boolean agrees(Observation o, Map<String, List<Place>> now) {
        return now.getOrDefault(o.path(), List.of()).stream()
                .anyMatch(place -> place.write().equals(gist(o.write())));
    }

    /// Nearly always, so it has to be quick.
    private static boolean same(List<ProbeResult> before, List<ProbeResult> after) {
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

    private static Map<String, List<Place>> places(List<ProbeResult> testimonies) {
        Map<String, List<Place>> places = new HashMap<>();
        for (ProbeResult testimony : testimonies) {
            for (Observation o : testimony.observations()) {
                places.computeIfAbsent(o.path(), p -> new ArrayList<>())
                        .add(new Place(o.identity(), o.resolved(), gist(o.write()), o.execute()));
            }
        }
        return places;
    }

    private static Object gist(Write write) {
        return switch (write) {
            case Write.Refused refused -> refused.errno();
            case Write.Inconclusive inconclusive -> inconclusive.cause();
            case Write.Writable _, Write.Absent _ -> write;
        };
    }

    private static ProbeResult keeping(ProbeResult t, Predicate<Observation> kept) {
        List<Observation> observations =
                t.observations().stream().map(o -> kept.test(o) ? o : changed(o)).toList();
        return new ProbeResult(
                t.witness(),
                t.identity(),
                t.at(),
                t.took(),
                t.mounts(),
                observations,
                t.trouble(),
                t.leftovers(),
                t.facts());
    }

    private static Observation changed(Observation o) {
        return new Observation(
                o.witness(),
                o.identity(),
                o.uid(),
                o.path(),
                o.resolved(),
                new Write.Inconclusive(Cause.CHANGED, ""),
                NOT_ANY_MORE);
    }
}

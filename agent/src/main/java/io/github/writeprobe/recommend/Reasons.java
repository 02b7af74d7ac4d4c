package io.github.writeprobe.recommend;

import io.github.writeprobe.recommend.known.Lifetime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Why there is a mount on a place: what was seen, then what is known of it.
final class Reasons {
    private static final int MOST = 3;

    private record Reason(Source source, String because) {}

    private Reasons() {}

    /// @return a list that more can be added to
    static List<Evidence> of(Place place) {
        List<Evidence> evidence = new ArrayList<>(Wording.written(place.traces()));
        place.traces().stream()
                .filter(Trace::executed)
                .findFirst()
                .ifPresent(t -> evidence.add(run(t)));
        Set<Evidence> known = new LinkedHashSet<>();
        place.needs().forEach(n -> known.add(new Evidence(Source.KNOWN, n.because())));
        known.addAll(reasons(place.members()));
        known.stream().limit(MOST).forEach(evidence::add);
        return evidence;
    }

    /// Each reason once, with what it holds for.
    private static List<Evidence> reasons(List<Judged> members) {
        Map<Reason, Set<String>> about = new LinkedHashMap<>();
        members.stream()
                .filter(j -> !j.because().isEmpty())
                // What has to last decides, and so is said first.
                .sorted(Comparator.comparing(j -> !j.is(Lifetime.PERSISTENT)))
                .forEach(j ->
                        about.computeIfAbsent(
                                        new Reason(j.source(), j.because()),
                                        r -> new LinkedHashSet<>())
                                .add(j.about()));
        return about.entrySet().stream()
                .map(e ->
                        new Evidence(
                                e.getKey().source(),
                                Wording.few(e.getValue()) + ": " + e.getKey().because()))
                .toList();
    }

    private static Evidence run(Trace trace) {
        Source source = trace.sources().contains(Source.WATCH) ? Source.WATCH : Source.OPEN_FILES;
        return new Evidence(source, trace.path() + " was run, or mapped to be run");
    }

    /// Where it is known from how much was written.
    static Source first(Place place) {
        return place.traces().stream()
                .flatMap(t -> t.sources().stream())
                .min(Comparator.naturalOrder())
                .orElse(Source.KNOWN);
    }
}

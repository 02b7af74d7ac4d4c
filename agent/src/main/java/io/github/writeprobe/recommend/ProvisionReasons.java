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
final class ProvisionReasons {
    private static final int MOST = 3;

    private record Reason(EvidenceSource source, String because) {}

    private ProvisionReasons() {}

    /// @return a list that more can be added to
    static List<ProvisionEvidence> of(MountPlace place) {
        List<ProvisionEvidence> evidence =
                new ArrayList<>(ObservationWording.written(place.traces()));
        place.traces().stream()
                .filter(Trace::executed)
                .findFirst()
                .ifPresent(t -> evidence.add(run(t)));
        Set<ProvisionEvidence> known = new LinkedHashSet<>();
        place.needs()
                .forEach(n -> known.add(new ProvisionEvidence(EvidenceSource.KNOWN, n.because())));
        known.addAll(reasons(place.members()));
        known.stream().limit(MOST).forEach(evidence::add);
        return evidence;
    }

    /// Each reason once, with what it holds for.
    private static List<ProvisionEvidence> reasons(List<JudgedTrace> members) {
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
                        new ProvisionEvidence(
                                e.getKey().source(),
                                ObservationWording.few(e.getValue()) + ": " + e.getKey().because()))
                .toList();
    }

    private static ProvisionEvidence run(Trace trace) {
        EvidenceSource source =
                trace.sources().contains(EvidenceSource.WATCH)
                        ? EvidenceSource.WATCH
                        : EvidenceSource.OPEN_FILES;
        return new ProvisionEvidence(source, trace.path() + " was run, or mapped to be run");
    }

    /// Where it is known from how much was written.
    static EvidenceSource first(MountPlace place) {
        return place.traces().stream()
                .flatMap(t -> t.sources().stream())
                .min(Comparator.naturalOrder())
                .orElse(EvidenceSource.KNOWN);
    }
}

package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The evidence for a mount: what was observed, then what is known about the paths.
final class ProposalItemReasons {
    private static final int MAX_REASONS = 3;

    private record Reason(WriteEvidenceSource source, String reason) {}

    private ProposalItemReasons() {}

    /// @return a mutable list
    static List<ProposalItemEvidence> of(MountCandidate place) {
        List<ProposalItemEvidence> evidence =
                new ArrayList<>(WriteEvidenceWording.evidence(place.traces()));
        place.traces().stream()
                .filter(WriteEvidence::executed)
                .findFirst()
                .ifPresent(t -> evidence.add(executionEvidence(t)));
        Set<ProposalItemEvidence> known = new LinkedHashSet<>();
        place.requirements()
                .forEach(n ->
                        known.add(new ProposalItemEvidence(WriteEvidenceSource.KNOWN, n.reason())));
        known.addAll(reasons(place.members()));
        known.stream().limit(MAX_REASONS).forEach(evidence::add);
        return evidence;
    }

    /// Each reason once, with the paths that it applies to.
    private static List<ProposalItemEvidence> reasons(List<PathLifetimeDecision> members) {
        Map<Reason, Set<String>> pathsByReason = new LinkedHashMap<>();
        members.stream()
                .filter(j -> !j.reason().isEmpty())
                // Persistent data decide on the volume, so they come first.
                .sorted(Comparator.comparing(j -> !j.hasLifetime(Lifetime.PERSISTENT)))
                .forEach(j ->
                        pathsByReason
                                .computeIfAbsent(
                                        new Reason(j.source(), j.reason()),
                                        r -> new LinkedHashSet<>())
                                .add(j.reasonPath()));
        return pathsByReason.entrySet().stream()
                .map(e ->
                        new ProposalItemEvidence(
                                e.getKey().source(),
                                WriteEvidenceWording.shortList(e.getValue())
                                        + ": "
                                        + e.getKey().reason()))
                .toList();
    }

    private static ProposalItemEvidence executionEvidence(WriteEvidence trace) {
        WriteEvidenceSource source =
                trace.sources().contains(WriteEvidenceSource.WATCH)
                        ? WriteEvidenceSource.WATCH
                        : WriteEvidenceSource.OPEN_FILES;
        return new ProposalItemEvidence(
                source, trace.path() + " was executed, or mapped as executable");
    }

    /// The source of the observed size.
    static WriteEvidenceSource firstSource(MountCandidate place) {
        return place.traces().stream()
                .flatMap(t -> t.sources().stream())
                .min(Comparator.naturalOrder())
                .orElse(WriteEvidenceSource.KNOWN);
    }
}

package io.github.writeprobe.recommend.format;

import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.recommend.format.RecommendationSummary.Line;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.WriteEvidenceWording;
import io.github.writeprobe.recommend.prove.ProofCoverage;
import io.github.writeprobe.recommend.prove.ProofCoverage.Phase;
import io.github.writeprobe.recommend.prove.ProofCoverage.RareEvent;
import io.github.writeprobe.recommend.prove.ProofCoverage.Written;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Says in a few lines what a proof covers, and what it does not cover.
final class ProofCoverageText {
    private static final int MAX_PATHS = 3;
    private static final int MAX_MOUNTS = 4;

    private ProofCoverageText() {}

    static void add(ProofCoverage coverage, Proposal proposal, List<Line> lines) {
        lines.add(new Line("", "The proof covers, with what was written:"));
        for (Phase phase : coverage.phases()) {
            lines.add(
                    new Line(
                            "- ",
                            "%s, %s: %s"
                                    .formatted(
                                            phase.name().label(),
                                            duration(phase),
                                            written(phase.written(), proposal))));
        }
        Arrays.stream(RareEvent.values())
                .filter(coverage.seen()::containsKey)
                .forEach(event ->
                        lines.add(
                                new Line(
                                        "- ",
                                        "%s, by its name: %s"
                                                .formatted(
                                                        event.label(),
                                                        coverage.seen().get(event)))));
        String never =
                coverage.neverSeen().stream()
                        .map(RareEvent::label)
                        .collect(Collectors.joining(", "));
        lines.add(new Line("", "It does not cover, because it was never seen: " + never));
    }

    private static String duration(Phase phase) {
        return phase.duration().toMillis() < 1_000
                ? "less than a second"
                : WriteEvidenceWording.duration(phase.duration());
    }

    private static String written(Written written, Proposal proposal) {
        return switch (written) {
            case Written.Unknown(String reason) -> "not known, because " + reason;
            case Written.Paths(_, int total) when total == 0 -> "nothing";
            case Written.Paths(List<String> paths, int total) when total <= MAX_PATHS ->
                    String.join(", ", paths);
            case Written.Paths(List<String> paths, int total) ->
                    total
                            + " paths: "
                            + byMount(paths, proposal)
                            + (total > paths.size() ? ", …" : "");
        };
    }

    /// `3 in /run, 1 in /var/cache/nginx`, the mounts with the most paths first.
    private static String byMount(List<String> paths, Proposal proposal) {
        List<String> mounts = mounts(proposal);
        Map<String, Long> counts =
                paths.stream()
                        .collect(
                                Collectors.groupingBy(
                                        path -> mountOf(path, mounts),
                                        TreeMap::new,
                                        Collectors.counting()));
        List<String> parts =
                new ArrayList<>(
                        counts.entrySet().stream()
                                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                                .limit(MAX_MOUNTS)
                                .map(e -> e.getValue() + " in " + e.getKey())
                                .toList());
        if (counts.size() > MAX_MOUNTS) {
            parts.add("others in %d more mounts".formatted(counts.size() - MAX_MOUNTS));
        }
        return String.join(", ", parts);
    }

    private static List<String> mounts(Proposal proposal) {
        return proposal.provisions().stream()
                .flatMap(provision ->
                        switch (provision) {
                            case ProposalItem.Tmpfs tmpfs -> Stream.of(tmpfs.path());
                            case ProposalItem.Volume volume -> Stream.of(volume.path());
                            case ProposalItem.Kept kept -> Stream.of(kept.mount().destination());
                            case ProposalItem.Setting _ -> Stream.of();
                        })
                .toList();
    }

    /// The innermost mount that a path is on.
    private static String mountOf(String path, List<String> mounts) {
        return mounts.stream()
                .filter(mount -> MountTable.isAtOrBelow(path, mount))
                .max(Comparator.comparingInt(String::length))
                .orElse("other directories");
    }
}

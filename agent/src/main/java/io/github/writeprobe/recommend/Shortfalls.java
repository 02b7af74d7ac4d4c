package io.github.writeprobe.recommend;

import io.github.writeprobe.probes.writes.ObservationGap;
import java.util.List;

/// What it costs that something could not be seen.
final class Shortfalls {
    private Shortfalls() {}

    static Shortfall noChanges(String why) {
        return new Shortfall(
                EvidenceSource.DIFF,
                why,
                "what was written before it was watched, and what was made without being written"
                        + " to: directories, links, sockets");
    }

    /// @param wanted whether anybody wanted writes to be watched
    static List<Shortfall> of(List<ObservationGap> gaps, boolean wanted) {
        return gaps.stream().distinct().map(g -> of(g, wanted)).toList();
    }

    private static Shortfall of(ObservationGap gap, boolean wanted) {
        return switch (gap.kind()) {
            case UNSEEN ->
                    new Shortfall(
                            EvidenceSource.OPEN_FILES,
                            gap.why(),
                            "files that stand open though they were deleted, sockets, and code that"
                                    + " was unpacked to be run");
            case UNWATCHED ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            wanted ? gap.why() : "it was looked at once, and not watched",
                            "files that are written and removed again, what is run, and which"
                                    + " process writes what");
            case MOUNT ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            gap.why(),
                            "whether anything is written there at all");
            case OVERFLOW ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            gap.why(),
                            "files that were written just then, and removed again");
            case CROWD ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            gap.why(),
                            "the names of single files, and their sizes");
            case ENDED ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            gap.why(),
                            "whatever it would have written later");
        };
    }
}

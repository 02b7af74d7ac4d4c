package io.github.writeprobe.recommend;

import io.github.writeprobe.probes.writes.ObservationGap;
import java.util.List;

/// Says what may be missing in a proposal when a source was not available.
final class Shortfalls {
    private Shortfalls() {}

    static Shortfall withoutDiff(String reason) {
        return new Shortfall(
                EvidenceSource.DIFF,
                reason,
                "what was written before it was watched, and what was made without being written"
                        + " to: directories, links, sockets");
    }

    /// @param watchRequested whether the user wanted writes to be watched
    static List<Shortfall> of(List<ObservationGap> gaps, boolean watchRequested) {
        return gaps.stream().distinct().map(g -> of(g, watchRequested)).toList();
    }

    private static Shortfall of(ObservationGap gap, boolean watchRequested) {
        return switch (gap.kind()) {
            case UNSEEN ->
                    new Shortfall(
                            EvidenceSource.OPEN_FILES,
                            gap.reason(),
                            "files that stand open though they were deleted, sockets, and code that"
                                    + " was unpacked to be run");
            case UNWATCHED ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            watchRequested
                                    ? gap.reason()
                                    : "it was looked at once, and not watched",
                            "files that are written and removed again, what is run, and which"
                                    + " process writes what");
            case MOUNT ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            gap.reason(),
                            "whether anything is written there at all");
            case OVERFLOW ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            gap.reason(),
                            "files that were written just then, and removed again");
            case TOO_MANY_FILES ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            gap.reason(),
                            "the names of single files, and their sizes");
            case ENDED ->
                    new Shortfall(
                            EvidenceSource.WATCH,
                            gap.reason(),
                            "whatever it would have written later");
        };
    }
}

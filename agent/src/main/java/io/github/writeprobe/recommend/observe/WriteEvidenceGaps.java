package io.github.writeprobe.recommend.observe;

import io.github.writeprobe.probes.writes.WriteObservationGap;
import java.util.List;

/// Says what may be missing in a proposal when a source was not available.
final class WriteEvidenceGaps {
    private WriteEvidenceGaps() {}

    static WriteEvidenceGap withoutDiff(String reason) {
        return new WriteEvidenceGap(
                WriteEvidenceSource.DIFF,
                reason,
                "files that were written before the watch, and new directories, links and sockets");
    }

    static WriteEvidenceGap withoutLog(String reason) {
        return new WriteEvidenceGap(WriteEvidenceSource.LOG, reason, "writes that were refused");
    }

    /// @param watchRequested whether the user wanted writes to be watched
    static List<WriteEvidenceGap> of(List<WriteObservationGap> gaps, boolean watchRequested) {
        return gaps.stream().distinct().map(g -> of(g, watchRequested)).toList();
    }

    private static WriteEvidenceGap of(WriteObservationGap gap, boolean watchRequested) {
        return switch (gap.kind()) {
            case UNSEEN ->
                    new WriteEvidenceGap(
                            WriteEvidenceSource.OPEN_FILES,
                            gap.reason(),
                            "deleted files that are still open, sockets, and code that was unpacked"
                                    + " to be executed");
            case UNWATCHED ->
                    new WriteEvidenceGap(
                            WriteEvidenceSource.WATCH,
                            watchRequested ? gap.reason() : "a watch was not requested",
                            "files that are written and removed, files that are executed, and the"
                                    + " names of the processes that write");
            case MOUNT ->
                    new WriteEvidenceGap(
                            WriteEvidenceSource.WATCH, gap.reason(), "all writes to this mount");
            case OVERFLOW ->
                    new WriteEvidenceGap(
                            WriteEvidenceSource.WATCH,
                            gap.reason(),
                            "files that were written and removed in that time");
            case TOO_MANY_FILES ->
                    new WriteEvidenceGap(
                            WriteEvidenceSource.WATCH,
                            gap.reason(),
                            "names and sizes of single files");
            case ENDED ->
                    new WriteEvidenceGap(WriteEvidenceSource.WATCH, gap.reason(), "later writes");
        };
    }
}

package io.github.writeprobe.recommend.observe;

import static java.util.Objects.requireNonNull;

/// A source that was not available, or only in part, and what may be missing because of it.
///
/// @param reason for people: "the engine is on another machine". May contain untrusted text
/// @param cost for people, what may be missing in the proposal
public record WriteEvidenceGap(WriteEvidenceSource source, String reason, String cost) {
    /// Nothing was learned from the processes of a container.
    public static final WriteEvidenceGap NEVER_SEEN =
            new WriteEvidenceGap(
                    WriteEvidenceSource.WATCH,
                    "the container ended before it could be watched",
                    "everything that it writes while it runs");

    public WriteEvidenceGap {
        requireNonNull(source);
        requireNonNull(reason);
        requireNonNull(cost);
    }
}

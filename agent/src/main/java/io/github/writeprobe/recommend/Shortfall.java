package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

/// A source that was not available, or not wholly, and what that costs.
///
/// @param reason for people: "the engine is on another machine". May hold a stranger's text
/// @param cost for people, what can be missing from the proposal because of it
public record Shortfall(EvidenceSource source, String reason, String cost) {
    public Shortfall {
        requireNonNull(source);
        requireNonNull(reason);
        requireNonNull(cost);
    }
}

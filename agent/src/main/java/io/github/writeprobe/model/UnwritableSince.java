package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// When a mount stopped being writable, as far as probes show.
///
/// @param found when a probe was refused first
/// @param writableAt when the probe before that could still write; empty if there was none, so that
///   the mount may have been unwritable for longer
public record UnwritableSince(Instant found, Optional<Instant> writableAt) {
    public UnwritableSince {
        requireNonNull(found);
        requireNonNull(writableAt);
    }

    /// The evidence for it, a line of text.
    String line() {
        return writableAt
                .map(at -> "changed: writable at " + seconds(at) + ", refused at " + seconds(found))
                .orElse("refused since: " + seconds(found) + ", or earlier");
    }

    private static Instant seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }
}

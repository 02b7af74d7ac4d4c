package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.Optional;

/// Why, by whom and until when a finding is waived.
///
/// @param expires the last day on which the waiver applies; empty if it does not expire
public record WaiverNote(String reason, String owner, Optional<LocalDate> expires) {
    public WaiverNote {
        requireNonNull(reason);
        requireNonNull(owner);
        requireNonNull(expires);
    }
}

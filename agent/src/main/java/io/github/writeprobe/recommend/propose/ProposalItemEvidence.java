package io.github.writeprobe.recommend.propose;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.observe.WriteEvidenceSource;

/// Why a line of a proposal is there.
///
/// @param text for people, a sentence without a full stop: "nginx wrote /run/nginx.pid". May
///   contain untrusted text
public record ProposalItemEvidence(WriteEvidenceSource source, String text) {
    public ProposalItemEvidence {
        requireNonNull(source);
        requireNonNull(text);
    }
}

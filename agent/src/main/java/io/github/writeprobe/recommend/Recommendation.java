package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// What a user gets for one container: a proposal, and what came of proving it, if that was asked
/// for.
///
/// @param proposal the proof's own, where there is a proof
public record Recommendation(Proposal proposal, Optional<ProofResult> proof) {
    public Recommendation {
        requireNonNull(proposal);
        requireNonNull(proof);
    }
}

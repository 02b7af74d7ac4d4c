package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.prove.ProofResult;
import java.util.Optional;

/// The result for one container: a proposal, and the result of its proof if a proof was requested.
///
/// @param proposal if there is a proof, the proposal of the proof
public record Recommendation(Proposal proposal, Optional<ProofResult> proof) {
    public Recommendation {
        requireNonNull(proposal);
        requireNonNull(proof);
    }
}

package io.github.writeprobe.recommend.propose;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceGap;
import java.time.Duration;
import java.util.List;

/// What to declare for a container, so that its root filesystem can be read-only.
///
/// @param provisions sorted by kind and path: the same observations give the same text
/// @param notes for people, what to check or to decide; each a sentence. May contain untrusted text
/// @param watched how long writes were watched; zero if they were not
/// @param shortfalls the sources that were not available
public record Proposal(
        ProposalTarget subject,
        List<ProposalItem> provisions,
        List<String> notes,
        Duration watched,
        List<WriteEvidenceGap> shortfalls) {
    public Proposal {
        requireNonNull(subject);
        provisions = List.copyOf(provisions);
        notes = List.copyOf(notes);
        requireNonNull(watched);
        shortfalls = List.copyOf(shortfalls);
    }
}

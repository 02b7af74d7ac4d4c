package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// What to declare for a container, so that its root filesystem can be read-only.
///
/// @param provisions in the order of their kinds and paths: the same observations give the same
///   text
/// @param notes for people, what to look at or to decide; each a sentence. May hold a stranger's
///   text
/// @param watched for how long it was watched, zero if not
/// @param shortfalls what was not available to learn from
public record Proposal(
        Subject subject,
        List<Provision> provisions,
        List<String> notes,
        Duration watched,
        List<Shortfall> shortfalls) {
    public Proposal {
        requireNonNull(subject);
        provisions = List.copyOf(provisions);
        notes = List.copyOf(notes);
        requireNonNull(watched);
        shortfalls = List.copyOf(shortfalls);
    }
}

package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A mismatch between what was observed, what is declared and what the policy requires.
///
/// @param path the path in the container that it is about
/// @param message what is wrong, in a sentence without a full stop
/// @param remedy what to do, in one or two sentences without the last full stop
/// @param evidence lines of text: the errno, the line of the mount table, the declared value, the
///   rule
/// @param waiver the exception that waives it, if any
/// @param onset since when writes are refused, if it is `unwritable` and the agent found it
/// @param actor who changed the mounts, if the finding followed a change and the agent listened
public record Finding(
        FindingKind kind,
        Severity severity,
        String path,
        String message,
        String remedy,
        List<String> evidence,
        Optional<WaiverNote> waiver,
        Optional<UnwritableSince> onset,
        Optional<MountActor> actor) {
    public Finding {
        requireNonNull(kind);
        requireNonNull(severity);
        requireNonNull(path);
        requireNonNull(message);
        requireNonNull(remedy);
        evidence = List.copyOf(evidence);
        requireNonNull(waiver);
        requireNonNull(onset);
        requireNonNull(actor);
    }

    public Finding(
            FindingKind kind,
            Severity severity,
            String path,
            String message,
            String remedy,
            List<String> evidence,
            Optional<WaiverNote> waiver) {
        this(
                kind,
                severity,
                path,
                message,
                remedy,
                evidence,
                waiver,
                Optional.empty(),
                Optional.empty());
    }

    /// The same, with one more line of evidence.
    public Finding withEvidence(String line) {
        return with(line, onset, actor);
    }

    /// The same, with the time at which it began, also as evidence.
    public Finding withOnset(UnwritableSince began) {
        return with(began.line(), Optional.of(began), actor);
    }

    /// The same, with who changed the mounts, also as evidence.
    public Finding withActor(MountActor by) {
        return with(by.line(), onset, Optional.of(by));
    }

    private Finding with(
            String line, Optional<UnwritableSince> began, Optional<MountActor> changedBy) {
        return new Finding(
                kind,
                severity,
                path,
                message,
                remedy,
                Stream.concat(evidence.stream(), Stream.of(line)).toList(),
                waiver,
                began,
                changedBy);
    }

    public boolean isWaived() {
        return waiver.isPresent();
    }
}

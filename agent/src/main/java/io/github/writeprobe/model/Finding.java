package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// A mismatch between what was observed, what is declared and what the policy requires.
///
/// @param path the path in the container that it is about
/// @param message what is wrong, in a sentence without a full stop
/// @param remedy what to do, in one or two sentences without the last full stop
/// @param evidence lines of text: the errno, the line of the mount table, the declared value, the
///   rule
/// @param waiver the exception that waives it, if any
public record Finding(
        FindingKind kind,
        Severity severity,
        String path,
        String message,
        String remedy,
        List<String> evidence,
        Optional<WaiverNote> waiver) {
    public Finding {
        requireNonNull(kind);
        requireNonNull(severity);
        requireNonNull(path);
        requireNonNull(message);
        requireNonNull(remedy);
        evidence = List.copyOf(evidence);
        requireNonNull(waiver);
    }

    public boolean isWaived() {
        return waiver.isPresent();
    }
}

package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/// A change of a container's verdict or of its findings. All texts in it are untrusted.
///
/// @param container its name
/// @param id of the container, as [Container#id()]
/// @param before the verdict's label, or `new`
/// @param after the verdict's label, or `gone`
/// @param message what has changed
/// @param findings the unwaived findings now, each as `exposed /`
public record VerdictChange(
        Instant at,
        String container,
        String id,
        String engine,
        String before,
        String after,
        String message,
        List<String> findings) {
    public VerdictChange {
        requireNonNull(at);
        requireNonNull(container);
        requireNonNull(id);
        requireNonNull(engine);
        requireNonNull(before);
        requireNonNull(after);
        requireNonNull(message);
        findings = List.copyOf(findings);
    }
}

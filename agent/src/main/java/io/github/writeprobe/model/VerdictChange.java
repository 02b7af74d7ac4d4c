package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/// That a container's verdict, or a finding that stands in it, became another. All texts in it are
/// a stranger's.
///
/// @param container its name
/// @param id of the container, as [Container#id()]
/// @param before the verdict's label, or `new`
/// @param after the verdict's label, or `gone`
/// @param message what is new
/// @param findings that stand now, each as `exposed /`
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

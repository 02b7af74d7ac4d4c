package io.github.writeprobe.policy;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.WaiverNote;
import java.util.List;
import java.util.Set;

/// A documented exception: findings that are known and accepted until a date.
///
/// @param kinds the kinds of findings; empty for all
/// @param paths patterns with `*` and `?` for the paths of findings; without `*`, a path does not
///   include what is below it; empty for all
public record Waiver(
        ContainerSelector match, Set<FindingKind> kinds, List<String> paths, WaiverNote note) {
    public Waiver {
        requireNonNull(match);
        kinds = Set.copyOf(kinds);
        paths = List.copyOf(paths);
        requireNonNull(note);
    }

    /// Whether it covers findings of this kind at this path.
    public boolean covers(FindingKind kind, String path) {
        return (kinds.isEmpty() || kinds.contains(kind))
                && (paths.isEmpty() || paths.stream().anyMatch(p -> Glob.matches(p, path)));
    }
}

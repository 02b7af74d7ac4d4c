package io.github.writeprobe.policy;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.WaiverNote;
import java.util.List;
import java.util.Set;

/// A written exception: findings that are known, and accepted until a day.
///
/// @param kinds which findings; empty for all
/// @param paths which paths, what lies below them not included, with `*` and `?`; empty for all
public record Waiver(Match match, Set<FindingKind> kinds, List<String> paths, WaiverNote note) {
    public Waiver {
        requireNonNull(match);
        kinds = Set.copyOf(kinds);
        paths = List.copyOf(paths);
        requireNonNull(note);
    }

    /// Whether it is about findings of this kind at this path.
    public boolean covers(FindingKind kind, String path) {
        return (kinds.isEmpty() || kinds.contains(kind))
                && (paths.isEmpty() || paths.stream().anyMatch(p -> Glob.matches(p, path)));
    }
}

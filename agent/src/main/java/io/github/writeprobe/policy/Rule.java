package io.github.writeprobe.policy;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Expectation.Access;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is wanted of the containers that match.
///
/// @param name in words for a person: where it stands, `rule 2 (writeprobe.yml:14)`
/// @param writable the only paths that may be writable, what lies below them included; empty where
///   the rule does not say, and then every mount that is declared writable may be. Sensitive host
///   paths and engine sockets may be only where a path of this list names them.
/// @param noexec paths from which nothing that was written may run
public record Rule(
        String name,
        Match match,
        Access rootfs,
        Optional<List<String>> writable,
        List<String> noexec) {
    /// A read-only root filesystem, for every container that no other rule matches.
    public static final Rule DEFAULT =
            new Rule("the default rule", Match.ANY, Access.READ_ONLY, Optional.empty(), List.of());

    public Rule {
        requireNonNull(name);
        requireNonNull(match);
        requireNonNull(rootfs);
        writable = writable.map(List::copyOf);
        noexec = List.copyOf(noexec);
    }

    /// The same rule with more paths that may be writable. Where the rule has no list it stays
    /// without one: what it withholds then, sensitive host paths and engine sockets, only the
    /// policy itself can grant.
    public Rule withWritablePaths(List<String> paths) {
        return new Rule(
                name,
                match,
                rootfs,
                writable.map(w -> Stream.concat(w.stream(), paths.stream()).toList()),
                noexec);
    }
}

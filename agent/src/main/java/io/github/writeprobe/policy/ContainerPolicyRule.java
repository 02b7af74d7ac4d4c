package io.github.writeprobe.policy;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Expectation.Access;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is required of the containers that match.
///
/// @param name a text for people with the rule's place, such as `rule 2 (writeprobe.yml:14)`
/// @param writable the only paths that may be writable, with everything below them. Empty if the
///   rule has no list; then every mount that is declared writable may be. Sensitive host paths and
///   engine sockets may be writable only if the list names exactly that path.
/// @param noexec paths at which a written file must not be run
public record ContainerPolicyRule(
        String name,
        ContainerSelector match,
        Access rootfs,
        Optional<List<String>> writable,
        List<String> noexec) {
    /// A read-only root filesystem, for every container that no other rule matches.
    public static final ContainerPolicyRule DEFAULT =
            new ContainerPolicyRule(
                    "the default rule",
                    ContainerSelector.ANY,
                    Access.READ_ONLY,
                    Optional.empty(),
                    List.of());

    public ContainerPolicyRule {
        requireNonNull(name);
        requireNonNull(match);
        requireNonNull(rootfs);
        writable = writable.map(List::copyOf);
        noexec = List.copyOf(noexec);
    }

    /// The same rule with more paths that may be writable. A rule without a list stays without one:
    /// only the policy itself can allow sensitive host paths and engine sockets.
    public ContainerPolicyRule withWritablePaths(List<String> paths) {
        return new ContainerPolicyRule(
                name,
                match,
                rootfs,
                writable.map(w -> Stream.concat(w.stream(), paths.stream()).toList()),
                noexec);
    }
}

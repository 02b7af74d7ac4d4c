package io.github.writeprobe.judge;

import java.util.List;
import java.util.Optional;

/// The host paths that a mount shows.
///
/// @param paths as declared, and as the kernel reports them; empty if the mount shows no path of
///   the host
/// @param sensitive the first sensitive path among them: write access to it gives control of the
///   host
/// @param socket an engine's socket that can be reached through the mount
record HostPathsOfMount(List<String> paths, Optional<String> sensitive, Optional<String> socket) {
    static final HostPathsOfMount NOTHING =
            new HostPathsOfMount(List.of(), Optional.empty(), Optional.empty());

    HostPathsOfMount {
        paths = List.copyOf(paths);
    }

    /// Whether the mount may be writable only if the policy names it.
    boolean needsExplicitRule() {
        return sensitive.isPresent() || socket.isPresent();
    }
}

package io.github.writeprobe.judge;

import java.util.List;
import java.util.Optional;

/// What of the host a mount shows.
///
/// @param paths on the host, as declared and as the kernel has them; empty where it shows nothing
///   of it
/// @param sensitive the first of them that gives power over the host to whoever can write there
/// @param socket an engine's socket that can be reached through it
record ShownHostPaths(List<String> paths, Optional<String> sensitive, Optional<String> socket) {
    static final ShownHostPaths NOTHING =
            new ShownHostPaths(List.of(), Optional.empty(), Optional.empty());

    ShownHostPaths {
        paths = List.copyOf(paths);
    }

    /// Whether policy has to name it for it to be writable.
    boolean needsExplicitRule() {
        return sensitive.isPresent() || socket.isPresent();
    }
}

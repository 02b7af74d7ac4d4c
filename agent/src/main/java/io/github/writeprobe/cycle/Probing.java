package io.github.writeprobe.cycle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// How a pass probes.
///
/// @param paths that are probed in every container, besides `/` and every mount
/// @param timeout for one exec
/// @param concurrency how many containers are probed at once, over all engines
/// @param execute whether exec also runs the file that it wrote
/// @param execAsRoot whether exec also testifies as uid 0
public record Probing(
        List<String> paths,
        Duration timeout,
        int concurrency,
        boolean execute,
        boolean execAsRoot) {
    public Probing {
        paths = List.copyOf(paths);
        requireNonNull(timeout);
    }
}

package io.github.writeprobe.cycle;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How a pass probes.
///
/// @param onlyWitness the one witness that is asked; empty for each that can answer
/// @param paths that are probed in every container, besides `/` and every mount
/// @param timeout for one exec or helper, and for all of the kernel's testimony about one container
/// @param concurrency how many containers are probed at once, over all engines
/// @param execute whether exec and sidecar also run the file that they wrote
/// @param execAsRoot whether exec also testifies as uid 0
/// @param podSandboxes whether pause containers of pods are looked at, too
/// @param sidecarImage of the helpers that sidecar runs; empty if it may not
public record ProbeSettings(
        Optional<WitnessName> onlyWitness,
        List<String> paths,
        Duration timeout,
        int concurrency,
        boolean execute,
        boolean execAsRoot,
        boolean podSandboxes,
        Optional<String> sidecarImage) {
    public ProbeSettings {
        requireNonNull(onlyWitness);
        paths = List.copyOf(paths);
        requireNonNull(timeout);
        requireNonNull(sidecarImage);
    }

    /// Whether the witness is to be asked.
    public boolean asks(WitnessName witness) {
        return onlyWitness.isEmpty() || onlyWitness.get() == witness;
    }

    /// What is probed in a container, besides the mounts that only its mount table knows.
    ///
    /// @param wanted paths that policy has rules for
    public List<String> pathsOf(Container container, List<String> wanted) {
        return Stream.of(
                        Stream.of("/"),
                        paths.stream(),
                        wanted.stream(),
                        container.mounts().stream().map(DeclaredMount::destination))
                .flatMap(s -> s)
                .distinct()
                .toList();
    }
}

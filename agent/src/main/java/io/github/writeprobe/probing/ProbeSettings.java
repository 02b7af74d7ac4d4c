package io.github.writeprobe.probing;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How a cycle probes.
///
/// @param onlyWitness the one witness that is used; empty for every witness that is available
/// @param paths that are probed in every container, in addition to `/` and every mount
/// @param fullInterval in the agent, how often `procfs` tries every path as every identity when
///   nothing has changed: see [io.github.writeprobe.probes.procfs.ProcfsWitness.ProcfsRequest]
/// @param timeout for one exec or helper, and for all `procfs` probes of one container
/// @param concurrency how many containers are probed at once, over all engines
/// @param execute whether `exec` and `sidecar` also run the file that they wrote
/// @param execAsRoot whether `exec` also probes as uid 0
/// @param podSandboxes whether pause containers of pods are probed too
/// @param sidecarImage the image of the helpers that `sidecar` runs; empty if `sidecar` may not be
///   used
public record ProbeSettings(
        Optional<WitnessName> onlyWitness,
        List<String> paths,
        Duration fullInterval,
        Duration timeout,
        int concurrency,
        boolean execute,
        boolean execAsRoot,
        boolean podSandboxes,
        Optional<String> sidecarImage) {
    public ProbeSettings {
        requireNonNull(onlyWitness);
        paths = List.copyOf(paths);
        requireNonNull(fullInterval);
        requireNonNull(timeout);
        requireNonNull(sidecarImage);
    }

    /// A copy with another choice of the only witness.
    public ProbeSettings withOnlyWitness(Optional<WitnessName> only) {
        return new ProbeSettings(
                only,
                paths,
                fullInterval,
                timeout,
                concurrency,
                execute,
                execAsRoot,
                podSandboxes,
                sidecarImage);
    }

    /// A copy with one more path to probe.
    public ProbeSettings withPath(String path) {
        return new ProbeSettings(
                onlyWitness,
                Stream.concat(paths.stream(), Stream.of(path)).distinct().toList(),
                fullInterval,
                timeout,
                concurrency,
                execute,
                execAsRoot,
                podSandboxes,
                sidecarImage);
    }

    /// Whether the witness is to be used.
    public boolean asks(WitnessName witness) {
        return onlyWitness.isEmpty() || onlyWitness.get() == witness;
    }

    /// The paths to probe in a container, without the mounts that only its mount table shows.
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

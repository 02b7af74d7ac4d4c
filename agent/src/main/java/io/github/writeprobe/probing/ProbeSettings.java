package io.github.writeprobe.probing;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
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
    public static final ProbeSettings DEFAULT =
            new ProbeSettings(
                    Optional.empty(),
                    List.of(
                            "/tmp",
                            "/var/tmp",
                            "/run",
                            "/dev",
                            "/dev/shm",
                            "/etc",
                            "/usr",
                            "/home",
                            "/root"),
                    ProcfsWitness.DEFAULT_FULL_INTERVAL,
                    Duration.ofSeconds(5),
                    4,
                    true,
                    false,
                    false,
                    Optional.empty());

    public ProbeSettings {
        requireNonNull(onlyWitness);
        paths = List.copyOf(paths);
        requireNonNull(fullInterval);
        requireNonNull(timeout);
        requireNonNull(sidecarImage);
    }

    /// A copy with another choice of the only witness.
    public ProbeSettings withOnlyWitness(Optional<WitnessName> only) {
        return toBuilder().onlyWitness(only).build();
    }

    /// A copy with one more path to probe.
    public ProbeSettings withPath(String path) {
        return toBuilder()
                .paths(Stream.concat(paths.stream(), Stream.of(path)).distinct().toList())
                .build();
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

    public Builder toBuilder() {
        return new Builder(this);
    }

    /// Names each component, because several have the same type.
    public static final class Builder {
        private Optional<WitnessName> onlyWitness;
        private List<String> paths;
        private Duration fullInterval;
        private Duration timeout;
        private int concurrency;
        private boolean execute;
        private boolean execAsRoot;
        private boolean podSandboxes;
        private Optional<String> sidecarImage;

        private Builder(ProbeSettings from) {
            onlyWitness = from.onlyWitness;
            paths = from.paths;
            fullInterval = from.fullInterval;
            timeout = from.timeout;
            concurrency = from.concurrency;
            execute = from.execute;
            execAsRoot = from.execAsRoot;
            podSandboxes = from.podSandboxes;
            sidecarImage = from.sidecarImage;
        }

        public Builder onlyWitness(Optional<WitnessName> value) {
            onlyWitness = value;
            return this;
        }

        public Builder paths(List<String> value) {
            paths = value;
            return this;
        }

        public Builder fullInterval(Duration value) {
            fullInterval = value;
            return this;
        }

        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        public Builder concurrency(int value) {
            concurrency = value;
            return this;
        }

        public Builder execute(boolean value) {
            execute = value;
            return this;
        }

        public Builder execAsRoot(boolean value) {
            execAsRoot = value;
            return this;
        }

        public Builder podSandboxes(boolean value) {
            podSandboxes = value;
            return this;
        }

        public Builder sidecarImage(Optional<String> value) {
            sidecarImage = value;
            return this;
        }

        public ProbeSettings build() {
            return new ProbeSettings(
                    onlyWitness,
                    paths,
                    fullInterval,
                    timeout,
                    concurrency,
                    execute,
                    execAsRoot,
                    podSandboxes,
                    sidecarImage);
        }
    }
}

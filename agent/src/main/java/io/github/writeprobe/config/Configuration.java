package io.github.writeprobe.config;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Severity;
import io.github.writeprobe.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The configuration, with the default for each key that the file omits.
///
/// @param hosts engines; if empty, the engine of DOCKER_HOST, DOCKER_CONTEXT or the standard socket
public record Configuration(List<String> hosts, Probe probe, Policy policy, Web web) {
    public static final Configuration DEFAULT =
            new Configuration(List.of(), Probe.DEFAULT, Policy.DEFAULT, Web.DEFAULT);

    public Configuration {
        hosts = List.copyOf(hosts);
        requireNonNull(probe);
        requireNonNull(policy);
        requireNonNull(web);
    }

    /// A copy with another severity from which on an audit fails.
    public Configuration withFailOn(Severity failOn) {
        return new Configuration(
                hosts,
                probe,
                new Policy(failOn, policy.honourLabels(), policy.rules(), policy.waivers()),
                web);
    }

    /// A copy with another listen address.
    public Configuration withListenAddress(String address) {
        return new Configuration(hosts, probe, policy, new Web(address));
    }

    /// A copy with one more path to probe.
    public Configuration withPath(String path) {
        Probe more =
                new Probe(
                        probe.witness(),
                        probe.interval(),
                        probe.execInterval(),
                        probe.timeout(),
                        probe.concurrency(),
                        Stream.concat(probe.paths().stream(), Stream.of(path)).distinct().toList(),
                        probe.execute(),
                        probe.execAsRoot(),
                        probe.podSandboxes(),
                        probe.sidecarImage());
        return new Configuration(hosts, more, policy, web);
    }

    /// Which witnesses to use.
    public enum WitnessChoice {
        AUTO("auto"),
        EXEC("exec"),
        PROCFS("procfs"),
        SIDECAR("sidecar");

        private final String label;

        WitnessChoice(String label) {
            this.label = label;
        }

        /// The word used in configuration and on the command line.
        public String label() {
            return label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /// How to probe.
    ///
    /// @param interval of the agent's cycle
    /// @param execInterval time between two probes of a container by exec, in the agent
    /// @param timeout of exec, sidecar or procfs for one container
    /// @param concurrency how many containers are probed at once
    /// @param paths that are probed in addition to `/` and every mount
    /// @param execute whether exec and sidecar also run the file they wrote
    /// @param execAsRoot whether exec also probes as uid 0
    /// @param podSandboxes whether pause containers of pods are judged too
    /// @param sidecarImage image of the sidecar witness's helper containers; empty to start none
    public record Probe(
            WitnessChoice witness,
            Duration interval,
            Duration execInterval,
            Duration timeout,
            int concurrency,
            List<String> paths,
            boolean execute,
            boolean execAsRoot,
            boolean podSandboxes,
            Optional<String> sidecarImage) {
        public static final Probe DEFAULT =
                new Probe(
                        WitnessChoice.AUTO,
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(15),
                        Duration.ofSeconds(5),
                        4,
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
                        true,
                        false,
                        false,
                        Optional.empty());

        public Probe {
            requireNonNull(witness);
            requireNonNull(interval);
            requireNonNull(execInterval);
            requireNonNull(timeout);
            requireNonNull(sidecarImage);
            paths = List.copyOf(paths);
        }
    }

    /// Where the agent listens.
    public record Web(String listenAddress) {
        public static final Web DEFAULT = new Web("127.0.0.1:9714");
    }
}

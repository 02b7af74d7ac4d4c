package io.github.writeprobe.config;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.metrics.PathSeriesScope;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The configuration, with the default for each key that the file omits.
///
/// @param hosts engines; if empty, the engine of DOCKER_HOST, DOCKER_CONTEXT or the standard socket
public record Configuration(
        List<String> hosts, Probe probe, Policy policy, Metrics metrics, Web web) {
    public static final Configuration DEFAULT =
            new Configuration(
                    List.of(), Probe.DEFAULT, Policy.DEFAULT, Metrics.DEFAULT, Web.DEFAULT);

    public Configuration {
        hosts = List.copyOf(hosts);
        requireNonNull(probe);
        requireNonNull(policy);
        requireNonNull(metrics);
        requireNonNull(web);
    }

    /// A copy with other engines.
    public Configuration withHosts(List<String> hosts) {
        return new Configuration(hosts, probe, policy, metrics, web);
    }

    /// A copy with another severity from which on an audit fails.
    public Configuration withFailOn(Severity failOn) {
        return new Configuration(
                hosts,
                probe,
                new Policy(failOn, policy.honourLabels(), policy.rules(), policy.waivers()),
                metrics,
                web);
    }

    /// A copy with another listen address.
    public Configuration withListenAddress(String address) {
        return new Configuration(hosts, probe, policy, metrics, new Web(address));
    }

    /// A copy that probes otherwise.
    public Configuration withProbeSettings(ProbeSettings settings) {
        return new Configuration(
                hosts,
                new Probe(probe.interval(), probe.execInterval(), probe.mountActors(), settings),
                policy,
                metrics,
                web);
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

        public static WitnessChoice of(Optional<WitnessName> onlyWitness) {
            return onlyWitness
                    .map(only ->
                            switch (only) {
                                case EXEC -> EXEC;
                                case PROCFS -> PROCFS;
                                case SIDECAR -> SIDECAR;
                            })
                    .orElse(AUTO);
        }

        /// The only witness to use; empty for all that are available.
        public Optional<WitnessName> onlyWitness() {
            return switch (this) {
                case AUTO -> Optional.empty();
                case EXEC -> Optional.of(WitnessName.EXEC);
                case PROCFS -> Optional.of(WitnessName.PROCFS);
                case SIDECAR -> Optional.of(WitnessName.SIDECAR);
            };
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
    /// @param mountActors whether the agent finds out who changes mounts, if the kernel tells it
    /// @param settings of each probe
    public record Probe(
            Duration interval, Duration execInterval, boolean mountActors, ProbeSettings settings) {
        public static final Probe DEFAULT =
                new Probe(
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(15),
                        true,
                        ProbeSettings.DEFAULT);

        public Probe {
            requireNonNull(interval);
            requireNonNull(execInterval);
            requireNonNull(settings);
        }
    }

    /// What is exported.
    public record Metrics(PathSeriesScope paths) {
        public static final Metrics DEFAULT = new Metrics(PathSeriesScope.FINDINGS);

        public Metrics {
            requireNonNull(paths);
        }
    }

    /// Where the agent listens.
    public record Web(String listenAddress) {
        public static final Web DEFAULT = new Web("127.0.0.1:9714");
    }
}

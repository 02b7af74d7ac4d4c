package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What a read-only clone went through, so that a reader knows what a proof does not cover.
///
/// @param phases in their order
/// @param seen what services do rarely, and was seen, with the evidence. Untrusted texts
public record ProofCoverage(List<Phase> phases, Map<RareEvent, String> seen) {
    /// A part of a clone's life.
    public record Phase(PhaseName name, Duration duration, Written written) {
        public Phase {
            requireNonNull(name);
            requireNonNull(duration);
            requireNonNull(written);
        }
    }

    public enum PhaseName {
        START("start"),
        EXERCISE("exercise"),
        STOP("stop"),
        RESTART("restart"),
        SECOND_EXERCISE("second exercise");

        private final String label;

        PhaseName(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public sealed interface Written {
        /// What was written in the mounts and still existed at the end of the phase, or existed
        /// before it and was removed. A directory stands for something that was created and removed
        /// in it.
        ///
        /// @param first sorted, at most [#MAX_PATHS]. Untrusted texts
        /// @param total how many there were
        record Paths(List<String> first, int total) implements Written {
            static final int MAX_PATHS = 1_000;

            public Paths {
                first = List.copyOf(first);
            }
        }

        /// @param reason for people
        record Unknown(String reason) implements Written {
            public Unknown {
                requireNonNull(reason);
            }
        }
    }

    /// What a service does rarely, and with which a read-only root filesystem may interfere.
    public enum RareEvent {
        LOG_ROTATION("log rotation"),
        RELOAD("a reload of the configuration"),
        BACKUP("a backup"),
        UPGRADE("an upgrade");

        private final String label;

        RareEvent(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public ProofCoverage {
        phases = List.copyOf(phases);
        seen = Map.copyOf(seen);
    }

    /// What was not seen to happen, so that nothing is known about it.
    public List<RareEvent> neverSeen() {
        return Arrays.stream(RareEvent.values()).filter(e -> !seen.containsKey(e)).toList();
    }
}

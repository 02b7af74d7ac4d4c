package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What can be verified from here, what cannot, and what would help.
public record Diagnosis(String toolVersion, List<Check> checks) {
    public Diagnosis {
        requireNonNull(toolVersion);
        checks = List.copyOf(checks);
    }

    /// What a check is about.
    public enum Area {
        ENGINES("engines"),
        WITNESSES("witnesses"),
        HOST("host");

        private final String label;

        Area(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public enum State {
        WORKS("works"),
        /// It works for some containers, or not as well as it could.
        LIMITED("limited"),
        FAILS("fails"),
        /// It was not tried, or nobody asked for it.
        UNUSED("unused");

        private final String label;

        State(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /// The result for one engine, one witness or one property of the host.
    ///
    /// @param subject such as an engine's host, or the name of a witness
    /// @param remedy what would help; empty if nothing has to be done, or if the detail says it
    public record Check(Area area, String subject, State state, String detail, String remedy) {
        public Check {
            requireNonNull(area);
            requireNonNull(subject);
            requireNonNull(state);
            requireNonNull(detail);
            requireNonNull(remedy);
        }
    }

    public List<Check> checks(Area area) {
        return checks.stream().filter(check -> check.area() == area).toList();
    }

    /// The number of engines that answered.
    public long answeringEngines() {
        return checks(Area.ENGINES).stream().filter(c -> c.state() == State.WORKS).count();
    }
}

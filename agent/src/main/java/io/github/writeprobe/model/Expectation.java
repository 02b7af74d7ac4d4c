package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

/// What policy wants of a path.
///
/// @param rule which rule says so, in words for a person
public record Expectation(Access access, boolean noexec, String rule) {
    /// What a path should be.
    public enum Access {
        READ_ONLY("read-only"),
        WRITABLE("writable");

        private final String label;

        Access(String label) {
            this.label = label;
        }

        /// The word used in reports and configuration.
        public String label() {
            return label;
        }
    }

    public Expectation {
        requireNonNull(access);
        requireNonNull(rule);
    }
}

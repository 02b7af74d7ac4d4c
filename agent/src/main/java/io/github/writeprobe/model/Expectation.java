package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

/// What the policy requires of a path.
///
/// @param rule the rule that requires it, as a text for people
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

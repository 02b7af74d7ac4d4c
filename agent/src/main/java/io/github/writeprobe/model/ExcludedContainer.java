package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

/// A running container that is not judged, because it belongs to a tool and has no power, or exists
/// only for this audit. All texts in it are untrusted.
///
/// @param id 64 hexadecimal digits
/// @param name without the leading slash
public record ExcludedContainer(String id, String name, Reason reason) {
    /// Why a container is excluded.
    public enum Reason {
        /// A pod's pause container: [PauseContainerDetector].
        POD_SANDBOX("pod-sandbox"),
        /// A container that writeprobe started: a helper of the witness `sidecar`, or a clone.
        HELPER("helper"),
        /// The container whose first process is this audit, as in `docker run writeprobe audit`.
        SELF("self");

        private final String label;

        Reason(String label) {
            this.label = label;
        }

        /// The word used in reports and as a metric label.
        public String label() {
            return label;
        }
    }

    public ExcludedContainer {
        requireNonNull(id);
        requireNonNull(name);
        requireNonNull(reason);
    }
}

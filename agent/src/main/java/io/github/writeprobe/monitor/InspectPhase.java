package io.github.writeprobe.monitor;

/// Whether a container is being inspected. What changes meanwhile has it inspected once more.
enum InspectPhase {
    IDLE,
    RUNNING,
    RUNNING_AND_OUTDATED;

    InspectPhase requested() {
        return this == IDLE ? RUNNING : RUNNING_AND_OUTDATED;
    }

    /// [#RUNNING] if another inspect has to follow at once.
    InspectPhase finished() {
        return switch (this) {
            case IDLE -> throw new IllegalStateException("no inspect was under way");
            case RUNNING -> IDLE;
            case RUNNING_AND_OUTDATED -> RUNNING;
        };
    }
}

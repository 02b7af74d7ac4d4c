package io.github.writeprobe.monitor;

/// Whether a container is being inspected. A change during the inspect causes another inspect.
enum InspectTaskState {
    IDLE,
    RUNNING,
    RUNNING_AND_OUTDATED;

    InspectTaskState requested() {
        return this == IDLE ? RUNNING : RUNNING_AND_OUTDATED;
    }

    /// [#RUNNING] means that another inspect has to follow at once.
    InspectTaskState finished() {
        return switch (this) {
            case IDLE -> throw new IllegalStateException("no inspect was under way");
            case RUNNING -> IDLE;
            case RUNNING_AND_OUTDATED -> RUNNING;
        };
    }
}

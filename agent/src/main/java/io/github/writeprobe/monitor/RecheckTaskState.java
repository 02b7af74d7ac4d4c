package io.github.writeprobe.monitor;

/// Whether a container is being rechecked by `procfs` alone. Rechecks of one container do not
/// overlap with each other, nor with a probe, which also uses `procfs`.
enum RecheckTaskState {
    IDLE,
    RUNNING,
    /// Its mounts may have changed since the recheck began.
    RUNNING_AND_OUTDATED,
    /// It has to be rechecked when the running probe has ended.
    AFTER_PROBE;

    RecheckTaskState requested(boolean probing) {
        return switch (this) {
            case IDLE -> probing ? AFTER_PROBE : RUNNING;
            case RUNNING, RUNNING_AND_OUTDATED -> RUNNING_AND_OUTDATED;
            case AFTER_PROBE -> AFTER_PROBE;
        };
    }
}

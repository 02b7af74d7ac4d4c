package io.github.writeprobe.monitor;

/// Whether the kernel is being asked about a container alone. That is never done twice at once, nor
/// while a probe is under way, which asks the kernel as well.
enum RecheckPhase {
    IDLE,
    RUNNING,
    /// Its mounts may have changed since the kernel was asked.
    RUNNING_AND_OUTDATED,
    /// It has to be done once the probe is over.
    AFTER_PROBE;

    RecheckPhase requested(boolean probing) {
        return switch (this) {
            case IDLE -> probing ? AFTER_PROBE : RUNNING;
            case RUNNING, RUNNING_AND_OUTDATED -> RUNNING_AND_OUTDATED;
            case AFTER_PROBE -> AFTER_PROBE;
        };
    }
}

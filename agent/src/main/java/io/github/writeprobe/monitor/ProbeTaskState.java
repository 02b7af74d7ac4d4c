package io.github.writeprobe.monitor;

/// Where a container is on the way to its next probe. It is never in the queue twice, and never
/// probed twice at once.
enum ProbeTaskState {
    /// It was probed and is not due.
    IDLE,
    /// It has to be probed as soon as possible.
    DUE,
    QUEUED,
    RUNNING,
    /// It is being probed, and has to be probed again afterwards.
    RUNNING_AND_DUE;

    boolean isDue() {
        return this == DUE || this == QUEUED || this == RUNNING_AND_DUE;
    }

    boolean isRunning() {
        return this == RUNNING || this == RUNNING_AND_DUE;
    }

    ProbeTaskState due() {
        return switch (this) {
            case IDLE, DUE -> DUE;
            case QUEUED -> QUEUED;
            case RUNNING, RUNNING_AND_DUE -> RUNNING_AND_DUE;
        };
    }

    /// Only a container that is [#DUE] may be queued.
    ProbeTaskState queued() {
        return require(DUE, QUEUED);
    }

    /// It is the next one in the queue, but cannot be probed now.
    ProbeTaskState postponed() {
        return require(QUEUED, DUE);
    }

    ProbeTaskState started() {
        return require(QUEUED, RUNNING);
    }

    ProbeTaskState finished() {
        return this == RUNNING_AND_DUE ? DUE : require(RUNNING, IDLE);
    }

    private ProbeTaskState require(ProbeTaskState before, ProbeTaskState after) {
        if (this != before) {
            throw new IllegalStateException(this + " cannot become " + after);
        }
        return after;
    }
}

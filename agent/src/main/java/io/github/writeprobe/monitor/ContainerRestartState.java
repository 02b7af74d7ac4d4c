package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.RestartLoopStatus;
import java.util.Optional;
import java.util.OptionalLong;

/// Whether a container runs, and which of its starts this is.
sealed interface ContainerRestartState {
    /// The number of the start, beginning with 0.
    int start();

    /// When the engine started it, as the engine writes it.
    String startedAt();

    record NotInspected() implements ContainerRestartState {
        @Override
        public int start() {
            return 0;
        }

        @Override
        public String startedAt() {
            return "";
        }
    }

    record Running(int start, String startedAt) implements ContainerRestartState {}

    /// The container runs, but restarted before. It is unverified until it has run for long enough.
    ///
    /// @param settlesAt when it has run for long enough, by the monitor's [MonitorClock]
    record RestartedRecently(
            int start, String startedAt, RestartLoopStatus loop, OptionalLong settlesAt)
            implements ContainerRestartState {}

    /// The container has ended, and the engine will restart it. It has no processes.
    record WaitingToRestart(int start, String startedAt, RestartLoopStatus loop)
            implements ContainerRestartState {}

    /// Whether the container has processes, as far as is known.
    default boolean hasProcesses() {
        return switch (this) {
            case NotInspected() -> true;
            case Running r -> true;
            case RestartedRecently r -> true;
            case WaitingToRestart w -> false;
        };
    }

    default Optional<RestartLoopStatus> restartLoop() {
        return switch (this) {
            case NotInspected() -> Optional.empty();
            case Running r -> Optional.empty();
            case RestartedRecently r -> Optional.of(r.loop());
            case WaitingToRestart w -> Optional.of(w.loop());
        };
    }

    /// When the container has to be inspected again, because it may have settled by then.
    default OptionalLong settlesAt() {
        return this instanceof RestartedRecently r ? r.settlesAt() : OptionalLong.empty();
    }

    /// The inspect that was due at [#settlesAt] was requested.
    default ContainerRestartState settling() {
        return this instanceof RestartedRecently r
                ? new RestartedRecently(r.start(), r.startedAt(), r.loop(), OptionalLong.empty())
                : this;
    }

    default boolean isAnotherStart(Engine.Inspected now) {
        return !now.startedAt().equals(startedAt());
    }

    /// @param now the inspect of a container that runs or will be restarted
    /// @param nanos the time by the monitor's [MonitorClock]
    default ContainerRestartState inspected(Engine.Inspected now, long nanos) {
        boolean first = this instanceof NotInspected;
        int next = !first && isAnotherStart(now) ? start() + 1 : start();
        if (now.restarts().isEmpty()) {
            return new Running(next, now.startedAt());
        }
        RestartLoopStatus said = now.restarts().get();
        RestartLoopStatus loop = restartLoop().map(said::withEarlierExitCode).orElse(said);
        if (!now.running()) {
            return new WaitingToRestart(next, now.startedAt(), loop);
        }
        OptionalLong settles =
                said.untilSettled()
                        .map(left -> OptionalLong.of(nanos + left.toNanos()))
                        .orElse(OptionalLong.empty());
        return new RestartedRecently(next, now.startedAt(), loop, settles);
    }
}

package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.RestartLoop;
import java.util.Optional;
import java.util.OptionalLong;

/// Whether a container runs, and which of its starts this is.
sealed interface Lifecycle {
    /// Which of its starts this is, from 0 on.
    int start();

    /// When the engine started it, as the engine writes it.
    String startedAt();

    record NotInspected() implements Lifecycle {
        @Override
        public int start() {
            return 0;
        }

        @Override
        public String startedAt() {
            return "";
        }
    }

    record Running(int start, String startedAt) implements Lifecycle {}

    /// It runs, but has ended and been started again before: it is not verified until it has run
    /// for long enough.
    ///
    /// @param settlesAt when it will have, if it goes on running, by the monitor's [MonitorTime]
    record RestartedRecently(int start, String startedAt, RestartLoop loop, OptionalLong settlesAt)
            implements Lifecycle {}

    /// It has ended, and the engine will start it again: it has no processes.
    record WaitingToRestart(int start, String startedAt, RestartLoop loop) implements Lifecycle {}

    /// Whether it has processes, as far as is known.
    default boolean hasProcesses() {
        return switch (this) {
            case NotInspected() -> true;
            case Running r -> true;
            case RestartedRecently r -> true;
            case WaitingToRestart w -> false;
        };
    }

    default Optional<RestartLoop> restartLoop() {
        return switch (this) {
            case NotInspected() -> Optional.empty();
            case Running r -> Optional.empty();
            case RestartedRecently r -> Optional.of(r.loop());
            case WaitingToRestart w -> Optional.of(w.loop());
        };
    }

    /// When it has to be inspected once more, since it may have settled by then.
    default OptionalLong settlesAt() {
        return this instanceof RestartedRecently r ? r.settlesAt() : OptionalLong.empty();
    }

    /// The inspect that was due when it may have settled was asked for.
    default Lifecycle settling() {
        return this instanceof RestartedRecently r
                ? new RestartedRecently(r.start(), r.startedAt(), r.loop(), OptionalLong.empty())
                : this;
    }

    default boolean isAnotherStart(Engine.Inspected now) {
        return !now.startedAt().equals(startedAt());
    }

    /// @param now what inspect says, of a container that runs or will be started again
    /// @param nanos the time by the monitor's [MonitorTime]
    default Lifecycle inspected(Engine.Inspected now, long nanos) {
        boolean first = this instanceof NotInspected;
        int next = !first && isAnotherStart(now) ? start() + 1 : start();
        if (now.restarts().isEmpty()) {
            return new Running(next, now.startedAt());
        }
        RestartLoop said = now.restarts().get();
        RestartLoop loop = restartLoop().map(said::withEarlierExitCode).orElse(said);
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

package io.github.writeprobe.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// An engine restarts a container again and again.
///
/// A container counts as restarting from its first restart until it has run for [#SETTLED_AFTER].
/// After that time Docker resets its delay before the next restart, so Docker also considers that
/// start successful.
///
/// @param count the number of restarts
/// @param exitCode the exit code of the last run; empty while the container runs, if the engine
///   does not report one
/// @param untilSettled how long the container has to run until it counts as settled; empty while it
///   does not run
/// @see <a href="https://github.com/moby/moby/blob/v20.10.24/restartmanager/restartmanager.go">the
///   engine's restart manager</a>
public record RestartLoopStatus(int count, OptionalInt exitCode, Optional<Duration> untilSettled) {
    public static final Duration SETTLED_AFTER = Duration.ofSeconds(10);

    public RestartLoopStatus {
        requireNonNull(exitCode);
        requireNonNull(untilSettled);
    }

    /// A copy that takes a missing exit code from an earlier inspect.
    public RestartLoopStatus withEarlierExitCode(RestartLoopStatus earlier) {
        return new RestartLoopStatus(
                count, exitCode.isPresent() ? exitCode : earlier.exitCode, untilSettled);
    }

    /// Why the container is unverified, and what to do.
    public String message() {
        String lastExit =
                exitCode.isPresent()
                        ? ", the last time after exit code " + exitCode.getAsInt()
                        : "";
        return "it restarts again and again ("
                + count
                + (count == 1 ? " time" : " times")
                + " so far"
                + lastExit
                + "): its log shows why (docker logs, or kubectl logs --previous); fix or stop it; it is"
                + " verified once it has run for "
                + SETTLED_AFTER.toSeconds()
                + " s";
    }
}

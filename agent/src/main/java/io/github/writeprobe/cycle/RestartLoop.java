package io.github.writeprobe.cycle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// That an engine starts a container again and again.
///
/// One counts as such from its first restart until it has run for [#SETTLED_AFTER]: Docker forgets
/// by then how long it has to wait before the next start, so for Docker, too, that was a good
/// start.
///
/// @param count how often it was restarted
/// @param exitCode how it ended last; empty while it runs, when the engine does not say
/// @param untilSettled how long it still has to run until it counts as settled; empty while it does
///   not run
/// @see <a href="https://github.com/moby/moby/blob/v20.10.24/restartmanager/restartmanager.go">the
///   engine's restart manager</a>
public record RestartLoop(int count, OptionalInt exitCode, Optional<Duration> untilSettled) {
    public static final Duration SETTLED_AFTER = Duration.ofSeconds(10);

    public RestartLoop {
        requireNonNull(exitCode);
        requireNonNull(untilSettled);
    }

    /// The same with what an earlier look at it knew.
    public RestartLoop withEarlierExitCode(RestartLoop earlier) {
        return new RestartLoop(
                count, exitCode.isPresent() ? exitCode : earlier.exitCode, untilSettled);
    }

    /// Why it is not verified, and what to do.
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
                + "): see docker logs for why, mend or stop it; it is verified once it has run for "
                + SETTLED_AFTER.toSeconds()
                + " s";
    }
}

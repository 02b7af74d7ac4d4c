package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.RestartLoop;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One container that is followed, and all that is remembered of it. Belongs to the follower's
/// thread.
///
/// It is one from the time it is first heard of until it ends; a container that is started again
/// after that is another one, so that an answer that comes late cannot be mistaken for its own.
final class TrackedContainer {
    private final String id;
    private final long since;

    /// As the engine said last; empty if it has not yet.
    String name = "";

    /// Whether an event has told of it, or it was there when the engine was first listed.
    boolean announced;

    /// Which of its lives this is: a restart that no event told of begins another.
    int life;

    String startedAt = "";
    Optional<Container> declared = Optional.empty();

    /// An inspect is under way; another one has to follow.
    boolean inspecting;

    boolean inspectAgain;

    /// Why the last inspect failed: the next pass has to ask again, and until then nobody knows
    /// what is declared now.
    Optional<String> uninspected = Optional.empty();

    /// It is started again and again, and not verified for that.
    Optional<RestartLoop> restarts = Optional.empty();

    /// When it will have settled, if it goes on running, as [System#nanoTime()].
    OptionalLong settles = OptionalLong.empty();

    /// Whether it has processes. One that waits to be started again has none.
    boolean running = true;

    /// Which of its lives was heard of last.
    int heardLife;

    /// The probe that is under way, and the way to call it off.
    Optional<Runnable> callOff = Optional.empty();

    /// The kernel is being asked about it, and has to be once more.
    boolean glancing;

    boolean glanceAgain;

    /// Which of its processes' mounts are watched; 0 if none.
    long watched;

    /// When the change of mounts was heard that its next verdict answers, as [System#nanoTime()].
    OptionalLong mountHeard = OptionalLong.empty();

    /// It has to be probed as soon as it can be.
    boolean wanted;

    boolean queued;

    /// When the event arrived that its next verdict answers, as [System#nanoTime()].
    OptionalLong startHeard = OptionalLong.empty();

    /// Probes in a row that failed.
    int failures;

    /// When it is to be probed again, as [System#nanoTime()].
    long due;

    /// What it was last asked about.
    List<String> paths = List.of();

    Optional<LastResults> heard = Optional.empty();

    /// The last probe, if nobody could say anything in it though somebody had before.
    Optional<LastResults> silence = Optional.empty();

    Optional<ContainerReport> report = Optional.empty();

    /// @param since when it was first heard of, as [System#nanoTime()]
    TrackedContainer(String id, long since) {
        this.id = id;
        this.since = since;
        this.due = since;
    }

    String id() {
        return id;
    }

    long since() {
        return since;
    }

    /// Whether it has let a probe run into its time-out, or spoilt it otherwise.
    boolean suspect() {
        return failures > 0;
    }

    /// It was started again: nothing that was heard of it counts. Only what was found in one that
    /// is started again and again stands until it is seen to be otherwise, since each of its lives
    /// may be too short to be probed; it is not verified in any case.
    void beginLife(String started) {
        if (!startedAt.isEmpty()) {
            life++;
        }
        startedAt = started;
        callOff.ifPresent(Runnable::run);
        if (restarts.isEmpty()) {
            forget();
        }
        failures = 0;
        wanted = true;
    }

    private void forget() {
        heard = Optional.empty();
        silence = Optional.empty();
    }

    /// What the engine says of its restarts now.
    ///
    /// @param now as [System#nanoTime()]
    void restarts(Optional<RestartLoop> loop, long now) {
        Optional<RestartLoop> before = restarts;
        restarts = loop.map(l -> before.map(l::after).orElse(l));
        settles =
                loop.flatMap(RestartLoop::settles)
                        .map(ahead -> OptionalLong.of(now + ahead.toNanos()))
                        .orElse(OptionalLong.empty());
        if (before.isPresent() && loop.isEmpty() && heard.isPresent() && heardLife != life) {
            // It has settled, and what was heard of it is of another life.
            forget();
            wanted = true;
        }
    }
}

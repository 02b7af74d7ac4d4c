package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.LeftOut;
import java.util.List;
import java.util.Optional;

/// How things stand with one engine, and what is told of that. Belongs to the follower's thread.
final class EngineStatus {
    private enum State {
        /// It does not answer.
        DOWN,
        /// It tells what happens, and was asked what runs.
        CATCHING_UP,
        UP
    }

    private static final Optional<String> UNASKED = Optional.of("the engine has not answered yet");

    private final String host;
    private final MonitorContext desk;
    private State state = State.DOWN;
    private boolean wasUp;
    private long followingSince;
    private Engine.Identified identified = new Engine.Identified("", "");
    private Optional<String> trouble = UNASKED;
    private List<LeftOut> leftOut = List.of();

    EngineStatus(String host, MonitorContext desk) {
        this.host = host;
        this.desk = desk;
    }

    void open() {
        desk.board().open(host, trouble.orElse(""));
    }

    boolean down() {
        return state == State.DOWN;
    }

    boolean up() {
        return state == State.UP;
    }

    boolean catchingUp() {
        return state == State.CATCHING_UP;
    }

    /// Whether a list that was asked for then can have missed what no event has told of either.
    boolean followedOnlyAfter(long asked) {
        return asked < followingSince;
    }

    void following(Engine.Identified now) {
        identified = now;
        state = State.CATCHING_UP;
        followingSince = desk.now();
        if (wasUp) {
            desk.instruments().reconnected();
        }
    }

    void lost(String why) {
        if (trouble.isEmpty()) {
            desk.journal().lost(host, why);
        } else if (trouble.equals(UNASKED)) {
            desk.journal().unreachable(host, why);
        } else if (!trouble.equals(Optional.of(why))) {
            desk.journal().stillDown(host, why);
        }
        state = State.DOWN;
        trouble = Optional.of(why);
        report();
    }

    /// It has said what runs.
    void listed(int containers) {
        state = State.UP;
        wasUp = true;
        desk.board().contact(host, desk.now());
        if (trouble.isPresent()) {
            desk.journal().up(host, identified.version(), containers);
            trouble = Optional.empty();
        }
        report();
    }

    /// These containers are not judged.
    void leftOut(List<LeftOut> now) {
        if (!now.equals(leftOut)) {
            leftOut = now;
            report();
        }
    }

    private void report() {
        desk.board()
                .engine(
                        new EngineReport(
                                host,
                                identified.version(),
                                identified.apiVersion(),
                                leftOut,
                                trouble));
    }
}

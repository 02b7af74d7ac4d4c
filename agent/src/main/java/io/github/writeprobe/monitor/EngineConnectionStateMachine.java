package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.ExcludedContainer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The connection to one engine: its subscription, the time of the next attempt, and its part of
/// the report.
final class EngineConnectionStateMachine {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /// If an engine comes back, it is noticed after this time at the latest.
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /// A subscription that lasted this long counts as successful. Some engines accept a
    /// subscription before they know whether they can serve it.
    private static final Duration LASTING = Duration.ofSeconds(5);

    private static final int JITTER_MILLIS = 200;

    private enum State {
        /// The engine does not answer.
        DOWN,
        /// The subscription is active, and the containers are being listed.
        CATCHING_UP,
        UP
    }

    private static final Optional<String> NOT_ASKED =
            Optional.of("the engine has not answered yet");

    private final EngineKey engine;
    private final MonitorContext context;
    private State state = State.DOWN;
    private boolean wasUp;
    private long openedAt;
    private long subscribedAt;
    private Duration pause = FIRST_PAUSE;
    private OptionalLong retryAt = OptionalLong.empty();
    private Engine.Identified identified = new Engine.Identified("", "");
    private Optional<String> failure = NOT_ASKED;
    private List<ExcludedContainer> excluded = List.of();

    EngineConnectionStateMachine(EngineKey engine, MonitorContext context) {
        this.engine = engine;
        this.context = context;
        context.board().open(engine.host(), failure.orElse(""));
    }

    boolean isDown() {
        return state == State.DOWN;
    }

    boolean isUp() {
        return state == State.UP;
    }

    boolean isCatchingUp() {
        return state == State.CATCHING_UP;
    }

    /// Whether a list that was requested at that time can miss a change that no event reported
    /// either.
    boolean isSubscribedOnlySince(long requestedAt) {
        return requestedAt < subscribedAt;
    }

    void open() {
        openedAt = context.now();
        retryAt = OptionalLong.empty();
        context.send(new MonitorAction.Subscribe(engine));
    }

    /// Opens another subscription after a pause, as if the active one had ended by itself: the
    /// engine's problem may persist.
    void reopen() {
        context.send(new MonitorAction.Unsubscribe(engine));
    }

    void subscribed(Engine.Identified now) {
        identified = now;
        state = State.CATCHING_UP;
        subscribedAt = context.now();
        if (wasUp) {
            context.listener().reconnected();
        }
    }

    /// The subscription has ended. The pause before the next one grows until one lasts.
    void ended() {
        boolean lasted = context.now() - openedAt > LASTING.toNanos();
        Duration twice = pause.multipliedBy(2);
        Duration longer = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        pause = lasted ? FIRST_PAUSE : longer;
        Duration jittered = pause.plusMillis(context.random().nextInt(JITTER_MILLIS));
        retryAt = OptionalLong.of(context.now() + jittered.toNanos());
    }

    OptionalLong retryAt() {
        return retryAt;
    }

    void tick() {
        if (retryAt.isPresent() && context.now() - retryAt.getAsLong() >= 0) {
            open();
        }
    }

    void lost(String reason) {
        String host = engine.host();
        if (failure.isEmpty()) {
            context.changeLog().lost(host, reason);
        } else if (failure.equals(NOT_ASKED)) {
            context.changeLog().unreachable(host, reason);
        } else if (!failure.equals(Optional.of(reason))) {
            context.changeLog().stillDown(host, reason);
        }
        state = State.DOWN;
        failure = Optional.of(reason);
        report();
    }

    /// The engine has listed its containers.
    void listed(int containers) {
        state = State.UP;
        wasUp = true;
        context.board().contact(engine.host(), context.now());
        if (failure.isPresent()) {
            context.changeLog().up(engine.host(), identified.version(), containers);
            failure = Optional.empty();
        }
        report();
    }

    /// These containers are not judged.
    void excluded(List<ExcludedContainer> now) {
        if (!now.equals(excluded)) {
            excluded = now;
            report();
        }
    }

    private void report() {
        context.board()
                .engine(
                        new EngineReport(
                                engine.host(),
                                identified.version(),
                                identified.apiVersion(),
                                excluded,
                                failure));
    }
}

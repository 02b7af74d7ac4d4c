package io.github.writeprobe.monitor;

import io.github.writeprobe.judge.Judge;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state machine of the monitor: messages go in, commands come out. It does no I/O, does not
/// block, and knows no clock except its [MonitorClock]. Not thread-safe.
final class MonitorStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorStateMachine.class);

    /// Two clocks may drift apart by this much between two ticks although no clock was set.
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    private final MonitorContext context;
    private final Map<EngineKey, EngineContainersStateMachine> engines = new LinkedHashMap<>();
    private MonitorSettings settings;
    private LocalDate today;
    private long nextCycleAt;
    private long clockOffset;

    MonitorStateMachine(MonitorContext context, MonitorSettings settings, List<EngineKey> engines) {
        this.context = context;
        this.settings = settings;
        this.today = context.time().today();
        this.nextCycleAt = context.now() + jitteredInterval();
        this.clockOffset = clockOffset();
        engines.forEach(this::add);
    }

    private EngineContainersStateMachine add(EngineKey key) {
        EngineContainersStateMachine engine =
                new EngineContainersStateMachine(key, context, settings, judge());
        engines.put(key, engine);
        return engine;
    }

    private Judge judge() {
        return new Judge(settings.policy(), today);
    }

    /// Begins to monitor.
    void start() {
        nextCycleAt = context.now() + jitteredInterval();
        clockOffset = clockOffset();
        engines.values().forEach(EngineContainersStateMachine::open);
    }

    /// Handles a message. A message about an engine that was removed meanwhile is ignored.
    void handle(MonitorInput message) {
        switch (message) {
            case MonitorInput.Reconfigured(var now, var keys) -> reconfigured(now, keys);
            case MonitorInput.Subscribed(var key, var identified) ->
                    engine(key, e -> e.subscribed(identified));
            case MonitorInput.EventReceived(var key, var event, long at) ->
                    engine(key, e -> e.eventReceived(event, at));
            case MonitorInput.SubscriptionEnded(var key, var reason) ->
                    engine(key, e -> e.subscriptionEnded(reason));
            case MonitorInput.Listed(var key, var listing, long requestedAt) ->
                    engine(key, e -> e.listed(listing, requestedAt));
            case MonitorInput.ListFailed(var key, var reason) ->
                    engine(key, e -> e.listFailed(reason));
            case MonitorInput.Inspected(var container, var answer) ->
                    engine(container.engine(), e -> e.inspected(container, answer));
            case MonitorInput.InspectFailed(var container, var reason) ->
                    engine(container.engine(), e -> e.inspectFailed(container, reason));
            case MonitorInput.Probed(var request, var results) -> {
                context.queue().free(request.suspect());
                engine(request.key().engine(), e -> e.probed(request, results));
            }
            case MonitorInput.Rechecked(var key, var results) ->
                    engine(key, e -> e.rechecked(results));
            case MonitorInput.MountsChanged(var container, long at) ->
                    engine(container.engine(), e -> e.mountsChanged(container, at));
        }
    }

    private void engine(EngineKey key, Consumer<EngineContainersStateMachine> action) {
        Optional.ofNullable(engines.get(key)).ifPresent(action);
    }

    /// Does what is due. Call it after each message, and at the time of [#nextTick].
    void tick() {
        long offset = clockOffset();
        if (Math.abs(offset - clockOffset) > CLOCK_TOLERANCE.toNanos()) {
            LOG.warn("the clock was set, or the host was suspended; probing every container");
            engines.values().forEach(EngineContainersStateMachine::probeAll);
        }
        clockOffset = offset;
        if (context.now() - nextCycleAt >= 0) {
            nextCycleAt = context.now() + jitteredInterval();
            startCycle();
        }
        engines.values().forEach(EngineContainersStateMachine::tick);
        startProbes();
    }

    private void startCycle() {
        LocalDate date = context.time().today();
        if (!date.equals(today)) {
            today = date;
            engines.values().forEach(engine -> engine.judgeBy(judge()));
        }
        context.changeLog().compare(context.board().containers());
        engines.values().forEach(EngineContainersStateMachine::startCycle);
    }

    private void startProbes() {
        Optional<ProbeQueue.Place> next = context.queue().next();
        while (next.isPresent()) {
            ProbeQueue.Place place = next.get();
            boolean started = false;
            try {
                EngineContainersStateMachine engine = engines.get(place.container().engine());
                started = engine != null && engine.probe(place);
            } finally {
                if (!started) {
                    context.queue().free(place.suspect());
                }
            }
            next = context.queue().next();
        }
    }

    /// When to call [#tick] if no message arrives before, by the [MonitorClock].
    long nextTick() {
        long now = context.now();
        LongStream timers =
                engines.values().stream()
                        .flatMap(EngineContainersStateMachine::timers)
                        .mapToLong(at -> at - now);
        return now + LongStream.concat(LongStream.of(nextCycleAt - now), timers).min().orElse(0);
    }

    private void reconfigured(MonitorSettings now, List<EngineKey> keys) {
        settings = now;
        context.board().settings(now);
        context.queue().places(now.probing().concurrency());
        List.copyOf(engines.keySet())
                .forEach(key -> {
                    if (keys.contains(key)) {
                        engine(key, e -> e.settings(now, judge()));
                    } else {
                        engine(key, EngineContainersStateMachine::close);
                        engines.remove(key);
                    }
                });
        keys.stream()
                .filter(key -> !engines.containsKey(key))
                .toList()
                .forEach(key -> add(key).open());
        // The next cycle is not postponed: otherwise a reload every minute would prevent all
        // cycles.
        long next = context.now() + jitteredInterval();
        nextCycleAt = next - nextCycleAt < 0 ? next : nextCycleAt;
    }

    void close() {
        engines.values().forEach(EngineContainersStateMachine::close);
        engines.clear();
    }

    /// How far the clock is ahead of the monotonic time.
    private long clockOffset() {
        return context.time().clock().millis() * 1_000_000 - context.now();
    }

    /// Prevents that a thousand agents send their requests at the same moment.
    private long jitteredInterval() {
        return settings.interval().toNanos() / 1000 * (900 + context.random().nextInt(200));
    }
}

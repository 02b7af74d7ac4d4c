package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probing.WitnessRunner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/// The state machine with scripted engines and virtual time, on one thread, so that a test always
/// runs the same way.
final class VirtualMonitor implements MonitorClock {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /// A future message and its time.
    private record Scheduled(long at, long order, MonitorInput message) {}

    private final PriorityQueue<Scheduled> schedule =
            new PriorityQueue<>(
                    Comparator.comparingLong(Scheduled::at).thenComparingLong(Scheduled::order));
    private final Map<EngineKey, ScriptedEngine> engines = new LinkedHashMap<>();
    private final ReportBoard board;
    private final MonitorStateMachine state;
    private MonitorSettings settings;
    private long nanos = Duration.ofHours(1).toNanos();
    private long order;
    private Duration clockIsAhead = Duration.ZERO;
    private long probing;
    private long mostProbing;

    VirtualMonitor(MonitorSettings settings, MonitorListener listener, List<ScriptedEngine> all) {
        this.settings = settings;
        this.board = new ReportBoard("test", settings, zoned(), this::nanos);
        MonitorContext context =
                new MonitorContext(
                        new ProbeQueue(settings.probing().concurrency()),
                        board,
                        new VerdictChangeLogger(board.history(), clock()),
                        listener,
                        this::execute,
                        () -> false,
                        MountActorLookup.NONE,
                        this,
                        new Random(1));
        this.state = new MonitorStateMachine(context, settings, open(all));
    }

    ReportBoard board() {
        return board;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public InstantSource clock() {
        return () -> START.plusNanos(nanos).plus(clockIsAhead);
    }

    private Clock zoned() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return clock().instant();
            }
        };
    }

    @Override
    public LocalDate today() {
        return LocalDate.ofInstant(clock().instant(), ZoneOffset.UTC);
    }

    /// The system clock is set.
    void setClock(Duration ahead) {
        clockIsAhead = ahead;
    }

    long probing() {
        return probing;
    }

    long mostProbing() {
        return mostProbing;
    }

    private List<EngineKey> open(List<ScriptedEngine> given) {
        List<EngineKey> keys = new ArrayList<>();
        for (ScriptedEngine engine : given) {
            Optional<EngineKey> known =
                    engines.keySet().stream()
                            .filter(key -> key.host().equals(engine.host()))
                            .findFirst();
            known.ifPresent(key -> engine.close());
            EngineKey key = known.orElseGet(() -> new EngineKey(engine.host(), order++));
            engines.putIfAbsent(key, engine);
            keys.add(key);
        }
        return keys;
    }

    VirtualMonitor start() {
        engines.values().forEach(engine -> engine.onPause(this::takes));
        state.start();
        state.tick();
        return this;
    }

    void reconfigure(MonitorSettings now, List<ScriptedEngine> all) {
        settings = now;
        List<EngineKey> keys = open(all);
        engines.values().forEach(engine -> engine.onPause(this::takes));
        send(Duration.ZERO, new MonitorInput.Reconfigured(now, keys));
    }

    /// The duration of the current call.
    private Duration took = Duration.ZERO;

    private void takes(Duration pause) {
        took = took.plus(pause);
    }

    private void send(Duration in, MonitorInput message) {
        schedule.add(new Scheduled(nanos + in.toNanos(), order++, message));
    }

    private interface Call {
        MonitorInput answer() throws EngineUnavailable, InterruptedException;
    }

    private interface Failure {
        MonitorInput message(String reason);
    }

    private void call(Call call, Failure failure) {
        took = Duration.ZERO;
        MonitorInput answer;
        try {
            answer = call.answer();
        } catch (EngineUnavailable e) {
            answer = failure.message(e.line());
        } catch (IllegalStateException e) {
            answer = failure.message("unexpected error: " + e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        send(took, answer);
    }

    private ScriptedEngine engine(EngineKey key) {
        return Optional.ofNullable(engines.get(key)).orElseThrow();
    }

    private void execute(MonitorAction command) {
        switch (command) {
            case MonitorAction.Subscribe(EngineKey key) ->
                    call(
                            () -> {
                                Engine.Identified identified = engine(key).identify();
                                engine(key).subscribe();
                                return new MonitorInput.Subscribed(key, identified);
                            },
                            why -> new MonitorInput.SubscriptionEnded(key, Optional.of(why)));
            case MonitorAction.Unsubscribe(EngineKey key) -> {
                if (engine(key).unsubscribe()) {
                    send(Duration.ZERO, new MonitorInput.SubscriptionEnded(key, Optional.empty()));
                }
            }
            case MonitorAction.ListContainers(EngineKey key) -> {
                long asked = nanos;
                call(
                        () -> new MonitorInput.Listed(key, engine(key).list(Map.of()), asked),
                        why -> new MonitorInput.ListFailed(key, why));
            }
            case MonitorAction.Inspect(ContainerKey container) ->
                    call(
                            () ->
                                    new MonitorInput.Inspected(
                                            container,
                                            engine(container.engine()).inspect(container.id())),
                            why -> new MonitorInput.InspectFailed(container, why));
            case MonitorAction.Probe(ProbeRequest request) -> {
                mostProbing = Math.max(mostProbing, ++probing);
                ScriptedEngine engine = engine(request.key().engine());
                WitnessRunner witnesses =
                        new WitnessRunner(
                                settings.probing(),
                                engine,
                                ProcfsWitness.unavailable("this is a test"));
                call(
                        () ->
                                new MonitorInput.Probed(
                                        request,
                                        Optional.of(
                                                witnesses.probe(
                                                        request.declared(), request.paths()))),
                        why -> new MonitorInput.Probed(request, Optional.empty()));
            }
            case MonitorAction.CancelProbe(ContainerKey container) -> cancel(container);
            case MonitorAction.Recheck(EngineKey key, List<ProbeRequest> requests) ->
                    throw new AssertionError("there is no kernel here");
            case MonitorAction.Disconnect(EngineKey key) -> {
                engine(key).close();
                engines.remove(key);
            }
            case MonitorAction.WatchMounts(ContainerKey container, long pid) -> {}
            case MonitorAction.UnwatchMounts(ContainerKey container) -> {}
        }
    }

    private void cancel(ContainerKey container) {
        List<Scheduled> running =
                schedule.stream()
                        .filter(s ->
                                s.message() instanceof MonitorInput.Probed p
                                        && p.request().key().equals(container))
                        .toList();
        for (Scheduled one : running) {
            schedule.remove(one);
            MonitorInput.Probed probed = (MonitorInput.Probed) one.message();
            send(Duration.ZERO, new MonitorInput.Probed(probed.request(), Optional.empty()));
        }
    }

    private void receive(MonitorInput message) {
        if (message instanceof MonitorInput.Probed) {
            probing--;
        }
        state.handle(message);
        state.tick();
    }

    /// Runs the next event.
    private void step(long until) {
        for (Map.Entry<EngineKey, ScriptedEngine> one : List.copyOf(engines.entrySet())) {
            Optional<Engine.Event> event = one.getValue().nextEvent();
            if (event.isPresent()) {
                EngineKey key = one.getKey();
                receive(
                        event.get().equals(ScriptedEngine.CUT)
                                ? new MonitorInput.SubscriptionEnded(
                                        key, Optional.of(key.host() + " ended its events"))
                                : new MonitorInput.EventReceived(key, event.get(), nanos));
                return;
            }
        }
        long due = Math.min(until, Math.min(state.nextTick(), nanos + HEARTBEAT.toNanos()));
        if (!schedule.isEmpty() && schedule.peek().at() <= due) {
            Scheduled next = schedule.remove();
            nanos = Math.max(nanos, next.at());
            receive(next.message());
        } else {
            nanos = Math.max(nanos, due);
            state.tick();
        }
    }

    void runFor(Duration time) {
        long until = nanos + time.toNanos();
        while (nanos < until) {
            step(until);
        }
    }

    /// Lets time pass until the condition is true.
    void await(String what, BooleanSupplier condition) {
        long until = nanos + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (nanos >= until) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            step(until);
        }
    }
}

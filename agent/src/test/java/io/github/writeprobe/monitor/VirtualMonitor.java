package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probing.Witnesses;
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
    private record Scheduled(long at, long order, MonitorMessage message) {}

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
                        new ChangeLog(board.history(), clock()),
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
        send(Duration.ZERO, new MonitorMessage.Reconfigured(now, keys));
    }

    /// The duration of the current call.
    private Duration took = Duration.ZERO;

    private void takes(Duration pause) {
        took = took.plus(pause);
    }

    private void send(Duration in, MonitorMessage message) {
        schedule.add(new Scheduled(nanos + in.toNanos(), order++, message));
    }

    private interface Call {
        MonitorMessage answer() throws EngineUnavailable, InterruptedException;
    }

    private interface Failure {
        MonitorMessage message(String reason);
    }

    private void call(Call call, Failure failure) {
        took = Duration.ZERO;
        MonitorMessage answer;
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

    private void execute(MonitorCommand command) {
        switch (command) {
            case MonitorCommand.Subscribe(EngineKey key) ->
                    call(
                            () -> {
                                Engine.Identified identified = engine(key).identify();
                                engine(key).subscribe();
                                return new MonitorMessage.Subscribed(key, identified);
                            },
                            why -> new MonitorMessage.SubscriptionEnded(key, Optional.of(why)));
            case MonitorCommand.Unsubscribe(EngineKey key) -> {
                if (engine(key).unsubscribe()) {
                    send(
                            Duration.ZERO,
                            new MonitorMessage.SubscriptionEnded(key, Optional.empty()));
                }
            }
            case MonitorCommand.ListContainers(EngineKey key) -> {
                long asked = nanos;
                call(
                        () -> new MonitorMessage.Listed(key, engine(key).list(Map.of()), asked),
                        why -> new MonitorMessage.ListFailed(key, why));
            }
            case MonitorCommand.Inspect(ContainerKey container) ->
                    call(
                            () ->
                                    new MonitorMessage.Inspected(
                                            container,
                                            engine(container.engine()).inspect(container.id())),
                            why -> new MonitorMessage.InspectFailed(container, why));
            case MonitorCommand.Probe(ProbeRequest request) -> {
                mostProbing = Math.max(mostProbing, ++probing);
                ScriptedEngine engine = engine(request.key().engine());
                Witnesses witnesses =
                        new Witnesses(
                                settings.probing(),
                                engine,
                                ProcfsWitness.unavailable("this is a test"));
                call(
                        () ->
                                new MonitorMessage.Probed(
                                        request,
                                        Optional.of(
                                                witnesses.probe(
                                                        request.declared(), request.paths()))),
                        why -> new MonitorMessage.Probed(request, Optional.empty()));
            }
            case MonitorCommand.CancelProbe(ContainerKey container) -> cancel(container);
            case MonitorCommand.Recheck(EngineKey key, List<ProbeRequest> requests) ->
                    throw new AssertionError("there is no kernel here");
            case MonitorCommand.Disconnect(EngineKey key) -> {
                engine(key).close();
                engines.remove(key);
            }
            case MonitorCommand.WatchMounts(ContainerKey container, long pid) -> {}
            case MonitorCommand.UnwatchMounts(ContainerKey container) -> {}
        }
    }

    private void cancel(ContainerKey container) {
        List<Scheduled> running =
                schedule.stream()
                        .filter(s ->
                                s.message() instanceof MonitorMessage.Probed p
                                        && p.request().key().equals(container))
                        .toList();
        for (Scheduled one : running) {
            schedule.remove(one);
            MonitorMessage.Probed probed = (MonitorMessage.Probed) one.message();
            send(Duration.ZERO, new MonitorMessage.Probed(probed.request(), Optional.empty()));
        }
    }

    private void receive(MonitorMessage message) {
        if (message instanceof MonitorMessage.Probed) {
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
                                ? new MonitorMessage.SubscriptionEnded(
                                        key, Optional.of(key.host() + " ended its events"))
                                : new MonitorMessage.EventReceived(key, event.get(), nanos));
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

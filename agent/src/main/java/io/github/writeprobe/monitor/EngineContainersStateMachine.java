package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probing.UntrustedDataBudget;
import io.github.writeprobe.probing.UntrustedDataSizeEstimator;
import io.github.writeprobe.probing.WitnessRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The state of one engine: its containers, and what is to be requested about each. Each method
/// handles one message and sends the resulting commands.
final class EngineContainersStateMachine {
    private final EngineKey key;
    private final MonitorContext context;
    private final Map<String, TrackedContainer> containers = new HashMap<>();

    /// Those in a restart loop, which settle at some time: few, and looked at after each message.
    private final Map<String, TrackedContainer> restarted = new HashMap<>();

    private final EngineConnectionStateMachine connection;
    private final VerdictUpdater verdicts;
    private final ProcfsOnlyProbeScheduler rechecks;
    private final ProbeScheduler probes;
    private final CycleTracker cycle;
    private final ExcludedContainerCache excluded = new ExcludedContainerCache();
    private final UntrustedDataBudget declarations = UntrustedDataBudget.forDeclarations();
    private MonitorSettings settings;
    private boolean listing;
    private boolean firstCycleCompleted;
    private long lastCycleAt;
    private long tracked;

    /// Puts the engine on the board, so that a report shows it before its first answer.
    EngineContainersStateMachine(
            EngineKey key, MonitorContext context, MonitorSettings settings, Judge judge) {
        this.key = key;
        this.context = context;
        this.settings = settings;
        this.connection = new EngineConnectionStateMachine(key, context);
        this.verdicts = new VerdictUpdater(key.host(), context, containers.values(), judge);
        this.cycle = new CycleTracker(context.time(), this::cycleCompleted);
        ProbeResultHandler resultHandler = new ProbeResultHandler(context, verdicts);
        this.rechecks = new ProcfsOnlyProbeScheduler(key, context, resultHandler);
        this.probes = new ProbeScheduler(context, resultHandler, cycle);
        this.lastCycleAt = context.now();
    }

    EngineKey key() {
        return key;
    }

    void open() {
        connection.open();
    }

    /// Removes the engine and its containers.
    void close() {
        containers.values().forEach(rechecks::remove);
        containers.values().forEach(c -> context.changeLog().forget(key.host(), c.id()));
        containers.clear();
        restarted.clear();
        context.queue().removeAll(key);
        context.board().close(key.host());
        context.send(new MonitorAction.Disconnect(key));
    }

    private void cycleCompleted(Duration took) {
        context.listener().cycleCompleted(WitnessName.EXEC, took);
        context.board().cycleCompleted(key.host(), took);
        if (!firstCycleCompleted) {
            firstCycleCompleted = true;
            context.changeLog().firstCycleCompleted(key.host(), context.board().report());
        }
    }

    private boolean asksKernel() {
        return settings.probing().asks(WitnessName.PROCFS)
                && context.kernelReachable().getAsBoolean();
    }

    // The engine.

    void subscribed(Engine.Identified identified) {
        connection.subscribed(identified);
        requestList();
    }

    void subscriptionEnded(Optional<String> reason) {
        connection.ended();
        reason.ifPresent(this::lost);
    }

    private void lost(String reason) {
        connection.lost(reason);
        cycle.abort();
        rechecks.abortCycle();
    }

    void listFailed(String reason) {
        listing = false;
        if (!connection.isDown()) {
            lost(reason);
            connection.reopen();
        }
    }

    /// Begins a cycle: it finds what events missed, and probes what is due.
    void startCycle() {
        lastCycleAt = context.now();
        if (!connection.isUp()) {
            return;
        }
        if (hasMissedEvents()) {
            connection.reopen();
        } else {
            requestList();
        }
    }

    private void requestList() {
        if (!listing) {
            listing = true;
            context.send(new MonitorAction.ListContainers(key));
        }
    }

    /// Whether a container has been running since before the last cycle without an event about it.
    /// Then the event stream is dead, even if it is not closed.
    private boolean hasMissedEvents() {
        long before = lastCycleAt - settings.interval().toNanos() / 2;
        return containers.values().stream()
                .anyMatch(c -> !c.isAnnounced() && c.trackedSince() < before);
    }

    void listed(Engine.Listing now, long requestedAt) {
        listing = false;
        if (connection.isDown()) {
            return;
        }
        boolean catchingUp = connection.isCatchingUp();
        if (catchingUp && connection.isSubscribedOnlySince(requestedAt)) {
            // A change between the list and the first event is in neither of them.
            requestList();
            return;
        }
        Set<String> running =
                now.containers().stream().map(Engine.Listed::id).collect(Collectors.toSet());
        excluded.retain(running);
        connection.excluded(excluded.all());
        boolean includePodSandboxes = settings.probing().podSandboxes();
        List<Engine.Listed> judged =
                now.containers().stream()
                        .filter(one -> !excluded.isExcluded(one, includePodSandboxes))
                        .toList();
        connection.listed(judged.size());
        verdicts.unreadable(now.unreadable());
        judged.forEach(one -> update(one, catchingUp));
        List<TrackedContainer> gone =
                containers.values().stream()
                        .filter(c -> !running.contains(c.id()) && c.trackedSince() < requestedAt)
                        .toList();
        gone.forEach(this::remove);
        fillCycle();
        containers.values().stream()
                .filter(c -> c.probeState().isDue())
                .forEach(c -> queue(c, false));
    }

    private void update(Engine.Listed one, boolean catchingUp) {
        boolean isNew = !containers.containsKey(one.id());
        TrackedContainer container = find(one.id()).orElseGet(() -> track(one.id(), context.now()));
        container.named(one.name());
        if (catchingUp) {
            container.announced();
        }
        if (isNew || catchingUp || mayHaveChanged(container, one)) {
            inspect(container);
        }
    }

    private static boolean mayHaveChanged(TrackedContainer container, Engine.Listed listed) {
        boolean paused = listed.state() == Engine.ContainerState.PAUSED;
        boolean asDeclared =
                container
                        .declared()
                        .filter(d -> d.paused() == paused && d.name().equals(listed.name()))
                        .isPresent();
        // A container in a restart loop may end or settle at any time.
        return !asDeclared
                || container.declaration().failure().isPresent()
                || container.runState().restartLoop().isPresent()
                || listed.state() == Engine.ContainerState.RESTARTING;
    }

    private void fillCycle() {
        long soon = context.now() + settings.interval().toNanos() / 2;
        Set<ContainerKey> pending = new HashSet<>();
        List<TrackedContainer> others = new ArrayList<>();
        for (TrackedContainer container : containers.values()) {
            boolean isNew = container.declared().isEmpty();
            boolean running = container.probeState().isRunning();
            if (!isNew
                    && container.hasProcesses()
                    && !running
                    && container.nextProbeAt() - soon <= 0) {
                container.probe(container.probeState().due());
                queue(container, false);
            }
            boolean waits = container.probeState().isDue() && container.hasProcesses();
            if (isNew || waits || running) {
                pending.add(container.key());
            } else {
                others.add(container);
            }
        }
        cycle.start(pending);
        rechecks.startCycle(others, asksKernel());
    }

    // Events of containers.

    void eventReceived(Engine.Event event, long at) {
        context.listener().eventReceived();
        switch (event.action()) {
            case START, UNPAUSE -> {
                TrackedContainer container = announced(event.container(), at);
                container.startReceived(at);
                inspect(container);
            }
            case PAUSE, RENAME, UPDATE -> inspect(announced(event.container(), at));
            // The engine may restart it; the inspect shows that.
            case DIE -> {
                include(event.container());
                find(event.container()).ifPresent(this::inspect);
            }
            case DESTROY -> {
                include(event.container());
                find(event.container()).ifPresent(this::remove);
            }
        }
    }

    /// A container that has ended is no longer among the excluded ones.
    private void include(String ended) {
        excluded.remove(ended);
        connection.excluded(excluded.all());
    }

    private TrackedContainer announced(String id, long at) {
        TrackedContainer container = find(id).orElseGet(() -> track(id, at));
        container.announced();
        return container;
    }

    private TrackedContainer track(String id, long since) {
        TrackedContainer container =
                new TrackedContainer(new ContainerKey(key, id, tracked++), since);
        containers.put(id, container);
        return container;
    }

    private Optional<TrackedContainer> find(String id) {
        return Optional.ofNullable(containers.get(id));
    }

    /// Empty if it has ended since, or was started again.
    private Optional<TrackedContainer> find(ContainerKey container) {
        return find(container.id()).filter(c -> c.key().equals(container));
    }

    private void remove(TrackedContainer container) {
        containers.remove(container.id());
        restarted.remove(container.id());
        declarations.release(container.id());
        probes.remove(container);
        verdicts.remove(container);
        cycle.done(container.key());
        rechecks.remove(container);
    }

    // Inspecting.

    private void inspect(TrackedContainer container) {
        boolean idle = container.inspectState() == InspectTaskState.IDLE;
        container.inspect(container.inspectState().requested());
        if (idle) {
            context.send(new MonitorAction.Inspect(container.key()));
        }
    }

    /// @return whether another inspect follows at once
    private boolean inspectEnded(TrackedContainer container) {
        container.inspect(container.inspectState().finished());
        boolean again = container.inspectState() == InspectTaskState.RUNNING;
        if (again) {
            context.send(new MonitorAction.Inspect(container.key()));
        }
        return again;
    }

    void inspectFailed(ContainerKey which, String reason) {
        find(which).ifPresent(container -> inspectFailed(container, reason));
    }

    private void inspectFailed(TrackedContainer container, String reason) {
        boolean again = inspectEnded(container);
        container.declare(container.declaration().failed(reason));
        if (container.declared().isEmpty()) {
            verdicts.unread(container, VerdictUpdater.INSPECT_FAILED + reason);
        } else {
            verdicts.judge(container);
        }
        if (!again) {
            cycle.done(container.key());
        }
    }

    void inspected(ContainerKey which, Optional<Engine.Inspected> answer) {
        find(which)
                .ifPresent(container -> {
                    if (answer.filter(a -> !a.container().id().equals(which.id())).isPresent()) {
                        inspectFailed(container, "its answer is about another container");
                        return;
                    }
                    boolean again = inspectEnded(container);
                    Optional<Engine.Inspected> live =
                            answer.filter(a -> a.running() || a.restarts().isPresent());
                    if (live.isPresent()) {
                        inspected(container, live.get());
                    } else if (!again) {
                        // If it was inspected before it ran, the event of its start follows.
                        remove(container);
                    }
                });
    }

    private void inspected(TrackedContainer container, Engine.Inspected now) {
        boolean exclude = excluded.update(now, settings.probing().podSandboxes());
        connection.excluded(excluded.all());
        if (exclude) {
            remove(container);
            return;
        }
        container.named(now.container().name());
        if (!declarations.tryAcquire(
                container.id(), UntrustedDataSizeEstimator.of(now.container()))) {
            declaresTooMuch(container);
            return;
        }
        if (now.running() && now.restarts().isPresent()) {
            removeReplacedBy(now.container());
        }
        boolean anotherStart = container.runState().isAnotherStart(now);
        if (anotherStart) {
            probes.cancel(container);
        }
        container.runState(container.runState().inspected(now, context.now()), anotherStart);
        if (container.runState().settlesAt().isPresent()) {
            restarted.put(container.id(), container);
        } else {
            restarted.remove(container.id());
        }
        declare(container, now.container());
        if (!container.hasProcesses()) {
            cycle.done(container.key());
        } else if (container.probeState().isDue()) {
            queue(container, true);
        } else if (!container.probeState().isRunning()) {
            container.startAnswered();
        }
    }

    /// On Kubernetes, the restart of a container is another container of the same name.
    private void removeReplacedBy(Container restarted) {
        containers.values().stream()
                .filter(c -> c.runState() instanceof ContainerRestartState.WaitingToRestart)
                .filter(c -> !c.id().equals(restarted.id()))
                .filter(c ->
                        c.declared().filter(d -> d.name().equals(restarted.name())).isPresent())
                .toList()
                .forEach(this::remove);
    }

    /// Keeps nothing of the declaration, because it does not fit into the [UntrustedDataBudget].
    private void declaresTooMuch(TrackedContainer container) {
        remove(container);
        TrackedContainer unread = track(container.id(), container.trackedSince());
        unread.named(container.name());
        if (container.isAnnounced()) {
            unread.announced();
        }
        unread.declare(
                new LastInspectResult.Unreadable(UntrustedDataSizeEstimator.TOO_MUCH_DECLARED));
        verdicts.unread(unread, UntrustedDataSizeEstimator.TOO_MUCH_DECLARED);
    }

    private void declare(TrackedContainer container, Container declared) {
        boolean wasPaused = container.declared().filter(Container::paused).isPresent();
        verdicts.declared(container, declared);
        rechecks.watch(container, declared.pid(), asksKernel());
        boolean unpaused = wasPaused && !declared.paused();
        if (unpaused || !pathsOf(declared).equals(container.probedPaths())) {
            container.probe(container.probeState().due());
        }
    }

    private List<String> pathsOf(Container declared) {
        return settings.probing().pathsOf(declared, verdicts.pathsOf(declared));
    }

    // Probing.

    private void queue(TrackedContainer container, boolean urgent) {
        if (connection.isUp()) {
            probes.queue(container, urgent);
        }
    }

    /// Probes the next container in the queue.
    ///
    /// @return whether a probe was started, which uses the slot
    boolean probe(ProbeQueue.Place place) {
        Optional<TrackedContainer> container = find(place.container());
        if (container.isEmpty()) {
            return false;
        }
        if (!connection.isUp()) {
            container.get().probe(container.get().probeState().postponed());
            return false;
        }
        return probes.start(container.get(), place.suspect(), this::pathsOf);
    }

    void probed(ProbeRequest request, Optional<WitnessRunner.WitnessResults> results) {
        find(request.key())
                .ifPresent(container -> {
                    boolean ended = probes.finished(container, request, results, settings);
                    if (ended) {
                        inspect(container);
                    }
                    rechecks.probeFinished(container, asksKernel());
                    if (container.probeState().isDue()) {
                        queue(container, true);
                    } else {
                        cycle.done(container.key());
                    }
                });
    }

    void rechecked(List<MonitorInput.RecheckResult> results) {
        for (MonitorInput.RecheckResult result : results) {
            find(result.request().key())
                    .ifPresent(container -> rechecks.rechecked(container, result, asksKernel()));
        }
    }

    void mountsChanged(ContainerKey container, long at) {
        find(container).ifPresent(c -> rechecks.mountsChanged(c, at, asksKernel()));
    }

    // Time and settings.

    /// The times at which [#tick] has something to do even if no message arrives.
    Stream<Long> timers() {
        Stream<OptionalLong> settling =
                connection.isUp()
                        ? restarted.values().stream().map(c -> c.runState().settlesAt())
                        : Stream.of();
        return Stream.concat(Stream.of(connection.retryAt()), settling)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong);
    }

    void tick() {
        connection.tick();
        if (connection.isUp()) {
            restarted.values().stream()
                    .filter(c -> isOver(c.runState().settlesAt()))
                    .toList()
                    .forEach(container -> {
                        container.settling();
                        inspect(container);
                    });
        }
    }

    private boolean isOver(OptionalLong time) {
        return time.isPresent() && context.now() - time.getAsLong() >= 0;
    }

    void judgeBy(Judge now) {
        verdicts.judgeBy(now);
    }

    void settings(MonitorSettings now, Judge judge) {
        boolean probedOtherwise = !settings.probing().equals(now.probing());
        settings = now;
        judgeBy(judge);
        if (probedOtherwise && connection.isUp()) {
            // The settings decide which containers are excluded.
            requestList();
        }
        for (TrackedContainer container : containers.values()) {
            boolean elsewhere =
                    container
                            .declared()
                            .filter(d -> !pathsOf(d).equals(container.probedPaths()))
                            .isPresent();
            if (probedOtherwise || elsewhere) {
                container.probe(container.probeState().due());
                queue(container, false);
            }
        }
    }

    /// Probes all containers again, because it is not known what was missed.
    void probeAll() {
        containers
                .values()
                .forEach(container -> {
                    container.probe(container.probeState().due());
                    queue(container, false);
                });
        startCycle();
    }
}

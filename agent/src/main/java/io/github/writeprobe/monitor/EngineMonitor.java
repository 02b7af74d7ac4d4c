package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.MemoryBudget;
import io.github.writeprobe.cycle.Weights;
import io.github.writeprobe.cycle.Witnesses;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;

/// The containers of one engine, and what is to be done about each. Belongs to the follower's
/// thread.
final class EngineMonitor {
    private final Engine engine;
    private final MonitorContext desk;
    private final EventSubscription link;
    private final EngineTasks errands;
    private final Map<String, TrackedContainer> containers = new HashMap<>();
    private final EngineStatus standing;
    private final VerdictUpdater verdicts;
    private final ResultHandler hearing;
    private final EngineCycles passes;
    private final KernelRechecks glances;
    private final LeftOutContainers leftOuts = new LeftOutContainers();
    private final MemoryBudget declarations = MemoryBudget.ofDeclarations();
    private final MemoryBudget words = MemoryBudget.ofTestimonies();
    private Witnesses witnesses;
    private MonitorSettings settings;
    private boolean listing;
    private boolean closed;
    private boolean passed;
    private long lastPass;

    /// The board has a page for the engine from now on.
    EngineMonitor(
            Engine engine,
            MonitorContext desk,
            MonitorSettings settings,
            Judge judge,
            BlockingQueue<Message> mailbox) {
        this.engine = engine;
        this.desk = desk;
        this.settings = settings;
        this.standing = new EngineStatus(engine.host(), desk);
        this.verdicts = new VerdictUpdater(engine.host(), desk, containers.values(), judge);
        this.hearing = new ResultHandler(desk, verdicts);
        this.passes =
                new EngineCycles(
                        desk,
                        took -> {
                            desk.instruments().passed(WitnessName.EXEC, took);
                            desk.board().passed(engine.host(), took);
                            if (!passed) {
                                passed = true;
                                desk.journal().passed(engine.host(), desk.board().report());
                            }
                        });
        this.witnesses = new Witnesses(settings.probing(), engine, desk.procfs());
        this.link = new EventSubscription(this, engine, mailbox);
        this.errands = new EngineTasks(mailbox);
        this.glances = new KernelRechecks(this, desk, errands, hearing);
        this.lastPass = desk.now();
        // From now on and not from open(): whoever asks before that must not take an engine that
        // nobody has looked at yet for one that does not exist.
        standing.open();
    }

    String host() {
        return engine.host();
    }

    /// Begins to follow it.
    void open() {
        link.start();
    }

    /// Forgets the engine and its containers.
    void close() {
        closed = true;
        link.close();
        containers.values().forEach(c -> c.callOff.ifPresent(Runnable::run));
        containers.values().forEach(glances::gone);
        desk.lanes().forget(containers.values());
        containers.values().forEach(c -> desk.journal().forget(host(), c.id()));
        containers.clear();
        desk.board().close(host());
    }

    boolean closed() {
        return closed;
    }

    /// Waits for what close() has called off, and lets the engine go.
    ///
    /// @return whether all ended in time
    boolean end(Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        boolean ended = errands.close(limit);
        ended &= link.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        engine.close();
        return ended;
    }

    // What the engine does.

    void following(Engine.Identified now) {
        standing.following(now);
        list();
    }

    void lost(String why) {
        standing.lost(why);
        passes.breakOff();
        glances.breakOff();
    }

    void notListed(String why) {
        listing = false;
        if (!standing.down()) {
            lost(why);
            link.restart();
        }
    }

    /// A full pass: what events have missed comes to light, and whoever is due is probed.
    void pass() {
        lastPass = desk.now();
        if (standing.up()) {
            if (deaf()) {
                link.restart();
            } else {
                list();
            }
        }
    }

    private void list() {
        if (!listing) {
            listing = true;
            errands.list(this, engine, witnesses);
        }
    }

    /// Whether a container runs since before the last pass that no event has told of: then the
    /// stream of events is dead, though nobody has closed it.
    private boolean deaf() {
        return containers.values().stream()
                .anyMatch(c ->
                        !c.announced && c.since() < lastPass - settings.interval().toNanos() / 2);
    }

    void listed(Engine.Listing now, long asked) {
        listing = false;
        if (standing.down()) {
            return;
        }
        boolean catchingUp = standing.catchingUp();
        if (catchingUp && standing.followedOnlyAfter(asked)) {
            // What happened between the list and the first event is in neither.
            list();
            return;
        }
        Set<String> running =
                now.containers().stream().map(Engine.Listed::id).collect(Collectors.toSet());
        leftOuts.keep(running);
        standing.leftOut(leftOuts.all());
        List<Engine.Listed> looked = now.containers().stream().filter(this::looksAt).toList();
        standing.listed(looked.size());
        verdicts.unreadable(now.unreadable());
        for (Engine.Listed one : looked) {
            TrackedContainer known = containers.get(one.id());
            if (known != null) {
                known.name = one.name();
            }
            if (known == null) {
                begin(one).announced = catchingUp;
            } else if (catchingUp) {
                known.announced = true;
                inspect(known);
            } else if (known.uninspected.isPresent() || !asDeclared(one, known)) {
                inspect(known);
            }
        }
        List<TrackedContainer> gone =
                containers.values().stream()
                        .filter(c -> !running.contains(c.id()) && c.since() < asked)
                        .toList();
        gone.forEach(this::drop);
        beginPass();
        containers.values().stream().filter(c -> c.wanted).forEach(c -> queue(c, false));
    }

    private boolean looksAt(Engine.Listed one) {
        return !leftOuts.takes(one, settings.probing().podSandboxes());
    }

    private static boolean asDeclared(Engine.Listed listed, TrackedContainer container) {
        boolean paused = listed.condition() == Engine.Condition.PAUSED;
        // What restarts has news to tell at any time.
        return container.restarts.isEmpty()
                && listed.condition() != Engine.Condition.RESTARTING
                && container
                        .declared
                        .filter(d -> d.paused() == paused && d.name().equals(listed.name()))
                        .isPresent();
    }

    private void beginPass() {
        long soon = desk.now() + settings.interval().toNanos() / 2;
        Set<TrackedContainer> ahead = new HashSet<>();
        for (TrackedContainer container : containers.values()) {
            boolean fresh = container.declared.isEmpty();
            boolean due =
                    !fresh
                            && container.running
                            && container.callOff.isEmpty()
                            && container.due - soon <= 0;
            if (due) {
                want(container, false);
            }
            boolean waits = container.wanted && container.running;
            if (fresh || due || waits || container.callOff.isPresent()) {
                ahead.add(container);
            }
        }
        List<TrackedContainer> others =
                containers.values().stream().filter(c -> !ahead.contains(c)).toList();
        passes.begin(ahead);
        glances.pass(others, witnesses);
    }

    // What happens to containers.

    void happened(Engine.Event event, long at) {
        desk.instruments().happened();
        switch (event.action()) {
            case START, UNPAUSE -> {
                TrackedContainer container = known(event.container(), at);
                if (container.startHeard.isEmpty()) {
                    container.startHeard = OptionalLong.of(at);
                }
                inspect(container);
            }
            case PAUSE, RENAME, UPDATE -> inspect(known(event.container(), at));
            // It may be started again, which the engine knows: one that it will start stays.
            case DIE -> {
                leftOut(event.container());
                Optional.ofNullable(containers.get(event.container())).ifPresent(this::inspect);
            }
            case DESTROY -> {
                leftOut(event.container());
                Optional.ofNullable(containers.get(event.container())).ifPresent(this::drop);
            }
        }
    }

    /// One that has ended is left out no more.
    private void leftOut(String ended) {
        leftOuts.gone(ended);
        standing.leftOut(leftOuts.all());
    }

    private TrackedContainer known(String id, long at) {
        TrackedContainer container = containers.get(id);
        if (container == null) {
            container = new TrackedContainer(id, at);
            containers.put(id, container);
        }
        container.announced = true;
        return container;
    }

    private TrackedContainer begin(Engine.Listed one) {
        TrackedContainer container = new TrackedContainer(one.id(), desk.now());
        container.name = one.name();
        containers.put(one.id(), container);
        inspect(container);
        return container;
    }

    private void drop(TrackedContainer container) {
        containers.remove(container.id(), container);
        declarations.release(container.id());
        words.release(container.id());
        container.callOff.ifPresent(Runnable::run);
        verdicts.gone(container);
        passes.done(container);
        glances.gone(container);
    }

    private boolean follows(TrackedContainer container) {
        return containers.get(container.id()) == container;
    }

    // Inspecting.

    private void inspect(TrackedContainer container) {
        if (container.inspecting) {
            container.inspectAgain = true;
            return;
        }
        container.inspecting = true;
        errands.inspect(this, engine, container);
    }

    void notInspected(TrackedContainer container, String why) {
        container.inspecting = false;
        if (!follows(container)) {
            return;
        }
        container.uninspected = Optional.of(why);
        if (container.declared.isEmpty()) {
            verdicts.unknown(container, container.name, VerdictUpdater.UNINSPECTED + why);
        } else {
            verdicts.judge(container);
        }
        if (container.inspectAgain) {
            container.inspectAgain = false;
            inspect(container);
        } else {
            passes.done(container);
        }
    }

    void inspected(TrackedContainer container, Optional<Engine.Inspected> answer) {
        if (answer.filter(a -> !a.container().id().equals(container.id())).isPresent()) {
            notInspected(container, "its answer is about another one");
            return;
        }
        container.inspecting = false;
        container.uninspected = Optional.empty();
        if (!follows(container)) {
            return;
        }
        if (container.inspectAgain) {
            container.inspectAgain = false;
            inspect(container);
        }
        if (answer.filter(a -> a.running() || a.restarts().isPresent()).isEmpty()) {
            // A container that was inspected before it ran is announced by its start.
            if (!container.inspecting) {
                drop(container);
            }
            return;
        }
        Engine.Inspected now = answer.get();
        boolean leftOut = leftOuts.takes(now, settings.probing().podSandboxes());
        standing.leftOut(leftOuts.all());
        if (leftOut) {
            drop(container);
            return;
        }
        container.name = now.container().name();
        if (!declarations.take(container.id(), Weights.of(now.container()))) {
            tooMuch(container);
            return;
        }
        container.running = now.running();
        // Before another life begins: it is to be known whether it is one of many.
        boolean another = !now.startedAt().equals(container.startedAt);
        if (another && now.restarts().isPresent()) {
            container.restarts(now.restarts(), desk.now());
        }
        if (another) {
            container.beginLife(now.startedAt());
        }
        container.restarts(now.restarts(), desk.now());
        declare(container, now.container());
        if (!container.running) {
            passes.done(container);
        } else if (container.wanted) {
            queue(container, true);
        } else if (container.callOff.isEmpty()) {
            container.startHeard = OptionalLong.empty();
        }
    }

    /// What is declared of it would not fit into memory, if others did the same.
    private void tooMuch(TrackedContainer container) {
        drop(container);
        containers.put(container.id(), container);
        container.declared = Optional.empty();
        container.uninspected = Optional.of(Weights.TOO_MUCH_DECLARED);
        verdicts.unknown(container, container.name, Weights.TOO_MUCH_DECLARED);
    }

    /// Looks again at those that were started again, and have run for long enough since.
    void settle() {
        if (!standing.up()) {
            return;
        }
        for (TrackedContainer container : containers.values()) {
            boolean due =
                    container.settles.isPresent()
                            && desk.now() - container.settles.getAsLong() >= 0;
            if (due) {
                container.settles = OptionalLong.empty();
                inspect(container);
            }
        }
    }

    private void declare(TrackedContainer container, Container declared) {
        boolean wasPaused = container.declared.filter(Container::paused).isPresent();
        verdicts.declared(container, declared);
        glances.watch(container, declared, witnesses);
        boolean thawed = wasPaused && !declared.paused();
        if (thawed || !pathsOf(declared).equals(container.paths)) {
            container.wanted = true;
        }
    }

    private List<String> pathsOf(Container container) {
        return witnesses.paths(container, verdicts.pathsOf(container));
    }

    // Probing.

    private void want(TrackedContainer container, boolean atOnce) {
        container.wanted = true;
        queue(container, atOnce);
    }

    /// Lines it up, unless it stands in line already, is being probed, or cannot be.
    private void queue(TrackedContainer container, boolean atOnce) {
        if (container.queued
                || !container.running
                || container.callOff.isPresent()
                || container.declared.isEmpty()
                || !standing.up()) {
            return;
        }
        container.queued = true;
        desk.lanes().add(new ProbeQueue.Waiting(this, container), atOnce);
    }

    /// It has got its place.
    ///
    /// @return whether it needs it
    boolean probe(TrackedContainer container, boolean suspect) {
        container.queued = false;
        if (!follows(container) || container.declared.isEmpty() || !standing.up()) {
            return false;
        }
        if (!container.running) {
            passes.done(container);
            return false;
        }
        container.wanted = false;
        Container declared = container.declared.get();
        container.paths = pathsOf(declared);
        ProbeRequest probe =
                new ProbeRequest(declared, container.life, container.paths, suspect, desk.now());
        container.callOff = Optional.of(errands.probe(this, witnesses, container, probe));
        return true;
    }

    void probed(TrackedContainer container, ProbeRequest probe, Optional<Witnesses.Heard> said) {
        container.callOff = Optional.empty();
        if (!follows(container)) {
            return;
        }
        if (container.life == probe.life()) {
            Optional<LastResults> now = said.map(s -> new LastResults(s, probe.since()));
            if (now.filter(n -> !n.withoutEngine()).isPresent()) {
                heard(container, now.get(), probe);
            } else {
                again(container);
            }
        }
        glances.onceMore(container, witnesses);
        if (container.wanted) {
            queue(container, true);
        } else {
            passes.done(container);
        }
    }

    /// Nothing came of it, for which the container is not to blame.
    private void again(TrackedContainer container) {
        container.due = desk.now();
        passes.done(container);
    }

    private void heard(TrackedContainer container, LastResults now, ProbeRequest probe) {
        now.testimonies().stream()
                .filter(t -> !outOfReach(t))
                .forEach(t -> desk.instruments().testified(t, probe.paths().size()));
        if (now.ended()) {
            inspect(container);
            return;
        }
        boolean fits = words.take(container.id(), Weights.of(now.said().sworn()));
        hearing.hear(
                container,
                fits ? now : new LastResults(now.said().withoutWords(), now.at()),
                settings);
    }

    /// Whether the kernel is not one to ask about the container, which is no failure of a probe.
    private static boolean outOfReach(ProbeResult t) {
        return t.witness() == WitnessName.PROCFS
                && t.trouble().filter(why -> why.cause() == Cause.UNREACHABLE).isPresent();
    }

    // Asking the kernel alone.

    void glanced(List<Message.KernelRecheck> these) {
        for (Message.KernelRecheck glance : these) {
            glance.container().glancing = false;
            if (follows(glance.container())) {
                glances.glanced(glance, witnesses);
            }
        }
    }

    /// The kernel says that the mounts of a container changed.
    void mounted(String id, long at) {
        Optional.ofNullable(containers.get(id)).ifPresent(c -> glances.mounted(c, at, witnesses));
    }

    /// Another day, or another policy.
    void judgeBy(Judge now) {
        verdicts.judgeBy(now);
    }

    void settings(MonitorSettings now, Judge judgeNow) {
        boolean otherwise = !settings.probing().equals(now.probing());
        settings = now;
        witnesses = new Witnesses(now.probing(), engine, desk.procfs());
        judgeBy(judgeNow);
        if (otherwise && standing.up()) {
            // Who is left out may be another now.
            list();
        }
        for (TrackedContainer container : new ArrayList<>(containers.values())) {
            boolean elsewhere =
                    container.declared.filter(d -> !pathsOf(d).equals(container.paths)).isPresent();
            if (otherwise || elsewhere) {
                want(container, false);
            }
        }
    }

    /// The clock was set, or the machine slept: nobody knows what was missed.
    void lookAgain() {
        containers.values().forEach(c -> want(c, false));
        pass();
    }
}

package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.engine.RestartLoopStatus;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.PauseContainerDetector;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ExecRunner;
import io.github.writeprobe.probes.sidecar.SidecarRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// An engine that does what a test tells it. It implements the port directly, without any HTTP.
final class ScriptedEngine implements Engine {
    /// What an exec in a container does.
    enum Exec {
        READ_ONLY,
        WRITABLE,
        /// Ends with its time-out, as with the real engine.
        HANGS,
        /// Prints nonsense.
        BABBLES
    }

    /// @param restarts present if it restarts again and again
    private record Running(
            Container container,
            String startedAt,
            Exec exec,
            Optional<RestartLoopStatus> restarts) {
        Running(Container container, String startedAt, Exec exec) {
            this(container, startedAt, exec, Optional.empty());
        }

        ContainerState state() {
            if (restarts.filter(r -> r.untilSettled().isEmpty()).isPresent()) {
                return ContainerState.RESTARTING;
            }
            return container.paused() ? ContainerState.PAUSED : ContainerState.RUNNING;
        }

        Optional<ExcludedContainer.Reason> sandbox() {
            return PauseContainerDetector.matches(container.name(), container.labels(), false)
                    ? Optional.of(ExcludedContainer.Reason.POD_SANDBOX)
                    : Optional.empty();
        }
    }

    static final Event CUT = new Event(Action.UPDATE, "", Instant.EPOCH);

    private final String host;
    private final Map<String, Running> containers = new LinkedHashMap<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger clock = new AtomicInteger();
    private volatile boolean down;
    private volatile boolean silent;
    private volatile boolean deaf;
    private volatile boolean listless;
    private final Set<String> powers = ConcurrentHashMap.newKeySet();
    private final Set<String> unreadableOnes = ConcurrentHashMap.newKeySet();
    private volatile int unreadable;
    private final AtomicInteger broken = new AtomicInteger();
    private volatile Optional<Integer> mistaken = Optional.empty();

    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile Duration execTakes = Duration.ofMillis(5);

    private Pause pause = Thread::sleep;
    private boolean subscribed;

    /// A call that blocks.
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    ScriptedEngine(String host) {
        this.host = host;
    }

    void onPause(Pause now) {
        pause = now;
    }

    static String id(int number) {
        return String.format("%064x", number);
    }

    synchronized void run(int number, Exec exec) {
        put(number, "c" + number, exec, false);
        tell(Action.START, number);
    }

    /// Runs a pod's pause container.
    synchronized void runSandbox(int number) {
        put(number, "k8s_POD_" + number, Exec.WRITABLE, false);
        tell(Action.START, number);
    }

    /// Runs the container without an event.
    synchronized void runUnseen(int number, Exec exec) {
        put(number, "c" + number, exec, false);
    }

    synchronized void become(int number, Exec exec) {
        Running was = running(number);
        containers.put(id(number), new Running(was.container(), was.startedAt(), exec));
    }

    synchronized void rename(int number, String name) {
        Running was = running(number);
        containers.put(
                id(number),
                new Running(container(number, name, false), was.startedAt(), was.exec()));
        tell(Action.RENAME, number);
    }

    synchronized void pause(int number, boolean paused) {
        Running was = running(number);
        containers.put(
                id(number),
                new Running(
                        container(number, was.container().name(), paused),
                        was.startedAt(),
                        was.exec()));
        tell(paused ? Action.PAUSE : Action.UNPAUSE, number);
    }

    synchronized void restart(int number, Exec exec) {
        tell(Action.DIE, number);
        put(number, "c" + number, exec, false);
        tell(Action.START, number);
    }

    /// A container's process ends, and the engine waits before it restarts the container.
    synchronized void waitToRestart(int number, int count, int exitCode) {
        Running was = running(number);
        containers.put(
                id(number),
                new Running(
                        was.container(),
                        was.startedAt(),
                        was.exec(),
                        Optional.of(
                                new RestartLoopStatus(
                                        count, OptionalInt.of(exitCode), Optional.empty()))));
        tell(Action.DIE, number);
    }

    /// The container is restarted.
    ///
    /// @param settles how long it still has to run until it counts as settled
    synchronized void startAgain(int number, int count, Exec exec, Duration settles) {
        startAgain(number, "c" + number, count, exec, settles);
    }

    /// The same by another container with that name.
    synchronized void startAgain(int number, String name, int count, Exec exec, Duration settles) {
        containers.put(
                id(number),
                new Running(
                        container(number, name, false),
                        "start " + clock.incrementAndGet(),
                        exec,
                        Optional.of(
                                new RestartLoopStatus(
                                        count, OptionalInt.empty(), Optional.of(settles)))));
        tell(Action.START, number);
    }

    /// The container has run for long enough. No event reports that.
    synchronized void settled(int number) {
        Running was = running(number);
        containers.put(id(number), new Running(was.container(), was.startedAt(), was.exec()));
    }

    /// The container has more privileges than a pause container has.
    void powerful(int number) {
        powers.add(id(number));
    }

    /// From now on, the engine's inspect of the container cannot be read.
    void unreadable(int number, boolean now) {
        if (now) {
            unreadableOnes.add(id(number));
        } else {
            unreadableOnes.remove(id(number));
        }
    }

    /// From now on, the list has this number of entries without an id.
    void unreadableEntries(int number) {
        unreadable = number;
    }

    synchronized void end(int number) {
        containers.remove(id(number));
        tell(Action.DIE, number);
    }

    synchronized void endUnseen(int number) {
        containers.remove(id(number));
    }

    void tell(Action action, int number) {
        if (!deaf) {
            events.add(event(action, number));
        }
    }

    Event event(Action action, int number) {
        return new Event(action, id(number), Instant.ofEpochSecond(clock.incrementAndGet()));
    }

    /// The event stream ends.
    void cut() {
        events.add(CUT);
    }

    /// From now on, every call fails, and the event stream ends.
    void down(boolean now) {
        down = now;
        if (now) {
            cut();
        }
    }

    /// From now on, every call times out; the event stream stays open.
    void silent(boolean now) {
        silent = now;
    }

    /// From now on, events are lost; the event stream stays open.
    void deaf(boolean now) {
        deaf = now;
    }

    /// From now on, the engine forbids its list and nothing else, as a proxy may.
    void listless(boolean now) {
        listless = now;
    }

    /// The next subscriptions, this many, throw an unexpected exception.
    void broken(int times) {
        broken.set(times);
    }

    /// From now on, every inspect is answered with another container.
    void mistaken(int number) {
        mistaken = Optional.of(number);
    }

    private Running running(int number) {
        Running running = containers.get(id(number));
        if (running == null) {
            throw new AssertionError("no container " + number);
        }
        return running;
    }

    private void put(int number, String name, Exec exec, boolean paused) {
        containers.put(
                id(number),
                new Running(
                        container(number, name, paused), "start " + clock.incrementAndGet(), exec));
    }

    private Container container(int number, String name, boolean paused) {
        return Container.builder(id(number), name, host)
                .image("image:1")
                .paused(paused)
                .readonlyRootfs(true)
                .labels(
                        name.startsWith("k8s_POD_")
                                ? Map.of("io.kubernetes.docker.type", "podsandbox")
                                : Map.of())
                .build();
    }

    @Override
    public String host() {
        return host;
    }

    private void called(String what) throws EngineUnavailable, InterruptedException {
        calls.add(what);
        if (silent) {
            pause.of(Duration.ofMillis(200));
            throw new EngineUnavailable(host + " did not answer " + what);
        }
        if (down) {
            throw new EngineUnavailable(host + " is down");
        }
    }

    long count(String call) {
        return calls.stream().filter(c -> c.startsWith(call)).count();
    }

    @Override
    public Identified identify() throws EngineUnavailable, InterruptedException {
        called("identify");
        return new Identified("1.0", "1.41");
    }

    @Override
    public Listing list(Map<String, List<String>> filters)
            throws EngineUnavailable, InterruptedException {
        called("list");
        if (listless) {
            throw new EngineUnavailable(host + " forbids it");
        }
        synchronized (this) {
            return new Listing(
                    containers.values().stream()
                            .map(r ->
                                    new Listed(
                                            r.container().id(),
                                            r.container().name(),
                                            r.state(),
                                            r.sandbox(),
                                            List.of()))
                            .toList(),
                    unreadable);
        }
    }

    @Override
    public Optional<Inspected> inspect(String reference)
            throws EngineUnavailable, InterruptedException {
        called("inspect " + reference);
        if (unreadableOnes.contains(reference)) {
            throw new EngineUnavailable("it is too long");
        }
        synchronized (this) {
            return Optional.ofNullable(
                            containers.get(mistaken.map(ScriptedEngine::id).orElse(reference)))
                    .map(r ->
                            new Inspected(
                                    r.container(),
                                    r.state() != ContainerState.RESTARTING,
                                    r.startedAt(),
                                    powers.contains(r.container().id())
                                            ? Optional.empty()
                                            : r.sandbox(),
                                    r.restarts()));
        }
    }

    /// What [#follow] does before it blocks.
    void subscribe() throws EngineUnavailable, InterruptedException {
        called("follow");
        if (broken.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("a bug");
        }
        subscribed = true;
    }

    /// @return whether there was a subscription
    boolean unsubscribe() {
        boolean was = subscribed;
        subscribed = false;
        return was;
    }

    /// The next event of the stream, [#CUT] at its end; empty while there is none.
    Optional<Event> nextEvent() {
        Optional<Event> next = subscribed ? Optional.ofNullable(events.poll()) : Optional.empty();
        if (next.filter(CUT::equals).isPresent()) {
            subscribed = false;
        }
        return next;
    }

    @Override
    public void follow(Optional<Instant> since, Listener listener)
            throws EngineUnavailable, InterruptedException {
        subscribe();
        listener.onSubscribed();
        while (true) {
            Event event = events.take();
            if (event.equals(CUT)) {
                throw new EngineUnavailable(host + " ended its events");
            }
            listener.onEvent(event);
        }
    }

    @Override
    public ExecRunner execs() {
        return (container, command, user, timeout, maxBytes) -> {
            calls.add("exec " + container);
            return exec(container, command, timeout);
        };
    }

    @Override
    public SidecarRunner sidecars() {
        return (image, container, command, timeout, maxBytes) ->
                new ExecOutcome.Failed(InconclusiveCause.EXEC_FAILED, "no helpers here");
    }

    @Override
    public void removeStaleResources() throws EngineUnavailable, InterruptedException {
        called("removeStaleResources");
    }

    private ExecOutcome exec(String container, List<String> command, Duration timeout)
            throws InterruptedException {
        Optional<Exec> exec;
        synchronized (this) {
            exec = Optional.ofNullable(containers.get(container)).map(Running::exec);
        }
        if (down || silent) {
            return new ExecOutcome.Failed(InconclusiveCause.ENGINE, host + " is down");
        }
        if (exec.isEmpty()) {
            return new ExecOutcome.Failed(InconclusiveCause.GONE, "");
        }
        return switch (exec.get()) {
            case HANGS -> {
                pause.of(timeout);
                yield new ExecOutcome.Failed(InconclusiveCause.TIMED_OUT, "");
            }
            case BABBLES -> new ExecOutcome.Finished("hello\n");
            case READ_ONLY, WRITABLE -> {
                pause.of(execTakes);
                yield new ExecOutcome.Finished(transcript(command, exec.get() == Exec.WRITABLE));
            }
        };
    }

    /// The output of the probe script if all paths are on one root filesystem.
    private static String transcript(List<String> command, boolean writable) {
        int name = command.indexOf("writeprobe");
        String tag = Long.parseLong(command.get(name + 1)) * 2 + 1 + " ";
        List<String> paths = new ArrayList<>(command.subList(name + 2, command.size()));
        StringBuilder text = new StringBuilder();
        text.append(tag).append("START\n").append(tag).append("UID 0\n").append(tag);
        text.append("MOUNTS\n100 90 0:50 / / ")
                .append(writable ? "rw" : "ro")
                .append(",relatime - overlay overlay rw,lowerdir=/l\n");
        for (int i = 0; i < paths.size(); i++) {
            text.append(
                    "%1$sPATH %2$d\n%3$s\n%1$sLEADS %2$d\n%3$s\n%1$sDIR %2$d\n"
                            .formatted(tag, i, paths.get(i)));
            text.append(
                    writable
                            ? "%1$sMADE %2$d\n%1$sWROTE %2$d\n".formatted(tag, i)
                            : "writeprobe: can't create /x: Read-only file system\n%sFAILED %d\n"
                                    .formatted(tag, i));
        }
        return text.append(tag).append("END\n").toString();
    }

    @Override
    public void close() {
        calls.add("close");
    }
}

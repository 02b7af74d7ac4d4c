package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.probes.procfs.MountWatch;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows engines, and keeps the board.
///
/// One thread takes one message after the other and decides what to do; it never waits for an
/// engine or a container.
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration BEAT = Duration.ofSeconds(1);

    /// What the thread may be late by before it is called hung.
    private static final Duration HUNG = Duration.ofSeconds(30);

    /// What clocks may differ by from one beat to the next without anybody having set one.
    private static final Duration JUMP = Duration.ofSeconds(5);

    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
    private final Clock clock;
    private final ReportBoard board;
    private final MonitorContext desk;
    private final List<EngineMonitor> rosters = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("follower").unstarted(this::follow);
    private MonitorSettings settings;
    private LocalDate today;
    private long nextPass;
    private long clockOffset;
    private volatile boolean closed;
    private volatile long beat = System.nanoTime();

    /// @param board to be kept; it says what goes at first
    /// @param engines are closed with the follower
    /// @param procfs is closed with it, too
    public Follower(
            ReportBoard board,
            List<Engine> engines,
            ProcfsWitness procfs,
            MonitorListener instruments,
            Clock clock) {
        this.board = board;
        this.settings = board.settings();
        this.clock = clock;
        this.today = LocalDate.now(clock);
        this.desk =
                new MonitorContext(
                        new ProbeQueue(settings.probing().concurrency()),
                        board,
                        new ChangeLog(board.history(), clock),
                        instruments,
                        procfs,
                        MountWatch.start(
                                procfs,
                                id -> mailbox.add(new Message.Mounted(id, System.nanoTime()))),
                        System::nanoTime);
        engines.forEach(this::add);
    }

    public void start() {
        nextPass = System.nanoTime() + jittered(settings.interval());
        clockOffset = offset();
        rosters.forEach(EngineMonitor::open);
        thread.start();
    }

    /// Goes by other settings, and follows other engines, from now on. What is known of containers
    /// of engines that stay is kept, and judged anew.
    ///
    /// @param engines all that are to be followed; those that are followed already, by their host,
    ///   are not needed, and closed
    public void reconfigure(MonitorSettings now, List<Engine> engines) {
        mailbox.add(new Message.Reconfigured(now, engines));
    }

    /// Why it has to be taken for dead; empty if it lives.
    public Optional<String> hung() {
        Duration late = Duration.ofNanos(System.nanoTime() - beat);
        if (closed || late.compareTo(HUNG) < 0) {
            return Optional.empty();
        }
        return Optional.of(
                "the thread that follows the engines hangs since " + late.toSeconds() + " s");
    }

    private void add(Engine engine) {
        rosters.add(new EngineMonitor(engine, desk, settings, judge(), mailbox));
    }

    private Judge judge() {
        return new Judge(settings.policy(), today);
    }

    private void follow() {
        while (!closed) {
            try {
                long wait = Math.min(BEAT.toNanos(), nextPass - System.nanoTime());
                Message message = mailbox.poll(wait, TimeUnit.NANOSECONDS);
                if (message != null) {
                    hear(message);
                }
                act();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("this should not have happened, please report it");
            }
            beat = System.nanoTime();
        }
    }

    private void hear(Message message) {
        switch (message) {
            case Message.Reconfigured(MonitorSettings now, List<Engine> engines) ->
                    reconfigured(now, engines);
            case Message.Mounted(String container, long at) ->
                    rosters.forEach(r -> r.mounted(container, at));
            case Message.Probed(var roster, var container, var probe, var said) -> {
                desk.lanes().free(probe.suspect());
                if (!roster.closed()) {
                    roster.probed(container, probe, said);
                }
            }
            case Message.OfEngine of when of.roster().closed() -> {}
            case Message.Following(var roster, var identified) -> roster.following(identified);
            case Message.Happened(var roster, var event, long at) -> roster.happened(event, at);
            case Message.Lost(var roster, var trouble) -> roster.lost(trouble);
            case Message.KernelRechecked(var roster, var glances) -> roster.glanced(glances);
            case Message.Listed(var roster, var listing, long asked) ->
                    roster.listed(listing, asked);
            case Message.NotListed(var roster, var trouble) -> roster.notListed(trouble);
            case Message.Inspected(var roster, var container, var answer) ->
                    roster.inspected(container, answer);
            case Message.NotInspected(var roster, var container, var trouble) ->
                    roster.notInspected(container, trouble);
        }
    }

    private void act() {
        long now = System.nanoTime();
        long offset = offset();
        if (Math.abs(offset - clockOffset) > JUMP.toNanos()) {
            LOG.warn("the clock was set, or the machine slept: every container is probed anew");
            rosters.forEach(EngineMonitor::lookAgain);
        }
        clockOffset = offset;
        if (now - nextPass >= 0) {
            nextPass = now + jittered(settings.interval());
            LocalDate date = LocalDate.now(clock);
            if (!date.equals(today)) {
                today = date;
                rosters.forEach(r -> r.judgeBy(judge()));
            }
            desk.journal().compare(board.report());
            rosters.forEach(EngineMonitor::pass);
        }
        rosters.forEach(EngineMonitor::settle);
        dispatch();
    }

    private void dispatch() {
        Optional<ProbeQueue.Waiting> next = desk.lanes().next();
        while (next.isPresent()) {
            TrackedContainer container = next.get().container();
            boolean suspect = container.suspect();
            boolean needed = false;
            try {
                needed = next.get().roster().probe(container, suspect);
            } finally {
                if (!needed) {
                    desk.lanes().free(suspect);
                }
            }
            next = desk.lanes().next();
        }
    }

    /// How far the clock is ahead of the time that is measured, which nobody can set.
    private long offset() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis()) - System.nanoTime();
    }

    /// So that a thousand agents do not ask at the same moment.
    private static long jittered(Duration interval) {
        return interval.toNanos() / 1000 * (900 + ThreadLocalRandom.current().nextInt(200));
    }

    private void reconfigured(MonitorSettings now, List<Engine> engines) {
        settings = now;
        board.settings(now);
        desk.lanes().places(now.probing().concurrency());
        var wanted = engines.stream().map(Engine::host).collect(Collectors.toSet());
        for (EngineMonitor roster : List.copyOf(rosters)) {
            if (wanted.contains(roster.host())) {
                roster.settings(now, judge());
            } else {
                roster.close();
                rosters.remove(roster);
                Thread.ofVirtual().start(() -> end(roster, CLOSING));
            }
        }
        for (Engine engine : engines) {
            if (rosters.stream().anyMatch(r -> r.host().equals(engine.host()))) {
                engine.close();
            } else {
                add(engine);
                rosters.getLast().open();
            }
        }
        // Not later than it was to be: whoever reads it every minute would never see another pass.
        long pass = System.nanoTime() + jittered(now.interval());
        nextPass = pass - nextPass < 0 ? pass : nextPass;
    }

    private static boolean end(EngineMonitor roster, Duration limit) {
        try {
            return roster.end(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Calls off what is under way. A probe that is broken off removes its files: what it runs in
    /// the container ends with its connection.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (thread.getState() != Thread.State.NEW) {
                thread.join(BEAT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        desk.watch().ifPresent(MountWatch::close);
        desk.procfs().close();
        // All first, so that none waits for another.
        rosters.forEach(EngineMonitor::close);
        long until = System.nanoTime() + CLOSING.toNanos();
        for (EngineMonitor roster : rosters) {
            Duration left = Duration.ofNanos(Math.max(1, until - System.nanoTime()));
            if (!end(roster, left)) {
                LOG.atWarn()
                        .addKeyValue("engine", roster.host())
                        .log("some probes did not end in time");
            }
        }
    }
}

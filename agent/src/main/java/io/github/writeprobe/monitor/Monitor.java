package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.trace.MountCallTrace;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Monitors engines and keeps the report board up to date.
///
/// One thread passes one message after the other to the state machine, and the resulting commands
/// to the executor. It never waits for an engine or a container.
public final class Monitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /// The thread counts as hung when its heartbeat is this late.
    private static final Duration HUNG_AFTER = Duration.ofSeconds(30);

    /// An item in the thread's mailbox.
    private sealed interface Work {
        record Handle(MonitorInput message) implements Work {}

        record Reconfigure(MonitorSettings settings, List<Engine> engines) implements Work {}
    }

    private final BlockingQueue<Work> mailbox = new LinkedBlockingQueue<>();
    private final MonitorClock time;
    private final MonitorActionDispatcher executor;
    private final MonitorStateMachine state;
    private final Thread thread = Thread.ofPlatform().name("monitor").unstarted(this::run);
    private volatile boolean closed;
    private volatile long lastHeartbeat = System.nanoTime();

    /// @param board to keep up to date; its settings are used first
    /// @param engines to monitor; they are closed with the monitor
    /// @param procfs is closed with the monitor, too
    /// @param calls the mount calls of the host, if this process listens to them; closed with the
    ///   monitor, too
    public Monitor(
            ReportBoard board,
            List<Engine> engines,
            ProcfsWitness procfs,
            Optional<MountCallTrace> calls,
            MonitorListener listener,
            Clock clock) {
        time = new SystemTime(clock);
        executor =
                new MonitorActionDispatcher(
                        procfs,
                        calls,
                        message -> mailbox.add(new Work.Handle(message)),
                        time::nanos);
        MonitorSettings settings = board.settings();
        MonitorContext context =
                new MonitorContext(
                        new ProbeQueue(settings.probing().concurrency()),
                        board,
                        new VerdictChangeLogger(board.history(), clock),
                        listener,
                        executor::execute,
                        executor::isKernelReachable,
                        executor::actor,
                        time,
                        RandomGenerator.getDefault());
        state =
                new MonitorStateMachine(
                        context, settings, executor.open(settings.probing(), engines));
    }

    public void start() {
        thread.start();
    }

    /// Applies new settings, and monitors these engines from now on. The results of engines that
    /// stay are kept and judged again.
    ///
    /// @param engines all engines to monitor; an instance for a host that is already monitored is
    ///   not needed, and is closed
    public void reconfigure(MonitorSettings settings, List<Engine> engines) {
        mailbox.add(new Work.Reconfigure(settings, List.copyOf(engines)));
    }

    /// Why the monitor thread counts as hung; empty if it responds.
    public Optional<String> hung() {
        Duration late = Duration.ofNanos(System.nanoTime() - lastHeartbeat);
        if (closed || late.compareTo(HUNG_AFTER) < 0) {
            return Optional.empty();
        }
        return Optional.of("the monitor thread has not responded for " + late.toSeconds() + " s");
    }

    private void run() {
        state.start();
        while (!closed) {
            try {
                long wait = Math.min(HEARTBEAT.toNanos(), state.nextTick() - time.nanos());
                Work work = mailbox.poll(wait, TimeUnit.NANOSECONDS);
                if (work != null) {
                    state.handle(message(work));
                }
                state.tick();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("unexpected error; please report it");
            }
            lastHeartbeat = System.nanoTime();
        }
    }

    private MonitorInput message(Work work) {
        return switch (work) {
            case Work.Handle(MonitorInput message) -> message;
            case Work.Reconfigure(MonitorSettings settings, List<Engine> engines) ->
                    new MonitorInput.Reconfigured(
                            settings, executor.open(settings.probing(), engines));
        };
    }

    /// Cancels running probes. A cancelled probe removes its files, because the script in the
    /// container ends with its connection.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (thread.getState() != Thread.State.NEW) {
                thread.join(HEARTBEAT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.close();
        state.close();
    }
}

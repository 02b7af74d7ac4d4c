package io.github.writeprobe.probes.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.probes.CpuBudget;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.HostFacts;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Listens to the mount calls of all processes of the host, in a trace of its own.
///
/// One thread reads them as they are made, and who made them. It uses a small share of a processor
/// at most; calls that it cannot keep up with are lost, and [#find] says so.
public final class MountCallTrace implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 500;
    private static final String WARM_UP_LINE =
            "           mount-7323    [000] ..... 35592.473041: sys_mount(dev_name: 0x560182323a80,"
                    + " dir_name: 0x560182323aa0, type: 0x560182323ae0, flags: 0x200021, data: 0)";
    private static final List<Path> PLACES =
            List.of(
                    Path.of("/sys/kernel/tracing"),
                    Path.of("/sys/kernel/debug/tracing"),
                    Path.of("/tracing"));
    private static final int EAGAIN = -11;
    private static final int READ_SIZE = 1 << 14;

    private final TraceInstance instance;
    private final LinuxSyscalls kernel;
    private final LinuxSyscalls callerKernel;
    private final MountCallLog log;
    private final ChangeMatcher matcher;
    private final int pipe;
    private final int epoll;
    private final int wakeEvent;
    private final Thread thread;

    /// Every call that was made until then is in the log.
    private long readUntil = System.nanoTime();

    private volatile boolean closed;

    private MountCallTrace(Abi abi, TraceInstance instance, InstantSource clock)
            throws TraceInstance.Unavailable {
        this.instance = instance;
        this.kernel = new LinuxSyscalls(abi);
        this.callerKernel = new LinuxSyscalls(abi);
        this.log =
                new MountCallLog(new CallerReader(kernel, "/proc")::read, clock, System::nanoTime);
        this.matcher = new ChangeMatcher(log);
        this.pipe =
                (int)
                        kernel.open(
                                LinuxSyscalls.AT_FDCWD,
                                instance.pipe().toString(),
                                LinuxSyscalls.O_RDONLY
                                        | LinuxSyscalls.O_NONBLOCK
                                        | LinuxSyscalls.O_CLOEXEC,
                                0);
        if (pipe < 0) {
            throw new TraceInstance.Unavailable("its events cannot be read: errno " + -pipe);
        }
        this.epoll = (int) kernel.epoll();
        this.wakeEvent = (int) kernel.eventfd();
        kernel.watch(epoll, pipe, LinuxSyscalls.EPOLLIN, pipe);
        kernel.watch(epoll, wakeEvent, LinuxSyscalls.EPOLLIN, wakeEvent);
        this.thread = Thread.ofPlatform().daemon().name("mount-calls").unstarted(this::run);
    }

    /// A trace, or the reason why there is none.
    public sealed interface Opened {
        record Listening(MountCallTrace trace) implements Opened {}

        /// @param reason a clause
        record Unavailable(String reason) implements Opened {}
    }

    /// Where tracefs is mounted. systemd mounts it at the first, debugfs at the second. The third
    /// is where a container has it, because AppArmor's usual profile for containers forbids to
    /// write below `/sys`.
    public static Path tracefs() {
        return PLACES.stream()
                .filter(place -> Files.isDirectory(place.resolve("instances")))
                .findFirst()
                .orElse(PLACES.getFirst());
    }

    /// Starts to listen.
    ///
    /// @param clock for the times of calls
    public static Opened open(Path tracefs, InstantSource clock) {
        Optional<Abi> abi = Abi.detect();
        if (abi.isEmpty()) {
            return new Opened.Unavailable("it needs Linux on x86-64 or ARM64");
        }
        // The trace has the process ids of that namespace.
        if (HostFacts.read(Path.of("/")).pidNamespace() != HostFacts.Namespace.INITIAL) {
            return new Opened.Unavailable("this process is not in the host's PID namespace");
        }
        try {
            TraceInstance instance =
                    TraceInstance.create(tracefs, Path.of("/proc"), NUMBER.incrementAndGet());
            try {
                MountCallTrace trace = new MountCallTrace(abi.get(), instance, clock);
                trace.thread.start();
                return new Opened.Listening(trace);
            } catch (TraceInstance.Unavailable e) {
                instance.close();
                throw e;
            }
        } catch (TraceInstance.Unavailable e) {
            return new Opened.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    /// Waits until every call that was made before is read.
    ///
    /// @return whether it is
    public boolean await(Duration limit) throws InterruptedException {
        long asked = System.nanoTime();
        synchronized (this) {
            if (!closed) {
                callerKernel.wake(wakeEvent);
            }
            long left = limit.toNanos();
            while (!closed && readUntil - asked < 0 && left > 0) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
                left = limit.toNanos() - (System.nanoTime() - asked);
            }
            return readUntil - asked >= 0;
        }
    }

    /// Who made a change. Call [#await] after the table was read.
    public ChangeMaker find(MountChange change) {
        boolean complete;
        synchronized (this) {
            complete = readUntil - change.reported().orElse(change.since()) >= 0;
        }
        return matcher.find(change, complete);
    }

    /// How many events were lost, because there were more than can be read.
    public long lost() {
        return log.lost();
    }

    private void run() {
        warmUp();
        kernel.hurry();
        CpuBudget budget = new CpuBudget(System.nanoTime());
        long used = CPU.getCurrentThreadCpuTime();
        byte[] buffer = new byte[READ_SIZE];
        StringBuilder rest = new StringBuilder();
        while (!closed) {
            kernel.await(epoll);
            kernel.drain(wakeEvent);
            readAll(buffer, rest);
            long now = CPU.getCurrentThreadCpuTime();
            budget.spend(now - used, System.nanoTime());
            used = now;
            pause(budget.pauseNanos());
        }
        kernel.close(pipe);
        kernel.close(epoll);
        synchronized (this) {
            kernel.close(wakeEvent);
        }
        instance.close();
    }

    /// Runs what reads a caller some times. Mount calls are rare, so this code would run
    /// uncompiled, and a command that ends at once would have gone before it is read.
    private void warmUp() {
        CallerReader reader = new CallerReader(kernel, "/proc");
        int self = (int) ProcessHandle.current().pid();
        for (int i = 0; i < WARM_UP && !closed; i++) {
            TraceLineParser.parse(WARM_UP_LINE);
            reader.read(self, System.nanoTime());
        }
    }

    private void pause(long nanos) {
        if (nanos > 0) {
            try {
                Thread.sleep(Duration.ofNanos(nanos));
            } catch (InterruptedException e) {
                // Closed; the loop ends.
            }
        }
    }

    /// Reads what there is, up to a limit.
    private void readAll(byte[] buffer, StringBuilder rest) {
        for (int reads = 0; reads < 16; reads++) {
            long before = System.nanoTime();
            int length = kernel.read(pipe, buffer);
            if (length <= 0) {
                if (length == EAGAIN || length == 0) {
                    caughtUp(before);
                }
                return;
            }
            rest.append(new String(buffer, 0, length, UTF_8));
            handleLines(rest);
        }
    }

    private void handleLines(StringBuilder rest) {
        int start = 0;
        for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", start)) {
            TraceLineParser.parse(rest.substring(start, end)).ifPresent(log::add);
            start = end + 1;
        }
        rest.delete(0, start);
        if (rest.length() > READ_SIZE) {
            rest.setLength(0);
        }
    }

    private synchronized void caughtUp(long until) {
        readUntil = until;
        notifyAll();
    }

    /// Removes the trace.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            callerKernel.wake(wakeEvent);
            notifyAll();
        }
        thread.interrupt();
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

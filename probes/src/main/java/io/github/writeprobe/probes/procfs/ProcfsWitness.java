package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.DeviceLookup;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.Privileges;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Asks the kernel about a container, by system calls of this process through `/proc/PID/root`.
///
/// It takes some microseconds a path, needs nothing in the container, and leaves no trace in it:
/// what it creates has no name. It sees a paused container as well as a running one, and every
/// mount. It does not see what a security module would forbid the container's own processes.
///
/// It needs Linux, the machine's PID namespace, and the capabilities SYS_PTRACE, DAC_OVERRIDE,
/// SETUID and SETGID.
public final class ProcfsWitness implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int ATTEMPTS = 3;
    private static final String PROC = "/proc";

    private final Optional<Ready> ready;
    private final String unavailable;
    private final HangingProbes hangs = new HangingProbes();
    private final MountTableCache tables = new MountTableCache();
    private final TargetCache holds = new TargetCache(tables);
    private final HostPaths hostPaths = new HostPaths(PROC);

    /// What is there once it is known that it can testify.
    ///
    /// @param ofHost mount namespaces that no container lives in
    private record Ready(
            ProbeThreadPool crew, ProcessStatus own, Set<String> ofHost, ProcessScan scan) {}

    private ProcfsWitness(Optional<Ready> ready, String unavailable) {
        this.ready = ready;
        this.unavailable = unavailable;
    }

    /// Finds out, once, whether this process may do what it takes.
    public static ProcfsWitness open() {
        Optional<Abi> abi = Abi.here();
        if (abi.isEmpty()) {
            return without("it needs Linux on x86-64 or ARM64");
        }
        Kernel kernel;
        try {
            kernel = new Kernel(abi.get());
        } catch (IllegalCallerException | ExceptionInInitializerError | NoClassDefFoundError e) {
            return without("this JVM may not call native code: --enable-native-access");
        }
        Optional<ProcessStatus> own =
                kernel.text(Kernel.AT_FDCWD, PROC + "/self/status", 1 << 16)
                        .flatMap(ProcessStatus::parse);
        if (own.isEmpty()) {
            return without("procfs is not mounted at " + PROC);
        }
        return Privileges.missing(kernel, own.get())
                .map(why -> without(why))
                .orElseGet(() -> new ProcfsWitness(Optional.of(ready(kernel, own.get())), ""));
    }

    private static Ready ready(Kernel kernel, ProcessStatus own) {
        Set<String> ofHost =
                Stream.of("self", "1")
                        .flatMap(p ->
                                kernel.link(Kernel.AT_FDCWD, PROC + "/" + p + "/ns/mnt").stream())
                        .collect(Collectors.toUnmodifiableSet());
        return new Ready(
                new ProbeThreadPool(kernel.abi(), THREADS),
                own,
                ofHost,
                new ProcessScan(PROC, ofHost));
    }

    /// One that cannot testify.
    ///
    /// @param why in words for a person
    public static ProcfsWitness without(String why) {
        return new ProcfsWitness(Optional.empty(), requireNonNull(why));
    }

    /// Why it can testify about no container at all, and what would help; empty if it can.
    public Optional<String> unavailable() {
        return ready.isPresent() ? Optional.empty() : Optional.of(unavailable);
    }

    /// Says by which socket an engine is asked: a container that reaches it has the engine's power.
    ///
    /// @param socket its path, as this process has it
    public void engineAt(String socket) {
        hostPaths.ask(socket);
    }

    /// Probes the paths, and every mount point of the container's mount table besides, as the
    /// service and as root.
    ///
    /// @param pid of the container's first process, as the engine has it
    /// @param container its id
    /// @param paths absolute; one that is not is never tried
    /// @param timeout for all of it
    /// @return one testimony for each identity that the container has; a single one if it could not
    ///   be reached
    public List<ProbeResult> testify(
            long pid, String container, List<String> paths, Duration timeout)
            throws InterruptedException {
        return testify(new Sight(pid, container, paths), timeout);
    }

    /// The same.
    public List<ProbeResult> testify(Sight sight, Duration timeout) throws InterruptedException {
        return testify(sight, timeout, true);
    }

    /// Whether a container's mounts stay as they are from now on; where nobody can look, no change
    /// is seen.
    ///
    /// @param pid of its first process, as the engine has it
    /// @param container its id
    public MountStability stillness(long pid, String container) {
        return ready.flatMap(_ -> Abi.here())
                .map(abi -> MountStability.of(abi, PROC, pid, container))
                .orElse(MountStability.UNKNOWN);
    }

    /// What devices are that an engine declares; nothing where nobody can look, or in time.
    ///
    /// @param paths of the host
    public DeviceFacts devices(List<String> paths, Duration timeout) throws InterruptedException {
        CompletableFuture<DeviceFacts> seen = new CompletableFuture<>();
        boolean begun =
                ready.isPresent()
                        && ready.get()
                                .crew()
                                .begin(
                                        kernel ->
                                                seen.complete(
                                                        new DeviceLookup(kernel).at(PROC, paths)),
                                        timeout.dividedBy(ATTEMPTS),
                                        false)
                                .isPresent();
        try {
            return begun
                    ? seen.get(timeout.dividedBy(ATTEMPTS).toNanos(), TimeUnit.NANOSECONDS)
                    : DeviceFacts.NONE;
        } catch (TimeoutException late) {
            return DeviceFacts.NONE;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// A container to glance at.
    ///
    /// @param pid of its first process, as the engine has it
    /// @param container its id
    /// @param paths as for [#testify]
    /// @param sandbox the runtime, if the engine says that it is one that keeps a container's files
    ///   from the machine's kernel; else empty
    /// @param mayMount whether the engine lets its processes change mounts
    public record Sight(
            long pid, String container, List<String> paths, String sandbox, boolean mayMount) {
        /// One of which the engine says nothing.
        public Sight(long pid, String container, List<String> paths) {
            this(pid, container, paths, "", true);
        }
    }

    /// The same for several, one after the other and by one thread, which costs less than to hand
    /// each over. The mount table of a container whose mounts are watched is read only if it
    /// changed.
    ///
    /// @param timeout for each
    /// @return what is said of each, in their order
    public List<List<ProbeResult>> glance(List<Sight> sights, Duration timeout)
            throws InterruptedException {
        List<List<ProbeResult>> said = new ArrayList<>();
        if (ready.isPresent() && sights.size() > 1) {
            ProbeBatch tour =
                    new ProbeBatch(
                            sights.stream()
                                    .takeWhile(s -> !hangs.tooMany(s.container()))
                                    .map(this::visit)
                                    .toList());
            Duration patience = timeout.dividedBy(ATTEMPTS);
            Optional<ProbeThreadPool.Job> job = ready.get().crew().begin(tour, patience, true);
            if (job.isPresent()) {
                said.addAll(tour.await(patience));
                // Where it came to its end, this changes nothing.
                job.get().giveUp();
            }
        }
        // The one that it hangs at gets its other attempts, and whoever comes after it a new start.
        for (Sight sight : sights.subList(said.size(), sights.size())) {
            said.add(testify(sight, timeout, false));
        }
        return said;
    }

    private ContainerProbe visit(Sight sight) {
        return visit(sight, false, Instant.now());
    }

    private ContainerProbe visit(Sight sight, boolean anew, Instant at) {
        Ready here = ready.orElseThrow();
        return new ContainerProbe(
                new ContainerProbe.Premises(
                        PROC,
                        here.own(),
                        here.ofHost(),
                        hangs,
                        tables,
                        holds,
                        here.scan(),
                        hostPaths),
                sight,
                sight.paths().stream().filter(p -> p.startsWith("/")).distinct().toList(),
                anew,
                at);
    }

    private List<ProbeResult> testify(Sight sight, Duration timeout, boolean anew)
            throws InterruptedException {
        String container = sight.container();
        Instant at = Instant.now();
        long started = System.nanoTime();
        if (ready.isEmpty()) {
            return List.of(none(at, started, Cause.UNREACHABLE, unavailable));
        }
        ContainerProbe visit = visit(sight, anew, at);
        Duration patience = timeout.dividedBy(ATTEMPTS);
        for (int i = 0; i < ATTEMPTS; i++) {
            if (hangs.tooMany(container)) {
                return List.of(
                        none(at, started, Cause.TIMED_OUT, "the last probes of it hang still"));
            }
            ContainerProbe.Leg leg = visit.leg();
            Optional<ProbeThreadPool.Job> job =
                    ready.get().crew().begin(leg, patience, hangs.none(container));
            if (job.isEmpty()) {
                return List.of(none(at, started, Cause.TIMED_OUT, "all probe threads hang"));
            }
            Optional<List<ProbeResult>> said = leg.await(patience);
            if (said.isPresent()) {
                return said.get();
            }
            leg.abandon();
            job.get().giveUp();
        }
        return List.of(none(at, started, Cause.TIMED_OUT, "a filesystem does not answer"));
    }

    /// How many mount tables it keeps.
    int tables() {
        return tables.size();
    }

    /// What is kept between visits of containers whose mounts are watched.
    TargetCache holds() {
        return holds;
    }

    private static ProbeResult none(Instant at, long started, Cause cause, String detail) {
        return ProbeResult.none(
                WitnessName.PROCFS,
                Identity.SERVICE,
                at,
                Duration.ofNanos(System.nanoTime() - started),
                new Write.Inconclusive(cause, detail));
    }

    @Override
    public void close() {
        ready.ifPresent(r -> r.crew().close());
    }
}

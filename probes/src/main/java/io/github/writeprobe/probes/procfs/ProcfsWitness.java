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
    private final String unavailableReason;
    private final HangingProbes hangs = new HangingProbes();
    private final MountTableCache tables = new MountTableCache();
    private final TargetCache targets = new TargetCache(tables);
    private final HostPaths hostPaths = new HostPaths(PROC);

    /// What is there once it is known that it can testify.
    ///
    /// @param hostNamespaces mount namespaces that no container lives in
    private record Ready(
            ProbeThreadPool pool,
            ProcessStatus self,
            Set<String> hostNamespaces,
            ProcessScan scan) {}

    private ProcfsWitness(Optional<Ready> ready, String unavailableReason) {
        this.ready = ready;
        this.unavailableReason = unavailableReason;
    }

    /// Finds out, once, whether this process may do what it takes.
    public static ProcfsWitness open() {
        Optional<Abi> abi = Abi.detect();
        if (abi.isEmpty()) {
            return unavailable("it needs Linux on x86-64 or ARM64");
        }
        Kernel kernel;
        try {
            kernel = new Kernel(abi.get());
        } catch (IllegalCallerException | ExceptionInInitializerError | NoClassDefFoundError e) {
            return unavailable("this JVM may not call native code: --enable-native-access");
        }
        Optional<ProcessStatus> self =
                kernel.readText(Kernel.AT_FDCWD, PROC + "/self/status", 1 << 16)
                        .flatMap(ProcessStatus::parse);
        if (self.isEmpty()) {
            return unavailable("procfs is not mounted at " + PROC);
        }
        return Privileges.missingToProbe(kernel, self.get())
                .map(reason -> unavailable(reason))
                .orElseGet(() -> new ProcfsWitness(Optional.of(ready(kernel, self.get())), ""));
    }

    private static Ready ready(Kernel kernel, ProcessStatus self) {
        Set<String> hostNamespaces =
                Stream.of("self", "1")
                        .flatMap(p ->
                                kernel
                                        .readLink(Kernel.AT_FDCWD, PROC + "/" + p + "/ns/mnt")
                                        .stream())
                        .collect(Collectors.toUnmodifiableSet());
        return new Ready(
                new ProbeThreadPool(kernel.abi(), THREADS),
                self,
                hostNamespaces,
                new ProcessScan(PROC, hostNamespaces));
    }

    /// One that cannot testify.
    ///
    /// @param reason in words for a person
    public static ProcfsWitness unavailable(String reason) {
        return new ProcfsWitness(Optional.empty(), requireNonNull(reason));
    }

    /// Why it can testify about no container at all, and what would help; empty if it can.
    public Optional<String> unavailableReason() {
        return ready.isPresent() ? Optional.empty() : Optional.of(unavailableReason);
    }

    /// Says by which socket an engine is asked: a container that reaches it has the engine's power.
    ///
    /// @param socket its path, as this process has it
    public void addEngineSocket(String socket) {
        hostPaths.addEngineSocket(socket);
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
    public List<ProbeResult> probe(long pid, String container, List<String> paths, Duration timeout)
            throws InterruptedException {
        return probe(new ProcfsRequest(pid, container, paths), timeout);
    }

    /// The same.
    public List<ProbeResult> probe(ProcfsRequest request, Duration timeout)
            throws InterruptedException {
        return probe(request, timeout, true);
    }

    /// Whether a container's mounts stay as they are from now on; where nobody can look, no change
    /// is seen.
    ///
    /// @param pid of its first process, as the engine has it
    /// @param container its id
    public MountStability mountStability(long pid, String container) {
        return ready.flatMap(_ -> Abi.detect())
                .map(abi -> MountStability.watch(abi, PROC, pid, container))
                .orElse(MountStability.UNKNOWN);
    }

    /// What devices are that an engine declares; nothing where nobody can look, or in time.
    ///
    /// @param paths of the host
    public DeviceFacts devices(List<String> paths, Duration timeout) throws InterruptedException {
        CompletableFuture<DeviceFacts> facts = new CompletableFuture<>();
        boolean submitted =
                ready.isPresent()
                        && ready.get()
                                .pool()
                                .start(
                                        kernel ->
                                                facts.complete(
                                                        new DeviceLookup(kernel)
                                                                .lookUp(PROC, paths)),
                                        timeout.dividedBy(ATTEMPTS),
                                        false)
                                .isPresent();
        try {
            return submitted
                    ? facts.get(timeout.dividedBy(ATTEMPTS).toNanos(), TimeUnit.NANOSECONDS)
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
    /// @param paths as for [#probe]
    /// @param sandbox the runtime, if the engine says that it is one that keeps a container's files
    ///   from the machine's kernel; else empty
    /// @param mayMount whether the engine lets its processes change mounts
    public record ProcfsRequest(
            long pid, String container, List<String> paths, String sandbox, boolean mayMount) {
        /// One of which the engine says nothing.
        public ProcfsRequest(long pid, String container, List<String> paths) {
            this(pid, container, paths, "", true);
        }
    }

    /// The same for several, one after the other and by one thread, which costs less than to hand
    /// each over. The mount table of a container whose mounts are watched is read only if it
    /// changed.
    ///
    /// @param timeout for each
    /// @return what is said of each, in their order
    public List<List<ProbeResult>> recheck(List<ProcfsRequest> requests, Duration timeout)
            throws InterruptedException {
        List<List<ProbeResult>> results = new ArrayList<>();
        if (ready.isPresent() && requests.size() > 1) {
            ProbeBatch batch =
                    new ProbeBatch(
                            requests.stream()
                                    .takeWhile(s -> !hangs.isLimitReached(s.container()))
                                    .map(this::newContainerProbe)
                                    .toList());
            Duration attemptTimeout = timeout.dividedBy(ATTEMPTS);
            Optional<ProbeThreadPool.Job> job =
                    ready.get().pool().start(batch, attemptTimeout, true);
            if (job.isPresent()) {
                results.addAll(batch.await(attemptTimeout));
                // Where it came to its end, this changes nothing.
                job.get().abandon();
            }
        }
        // The one that it hangs at gets its other attempts, and whoever comes after it a new start.
        for (ProcfsRequest request : requests.subList(results.size(), requests.size())) {
            results.add(probe(request, timeout, false));
        }
        return results;
    }

    private ContainerProbe newContainerProbe(ProcfsRequest request) {
        return newContainerProbe(request, false, Instant.now());
    }

    private ContainerProbe newContainerProbe(
            ProcfsRequest request, boolean refresh, Instant startedAt) {
        Ready state = ready.orElseThrow();
        return new ContainerProbe(
                new ContainerProbe.SharedState(
                        PROC,
                        state.self(),
                        state.hostNamespaces(),
                        hangs,
                        tables,
                        targets,
                        state.scan(),
                        hostPaths),
                request,
                request.paths().stream().filter(p -> p.startsWith("/")).distinct().toList(),
                refresh,
                startedAt);
    }

    private List<ProbeResult> probe(ProcfsRequest request, Duration timeout, boolean refresh)
            throws InterruptedException {
        String container = request.container();
        Instant startedAt = Instant.now();
        long startedNanos = System.nanoTime();
        if (ready.isEmpty()) {
            return List.of(failed(startedAt, startedNanos, Cause.UNREACHABLE, unavailableReason));
        }
        ContainerProbe containerProbe = newContainerProbe(request, refresh, startedAt);
        Duration attemptTimeout = timeout.dividedBy(ATTEMPTS);
        for (int i = 0; i < ATTEMPTS; i++) {
            if (hangs.isLimitReached(container)) {
                return List.of(
                        failed(
                                startedAt,
                                startedNanos,
                                Cause.TIMED_OUT,
                                "the last probes of it hang still"));
            }
            ContainerProbe.ProbeAttempt attempt = containerProbe.newAttempt();
            Optional<ProbeThreadPool.Job> job =
                    ready.get().pool().start(attempt, attemptTimeout, hangs.hasNone(container));
            if (job.isEmpty()) {
                return List.of(
                        failed(startedAt, startedNanos, Cause.TIMED_OUT, "all probe threads hang"));
            }
            Optional<List<ProbeResult>> results = attempt.await(attemptTimeout);
            if (results.isPresent()) {
                return results.get();
            }
            attempt.abandon();
            job.get().abandon();
        }
        return List.of(
                failed(startedAt, startedNanos, Cause.TIMED_OUT, "a filesystem does not answer"));
    }

    /// How many mount tables it keeps.
    int cachedTableCount() {
        return tables.size();
    }

    /// What is kept between visits of containers whose mounts are watched.
    TargetCache targets() {
        return targets;
    }

    private static ProbeResult failed(
            Instant startedAt, long startedNanos, Cause cause, String detail) {
        return ProbeResult.failed(
                WitnessName.PROCFS,
                Identity.SERVICE,
                startedAt,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                new Write.Inconclusive(cause, detail));
    }

    @Override
    public void close() {
        ready.ifPresent(r -> r.pool().close());
    }
}

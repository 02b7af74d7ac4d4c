package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.HostDeviceNodeReader;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.OwnPrivilegeCheck;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import io.github.writeprobe.probes.kernel.SyscallAvailability;
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

/// Probes a container by system calls of this process through `/proc/PID/root`.
///
/// It takes some microseconds for each path, needs nothing in the container, and leaves no trace in
/// it: the files that it creates have no name. It can probe paused containers, and every mount. It
/// does not see what a security module would deny to the container's own processes.
///
/// It needs Linux, the host's PID namespace, and the capabilities SYS_PTRACE, DAC_OVERRIDE, SETUID
/// and SETGID.
public final class ProcfsWitness implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int ATTEMPTS = 3;
    private static final String PROC = "/proc";

    public static final Duration DEFAULT_FULL_INTERVAL = Duration.ofMinutes(5);

    private final Optional<Ready> ready;
    private final String unavailableReason;
    private final HangingProbes hangs = new HangingProbes();
    private final MountTableCache tables = new MountTableCache();
    private final ProcfsTargetCache targets = new ProcfsTargetCache(tables);
    private final MountHostPathFinder hostPaths = new MountHostPathFinder(PROC);

    /// The state of an available witness.
    ///
    /// @param initNamespace the mount namespace of the host's first process
    /// @param hostNamespaces mount namespaces that belong to no other container
    private record Ready(
            ProbeThreadPool pool,
            ProcessStatus self,
            Optional<String> initNamespace,
            Set<String> hostNamespaces,
            MountNamespaceScan scan) {}

    private ProcfsWitness(Optional<Ready> ready, String unavailableReason) {
        this.ready = ready;
        this.unavailableReason = unavailableReason;
    }

    /// Checks once whether this process has the required privileges.
    public static ProcfsWitness open() {
        return switch (SyscallAvailability.detect()) {
            case SyscallAvailability.Unavailable(String reason) -> unavailable(reason);
            case SyscallAvailability.Available(Abi _, LinuxSyscalls kernel, ProcessStatus self) ->
                    OwnPrivilegeCheck.missingToProbe(kernel, self)
                            .map(reason -> unavailable(reason))
                            .orElseGet(
                                    () -> new ProcfsWitness(Optional.of(ready(kernel, self)), ""));
        };
    }

    private static Ready ready(LinuxSyscalls kernel, ProcessStatus self) {
        Optional<String> init = mountNamespace(kernel, "1");
        Set<String> hostNamespaces =
                Stream.concat(init.stream(), mountNamespace(kernel, "self").stream())
                        .collect(Collectors.toUnmodifiableSet());
        return new Ready(
                new ProbeThreadPool(kernel.abi(), THREADS),
                self,
                init,
                hostNamespaces,
                new MountNamespaceScan(PROC, hostNamespaces));
    }

    private static Optional<String> mountNamespace(LinuxSyscalls kernel, String process) {
        return kernel.readLink(LinuxSyscalls.AT_FDCWD, PROC + "/" + process + "/ns/mnt");
    }

    /// A witness that is unavailable.
    ///
    /// @param reason a text for people
    public static ProcfsWitness unavailable(String reason) {
        return new ProcfsWitness(Optional.empty(), requireNonNull(reason));
    }

    /// Why the witness is unavailable for all containers, and what to do; empty if it is available.
    public Optional<String> unavailableReason() {
        return ready.isPresent() ? Optional.empty() : Optional.of(unavailableReason);
    }

    /// Adds the socket of an engine that this process uses: a container that can reach it controls
    /// the engine.
    ///
    /// @param socket its path, as this process sees it
    public void addEngineSocket(String socket) {
        hostPaths.addEngineSocket(socket);
    }

    /// Probes the paths, and every other mount point in the container's mount table, as the service
    /// and as root.
    ///
    /// @param pid of the container's first process, as the engine reports it
    /// @param container the container's id
    /// @param paths absolute paths; others are ignored
    /// @param timeout for the whole probe
    /// @return one result for each identity that exists in the container; a single one if the
    ///   container could not be reached
    public List<ProbeResult> probe(long pid, String container, List<String> paths, Duration timeout)
            throws InterruptedException {
        return probe(new ProcfsRequest(pid, container, paths), timeout);
    }

    /// Probes a container as the request describes.
    public List<ProbeResult> probe(ProcfsRequest request, Duration timeout)
            throws InterruptedException {
        return probe(request, timeout, true);
    }

    /// Starts to detect changes of a container's mounts. If the container cannot be inspected, no
    /// change is detected.
    ///
    /// @param pid of its first process, as the engine reports it
    /// @param container the container's id
    public MountChangeDetector mountStability(long pid, String container) {
        return ready.flatMap(_ -> Abi.detect())
                .map(abi -> MountChangeDetector.watch(abi, PROC, pid, container))
                .orElse(MountChangeDetector.UNKNOWN);
    }

    /// Identifies devices that an engine declares; returns nothing if they cannot be inspected in
    /// time.
    ///
    /// @param paths host paths
    public DeviceFacts devices(List<String> paths, Duration timeout) throws InterruptedException {
        CompletableFuture<DeviceFacts> facts = new CompletableFuture<>();
        boolean submitted =
                ready.isPresent()
                        && ready.get()
                                .pool()
                                .start(
                                        kernel ->
                                                facts.complete(
                                                        new HostDeviceNodeReader(kernel)
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

    /// A container to probe.
    ///
    /// @param pid of its first process, as the engine reports it
    /// @param container the container's id
    /// @param paths as for [#probe]
    /// @param sandbox the runtime, if the engine says that it hides a container's files from the
    ///   host's kernel; else empty
    /// @param mayMount whether the engine allows its processes to change mounts
    /// @param fullInterval for [#recheck]: how long after every path was tried as every identity,
    ///   and the mount table was read, this is done again even if no mount changed
    public record ProcfsRequest(
            long pid,
            String container,
            List<String> paths,
            String sandbox,
            boolean mayMount,
            Duration fullInterval) {
        /// A request without further information from the engine.
        public ProcfsRequest(long pid, String container, List<String> paths) {
            this(pid, container, paths, "", true, DEFAULT_FULL_INTERVAL);
        }
    }

    /// Probes several containers, one after the other with one thread, which is cheaper than one
    /// task for each. The mount table of a container whose mounts are watched is read only if it
    /// changed, and what the last probe proved about read-only mounts is then proved again by one
    /// attempt for each path: see [CachedProcfsObservations].
    ///
    /// @param timeout for each container
    /// @return the results of each container, in their order
    public List<List<ProbeResult>> recheck(List<ProcfsRequest> requests, Duration timeout)
            throws InterruptedException {
        List<List<ProbeResult>> results = new ArrayList<>();
        if (ready.isPresent() && requests.size() > 1) {
            ProcfsProbeBatch batch =
                    new ProcfsProbeBatch(
                            requests.stream()
                                    .takeWhile(s -> !hangs.isLimitReached(s.container()))
                                    .map(this::newContainerProbe)
                                    .toList());
            Duration attemptTimeout = timeout.dividedBy(ATTEMPTS);
            Optional<ProbeThreadPool.Job> job =
                    ready.get().pool().start(batch, attemptTimeout, true);
            if (job.isPresent()) {
                results.addAll(batch.await(attemptTimeout));
                // This has no effect on a job that has ended.
                job.get().abandon();
            }
        }
        // The container where the batch hangs gets its remaining attempts, and the containers after
        // it are probed one by one.
        for (ProcfsRequest request : requests.subList(results.size(), requests.size())) {
            results.add(probe(request, timeout, false));
        }
        return results;
    }

    private ProcfsProbe newContainerProbe(ProcfsRequest request) {
        return newContainerProbe(request, false, Instant.now());
    }

    private ProcfsProbe newContainerProbe(
            ProcfsRequest request, boolean refresh, Instant startedAt) {
        Ready state = ready.orElseThrow();
        return new ProcfsProbe(
                new ProcfsProbe.SharedState(
                        PROC,
                        state.self(),
                        state.initNamespace(),
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
            return List.of(
                    failed(
                            startedAt,
                            startedNanos,
                            InconclusiveCause.UNREACHABLE,
                            unavailableReason));
        }
        ProcfsProbe containerProbe = newContainerProbe(request, refresh, startedAt);
        Duration attemptTimeout = timeout.dividedBy(ATTEMPTS);
        for (int i = 0; i < ATTEMPTS; i++) {
            if (hangs.isLimitReached(container)) {
                return List.of(
                        failed(
                                startedAt,
                                startedNanos,
                                InconclusiveCause.TIMED_OUT,
                                "earlier probes of it still hang"));
            }
            ProcfsProbe.ProbeAttempt attempt = containerProbe.newAttempt();
            Optional<ProbeThreadPool.Job> job =
                    ready.get().pool().start(attempt, attemptTimeout, hangs.hasNone(container));
            if (job.isEmpty()) {
                return List.of(
                        failed(
                                startedAt,
                                startedNanos,
                                InconclusiveCause.TIMED_OUT,
                                "all probe threads hang"));
            }
            Optional<List<ProbeResult>> results = attempt.await(attemptTimeout);
            if (results.isPresent()) {
                return results.get();
            }
            attempt.abandon();
            job.get().abandon();
        }
        return List.of(
                failed(
                        startedAt,
                        startedNanos,
                        InconclusiveCause.TIMED_OUT,
                        "a filesystem does not answer"));
    }

    /// The number of cached mount tables.
    int cachedTableCount() {
        return tables.size();
    }

    /// The cached targets of containers whose mounts are watched.
    ProcfsTargetCache targets() {
        return targets;
    }

    private static ProbeResult failed(
            Instant startedAt, long startedNanos, InconclusiveCause cause, String detail) {
        return ProbeResult.failed(
                WitnessName.PROCFS,
                ProbeIdentity.SERVICE,
                startedAt,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                new WriteResult.Inconclusive(cause, detail));
    }

    @Override
    public void close() {
        ready.ifPresent(r -> r.pool().close());
    }
}

package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.container.ContainerProcessHandle;
import io.github.writeprobe.probes.container.EngineMountNamespaceCheck;
import io.github.writeprobe.probes.container.MountNamespaceRoot;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.container.ProcessNamespaceReader;
import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One probe of one container, in one or several attempts. An attempt that hangs is abandoned, and
/// the next attempt avoids the path where it hangs.
final class ProcfsProbe {
    private static final int MAX_MOUNTS = 4096;

    private final SharedState shared;
    private final ProcfsWitness.ProcfsRequest request;
    private final String container;
    private final List<String> requestedPaths;
    private final boolean refresh;
    private final Instant startedAt;
    private final long startedNanos = System.nanoTime();

    /// What all probes share.
    ///
    /// @param proc where procfs is mounted
    /// @param self the status of this process
    /// @param initNamespace the mount namespace of the host's first process
    /// @param hostNamespaces mount namespaces that belong to no other container: that one, and this
    ///   process's own, which may be a container's
    record SharedState(
            String proc,
            ProcessStatus self,
            Optional<String> initNamespace,
            Set<String> hostNamespaces,
            HangingProbes hangs,
            MountTableCache tables,
            ProcfsTargetCache targets,
            MountNamespaceScan scan,
            MountHostPathFinder hostPaths) {}

    /// @param requestedPaths the paths that the caller requested
    /// @param refresh whether to read the mount table even if no change of it was reported
    ProcfsProbe(
            SharedState shared,
            ProcfsWitness.ProcfsRequest request,
            List<String> requestedPaths,
            boolean refresh,
            Instant startedAt) {
        this.shared = shared;
        this.request = request;
        this.container = request.container();
        this.requestedPaths = requestedPaths;
        this.refresh = refresh;
        this.startedAt = startedAt;
    }

    ProbeAttempt newAttempt() {
        return new ProbeAttempt(shared.hangs().pathsToAvoid(container));
    }

    /// The path that an attempt probes.
    private record Location(String path, MountTable mounts) {
        HangingProbes.Hang hang() {
            return new HangingProbes.Hang(
                    path, mounts.mountCovering(path).map(MountEntry::mountPoint));
        }
    }

    /// An attempt to probe the container, by one thread.
    final class ProbeAttempt implements Consumer<LinuxSyscalls> {
        private final CompletableFuture<List<ProbeResult>> results = new CompletableFuture<>();
        private final Set<String> avoided;
        private volatile Optional<Location> location = Optional.empty();
        private Optional<HangingProbes.Hang> abandonedAt = Optional.empty();
        private boolean ended;

        ProbeAttempt(Set<String> avoided) {
            this.avoided = avoided;
        }

        @Override
        public void accept(LinuxSyscalls kernel) {
            try {
                results.complete(probe(kernel));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                results.complete(
                        List.of(
                                failed(
                                        InconclusiveCause.UNEXPECTED_ERROR,
                                        "the probe was interrupted")));
            } catch (RuntimeException | Error e) {
                results.complete(List.of(failed(InconclusiveCause.UNEXPECTED_ERROR, e.toString())));
                // The thread may still have other credentials, so this exception ends it.
                throw e;
            } finally {
                end();
            }
        }

        /// @return empty if the attempt takes longer
        Optional<List<ProbeResult>> await(Duration timeout) throws InterruptedException {
            try {
                return Optional.of(results.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }

        /// @return empty if the attempt has not ended
        Optional<List<ProbeResult>> resultsIfDone() {
            return Optional.ofNullable(results.getNow(null));
        }

        synchronized void abandon() {
            if (!ended) {
                HangingProbes.Hang hang =
                        location.map(Location::hang)
                                .orElse(new HangingProbes.Hang("", Optional.empty()));
                abandonedAt = Optional.of(hang);
                shared.hangs().add(container, hang);
            }
        }

        private synchronized void end() {
            ended = true;
            // Removes the location where it was abandoned: it may have continued to another one
            // since.
            abandonedAt.ifPresent(h -> shared.hangs().remove(container, h));
        }

        private List<ProbeResult> probe(LinuxSyscalls kernel) throws InterruptedException {
            Optional<ProcfsTargetCache.CachedTarget> cachedTarget =
                    shared.targets().take(kernel, container, request.pid());
            if (cachedTarget.isPresent()) {
                Optional<List<ProbeResult>> probed = probeTarget(kernel, cachedTarget.get());
                if (probed.isPresent()) {
                    return probed.get();
                }
            }
            Optional<ContainerProcessHandle> pinned =
                    ContainerProcessHandle.pin(kernel, shared.proc(), request.pid(), container);
            if (pinned.isEmpty()) {
                return List.of(
                        failed(
                                InconclusiveCause.UNREACHABLE,
                                "process "
                                        + request.pid()
                                        + " does not belong to the container: it has ended, or"
                                        + " the engine runs on another host or in another PID"
                                        + " namespace"));
            }
            return probeTarget(
                            kernel, ProcfsTargetCache.CachedTarget.of(request.pid(), pinned.get()))
                    .orElseGet(() ->
                            List.of(
                                    failed(
                                            InconclusiveCause.UNREACHABLE,
                                            "process " + request.pid() + " cannot be inspected")));
        }

        /// @return empty if its process has ended, or if it cannot be inspected
        private Optional<List<ProbeResult>> probeTarget(
                LinuxSyscalls kernel, ProcfsTargetCache.CachedTarget cached)
                throws InterruptedException {
            ContainerProcessHandle target = cached.target().withKernel(kernel);
            FileMetadataSyscalls files = kernel.files();
            // Read before the table, so that the next probe notices a change in between.
            long version = shared.targets().version(container);
            Optional<ProcfsTargetCache.Maps> maps = maps(target, cached);
            Optional<ProcfsTargetCache.Status> status = cached.currentStatus(target);
            Optional<String> mount =
                    new ProcessNamespaceReader(kernel, files).mountNamespace(target.directory());
            if (maps.isEmpty() || status.isEmpty() || mount.isEmpty()) {
                boolean ended = target.hasEnded();
                target.close();
                return ended
                        ? Optional.of(
                                List.of(
                                        failed(
                                                InconclusiveCause.NOT_RUNNING,
                                                "its first process has ended")))
                        : Optional.empty();
            }
            if (mount.equals(shared.initNamespace())) {
                target.close();
                return Optional.of(
                        foreignNamespace("its first process is in the host's mount namespace"));
            }
            Optional<ProcfsTargetCache.Table> cachedTable =
                    cached.currentTable(
                            version, mount.get(), refresh ? Duration.ZERO : request.fullInterval());
            MountNamespaceRoot root =
                    MountNamespaceRoot.open(
                            kernel,
                            files,
                            shared.proc(),
                            target.directory(),
                            cachedTable.map(ProcfsTargetCache.Table::root),
                            text -> shared.tables().parse(container, text));
            return switch (root) {
                case MountNamespaceRoot.Gone() -> {
                    target.close();
                    yield Optional.empty();
                }
                case MountNamespaceRoot.TooLarge() -> {
                    target.close();
                    yield Optional.of(
                            List.of(
                                    failed(
                                            InconclusiveCause.OUTPUT_CAPPED,
                                            "its mount table is too large")));
                }
                case MountNamespaceRoot.Chroot() -> {
                    target.close();
                    yield Optional.of(
                            List.of(
                                    failed(
                                            InconclusiveCause.CHROOT,
                                            "probing outside of that directory needs CAP_SYS_ADMIN"
                                                    + " and CAP_SYS_CHROOT")));
                }
                case MountNamespaceRoot.Open open -> {
                    OpenTarget openTarget =
                            new OpenTarget(
                                    kernel, files, target, status.get().status(), maps.get(), open);
                    EngineMountNamespaceCheck.Result result =
                            checkNamespace(openTarget, cached, mount.get());
                    Optional<EngineMountNamespaceCheck.Result.EngineMade> made =
                            result instanceof EngineMountNamespaceCheck.Result.EngineMade m
                                    ? Optional.of(m)
                                    : Optional.empty();
                    Optional<ProcfsTargetCache.Table> current =
                            cachedTable.filter(
                                    t -> t.root().file().isSameFileAndMount(open.file()));
                    ProcfsTargetCache.Table table =
                            current.orElseGet(() ->
                                    new ProcfsTargetCache.Table(
                                            open,
                                            mountPoints(kernel, open),
                                            version,
                                            System.nanoTime()));
                    Optional<CachedProcfsObservations> kept = Optional.empty();
                    try {
                        if (result
                                instanceof
                                EngineMountNamespaceCheck.Result.Foreign(String reason)) {
                            yield Optional.of(foreignNamespace(reason));
                        }
                        kept =
                                Optional.of(
                                        probePaths(
                                                openTarget,
                                                made.orElseThrow(),
                                                identities(cached, status.get(), maps.get()),
                                                table.mountPoints(),
                                                current.flatMap(_ -> cached.kept())));
                        yield kept.map(CachedProcfsObservations::results);
                    } finally {
                        kernel.close(open.fd());
                        shared.targets()
                                .put(
                                        kernel,
                                        container,
                                        new ProcfsTargetCache.CachedTarget(
                                                request.pid(),
                                                target,
                                                Optional.of(table),
                                                maps,
                                                status,
                                                made,
                                                kept));
                    }
                }
            };
        }

        /// The target of a probe, with its root directory open.
        private record OpenTarget(
                LinuxSyscalls kernel,
                FileMetadataSyscalls files,
                ContainerProcessHandle target,
                ProcessStatus status,
                ProcfsTargetCache.Maps maps,
                MountNamespaceRoot.Open root) {}

        /// The previous result is valid as long as the process stays in the same namespaces, with
        /// the same root directory.
        private EngineMountNamespaceCheck.Result checkNamespace(
                OpenTarget openTarget, ProcfsTargetCache.CachedTarget cached, String mount) {
            Optional<EngineMountNamespaceCheck.Result.EngineMade> known =
                    cached.namespace()
                            .filter(m ->
                                    m.mountNamespace().equals(mount)
                                            && m.userNamespace()
                                                    .equals(openTarget.maps().userNamespace())
                                            && m.root()
                                                    .isSameFileAndMount(openTarget.root().file()));
            return known.isPresent()
                    ? known.get()
                    : new EngineMountNamespaceCheck(
                                    openTarget.kernel(), openTarget.files(), shared.proc())
                            .check(
                                    openTarget.target(),
                                    mount,
                                    openTarget.status().parentPid(),
                                    container,
                                    request.mayMount(),
                                    openTarget.root());
        }

        /// The maps of a namespace are written only once. The label matters when the result of exec
        /// is compared with the kernel's; it is read again then.
        private Optional<ProcfsTargetCache.Maps> maps(
                ContainerProcessHandle target, ProcfsTargetCache.CachedTarget cached) {
            return target.userNamespace()
                    .map(ns ->
                            cached.maps()
                                    .filter(m -> !refresh && m.userNamespace().equals(ns))
                                    .orElseGet(() ->
                                            new ProcfsTargetCache.Maps(
                                                    ns,
                                                    target.uids(),
                                                    target.gids(),
                                                    target.securityLabel())));
        }

        private CachedProcfsObservations probePaths(
                OpenTarget openTarget,
                EngineMountNamespaceCheck.Result.EngineMade made,
                AllIdentitiesProbe.Identities identities,
                List<String> mountPoints,
                Optional<CachedProcfsObservations> kept)
                throws InterruptedException {
            LinuxSyscalls kernel = openTarget.kernel();
            MountTable table = openTarget.root().table();
            ProcfsTargetCache.Maps maps = openTarget.maps();
            MountNamespaceScan.Snapshot processes =
                    shared.scan().snapshot(kernel, openTarget.files());
            Set<String> mounts = processes.mountNamespaces(container, made.ownPidNamespace());
            long othersBoundingSet = processes.boundingSet(mounts, made);
            KernelFacts current =
                    new OtherMountNamespaceProbe(
                                    kernel,
                                    openTarget.files(),
                                    shared.proc(),
                                    processes,
                                    shared.hostNamespaces())
                            .addTo(
                                    KernelFactsBuilder.read(
                                            shared.hostPaths()
                                                    .find(
                                                            kernel,
                                                            container,
                                                            openTarget.root().fd(),
                                                            table,
                                                            refresh),
                                            openTarget.status(),
                                            made.userNamespace().equals(made.engineUserNamespace()),
                                            isInUserNamespace(kernel, maps, made),
                                            othersBoundingSet,
                                            maps.label()),
                                    mounts,
                                    made,
                                    table,
                                    openTarget.status().boundingSet() | othersBoundingSet,
                                    refresh,
                                    (root, otherTable, paths) ->
                                            identities
                                                    .root()
                                                    .map(c ->
                                                            identityProbes(
                                                                            kernel,
                                                                            root,
                                                                            otherTable,
                                                                            maps,
                                                                            KernelFacts.NONE,
                                                                            List.of(),
                                                                            paths)
                                                                    .probe(
                                                                            new AllIdentitiesProbe
                                                                                    .Identities(
                                                                                    Optional
                                                                                            .empty(),
                                                                                    Optional.of(c)),
                                                                            Optional.empty())
                                                                    .observations(
                                                                            ProbeIdentity.ROOT))
                                                    .orElse(List.of()));
            // The same instance, if it is equal, is quickly found to be equal later.
            KernelFacts facts =
                    kept.flatMap(k -> k.results().stream().findFirst())
                            .map(ProbeResult::facts)
                            .filter(current::equals)
                            .orElse(current);
            AllIdentitiesProbe probes =
                    identityProbes(
                            kernel,
                            openTarget.root().fd(),
                            table,
                            maps,
                            facts,
                            requestedPaths,
                            kept.filter(k -> k.requestedPaths().equals(requestedPaths))
                                    .map(CachedProcfsObservations::paths)
                                    .orElseGet(() ->
                                            Stream.concat(
                                                            requestedPaths.stream(),
                                                            mountPoints.stream())
                                                    .distinct()
                                                    .toList()));
            return probes.probe(identities, kept);
        }

        /// @return the same instance as in the last probe, if nothing has changed
        private static AllIdentitiesProbe.Identities identities(
                ProcfsTargetCache.CachedTarget cached,
                ProcfsTargetCache.Status status,
                ProcfsTargetCache.Maps maps) {
            boolean unchanged =
                    cached.status().filter(s -> s.status().equals(status.status())).isPresent()
                            && cached.maps().filter(maps::equals).isPresent();
            return cached.kept()
                    .filter(_ -> unchanged)
                    .map(CachedProcfsObservations::identities)
                    .orElseGet(() ->
                            new AllIdentitiesProbe.Identities(
                                    FileAccessCredentials.of(
                                            ProbeIdentity.SERVICE,
                                            status.status(),
                                            maps.uids(),
                                            maps.gids()),
                                    FileAccessCredentials.of(
                                            ProbeIdentity.ROOT,
                                            status.status(),
                                            maps.uids(),
                                            maps.gids())));
        }

        /// Whether the engine started the container in a user namespace. A user namespace that the
        /// first process created itself proves nothing about the container's other processes.
        private boolean isInUserNamespace(
                LinuxSyscalls kernel,
                ProcfsTargetCache.Maps maps,
                EngineMountNamespaceCheck.Result.EngineMade made) {
            if (made.userNamespace().equals(made.engineUserNamespace())) {
                return !maps.uids().isIdentityMapping();
            }
            return kernel.readLink(LinuxSyscalls.AT_FDCWD, shared.proc() + "/self/ns/user")
                    .filter(made.engineUserNamespace()::equals)
                    .isEmpty();
        }

        private AllIdentitiesProbe identityProbes(
                LinuxSyscalls kernel,
                int root,
                MountTable table,
                ProcfsTargetCache.Maps maps,
                KernelFacts facts,
                List<String> requested,
                List<String> paths) {
            ProcfsContainerFacts context =
                    new ProcfsContainerFacts(table, maps.uids(), maps.gids(), facts);
            return new AllIdentitiesProbe(
                    new AllPathsProbe(
                            new ProcfsPathProber(kernel, root, table),
                            new ThreadCredentials(kernel, shared.self()),
                            context,
                            requested,
                            avoided,
                            path -> location = Optional.of(new Location(path, table))),
                    context,
                    requested,
                    paths,
                    startedAt);
        }

        /// The result if the process is not in a mount namespace that the engine created. That is
        /// also the case for a sandbox: the process that the engine names is not one of the
        /// container's, and only the engine can tell.
        private List<ProbeResult> foreignNamespace(String reason) {
            return List.of(
                    request.sandbox().isEmpty()
                            ? failed(InconclusiveCause.NAMESPACE, reason)
                            : failed(
                                    InconclusiveCause.UNREACHABLE,
                                    "it runs in a sandbox ("
                                            + request.sandbox()
                                            + "), whose files the host's kernel does not see"));
        }

        private List<String> mountPoints(LinuxSyscalls kernel, MountNamespaceRoot.Open root) {
            KernelMaskMounts masks = new KernelMaskMounts(kernel, root.fd(), root.table());
            return root.table().reachable().stream()
                    .filter(e -> !e.isKernelFilesystem())
                    .filter(e -> !masks.contains(e))
                    .map(MountEntry::mountPoint)
                    .limit(MAX_MOUNTS)
                    .toList();
        }

        private ProbeResult failed(InconclusiveCause cause, String detail) {
            return ProbeResult.failed(
                    WitnessName.PROCFS,
                    ProbeIdentity.SERVICE,
                    startedAt,
                    Duration.ofNanos(System.nanoTime() - startedNanos),
                    new WriteResult.Inconclusive(cause, detail));
        }
    }
}

package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.container.ContainerProcess;
import io.github.writeprobe.probes.container.ContainerRoot;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.container.NamespaceCheck;
import io.github.writeprobe.probes.container.Namespaces;
import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
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
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One container, probed once. A leg of it that hangs is given up, and the next one keeps away from
/// where it was.
final class ContainerProbe {
    private static final int MOST_MOUNTS = 4096;

    private final Premises premises;
    private final ProcfsWitness.Sight sight;
    private final String container;
    private final List<String> asked;
    private final boolean anew;
    private final Instant at;
    private final long started = System.nanoTime();

    /// What all visits share.
    ///
    /// @param proc where procfs is mounted
    /// @param own who this process is
    /// @param ofHost mount namespaces that no container lives in: this process's own, and that of
    ///   the machine's first one
    record Premises(
            String proc,
            ProcessStatus own,
            Set<String> ofHost,
            HangingProbes hangs,
            MountTableCache tables,
            TargetCache holds,
            ProcessScan scan,
            HostPaths hostPaths) {}

    /// @param asked paths
    /// @param anew whether the mount table is read even if nobody has heard that it changed
    ContainerProbe(
            Premises premises,
            ProcfsWitness.Sight sight,
            List<String> asked,
            boolean anew,
            Instant at) {
        this.premises = premises;
        this.sight = sight;
        this.container = sight.container();
        this.asked = asked;
        this.anew = anew;
        this.at = at;
    }

    Leg leg() {
        return new Leg(premises.hangs().of(container));
    }

    /// An attempt at all of it, by one thread.
    final class Leg implements Consumer<Kernel> {
        private final CompletableFuture<List<ProbeResult>> said = new CompletableFuture<>();
        private final Set<String> avoided;
        private volatile HangingProbes.Hang here = new HangingProbes.Hang("", Optional.empty());
        private Optional<HangingProbes.Hang> abandonedAt = Optional.empty();
        private boolean ended;

        Leg(Set<String> avoided) {
            this.avoided = avoided;
        }

        @Override
        public void accept(Kernel kernel) {
            try {
                said.complete(testimonies(kernel));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                said.complete(List.of(none(Cause.UNEXPECTED_ERROR, "it was interrupted")));
            } catch (RuntimeException | Error e) {
                said.complete(List.of(none(Cause.UNEXPECTED_ERROR, e.toString())));
                // The thread may not be itself any more, and ends with this.
                throw e;
            } finally {
                end();
            }
        }

        /// @return empty if it takes longer
        Optional<List<ProbeResult>> await(Duration patience) throws InterruptedException {
            try {
                return Optional.of(said.get(patience.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }

        /// @return empty if it is not over
        Optional<List<ProbeResult>> said() {
            return Optional.ofNullable(said.getNow(null));
        }

        synchronized void abandon() {
            if (!ended) {
                HangingProbes.Hang at = here;
                abandonedAt = Optional.of(at);
                premises.hangs().begin(container, at);
            }
        }

        private synchronized void end() {
            ended = true;
            // Where it was then: once it is let go it goes on, and is somewhere else.
            abandonedAt.ifPresent(h -> premises.hangs().end(container, h));
        }

        private List<ProbeResult> testimonies(Kernel kernel) throws InterruptedException {
            Optional<TargetCache.Hold> kept = premises.holds().take(kernel, container, sight.pid());
            if (kept.isPresent()) {
                Optional<List<ProbeResult>> said = testimonies(kernel, kept.get());
                if (said.isPresent()) {
                    return said.get();
                }
            }
            Optional<ContainerProcess> pinned =
                    ContainerProcess.pin(kernel, premises.proc(), sight.pid(), container);
            if (pinned.isEmpty()) {
                return List.of(
                        none(
                                Cause.UNREACHABLE,
                                "process "
                                        + sight.pid()
                                        + " is none of it here: it has ended, or the engine runs"
                                        + " on another machine or in another PID namespace"));
            }
            return testimonies(kernel, TargetCache.Hold.fresh(sight.pid(), pinned.get()))
                    .orElseGet(() ->
                            List.of(
                                    none(
                                            Cause.UNREACHABLE,
                                            "process " + sight.pid() + " cannot be looked into")));
        }

        /// @return empty if its process has ended, or lets nobody look into it
        private Optional<List<ProbeResult>> testimonies(Kernel kernel, TargetCache.Hold hold)
                throws InterruptedException {
            ContainerProcess target = hold.target().on(kernel);
            FileCalls files = kernel.files();
            // Before the table is read: a change meanwhile is not missed the next time.
            long version = premises.holds().version(container);
            Optional<TargetCache.Table> kept = anew ? Optional.empty() : hold.current(version);
            Optional<TargetCache.Maps> maps = maps(target, hold);
            Optional<ProcessStatus> status = target.status();
            Optional<String> mount = new Namespaces(kernel, files).mount(target.directory());
            if (maps.isEmpty() || status.isEmpty() || mount.isEmpty()) {
                boolean ended = target.ended();
                target.close();
                return ended
                        ? Optional.of(
                                List.of(none(Cause.NOT_RUNNING, "its first process has ended")))
                        : Optional.empty();
            }
            if (premises.ofHost().contains(mount.get())) {
                target.close();
                return Optional.of(foreign("its first process lives in the mounts of the host"));
            }
            ContainerRoot root =
                    ContainerRoot.open(
                            kernel,
                            files,
                            premises.proc(),
                            target.directory(),
                            kept.map(TargetCache.Table::root),
                            text -> premises.tables().of(container, text));
            return switch (root) {
                case ContainerRoot.Gone() -> {
                    target.close();
                    yield Optional.empty();
                }
                case ContainerRoot.TooLarge() -> {
                    target.close();
                    yield Optional.of(
                            List.of(
                                    none(
                                            Cause.OUTPUT_CAPPED,
                                            "its mount table is larger than is read")));
                }
                case ContainerRoot.Chroot() -> {
                    target.close();
                    yield Optional.of(
                            List.of(
                                    none(
                                            Cause.CHROOT,
                                            "to look past that takes CAP_SYS_ADMIN and"
                                                    + " CAP_SYS_CHROOT")));
                }
                case ContainerRoot.Open open -> {
                    Subject subject =
                            new Subject(kernel, files, target, status.get(), maps.get(), open);
                    NamespaceCheck.Result checked = checked(subject, hold, mount.get());
                    Optional<NamespaceCheck.Result.EngineMade> made =
                            checked instanceof NamespaceCheck.Result.EngineMade m
                                    ? Optional.of(m)
                                    : Optional.empty();
                    TargetCache.Table table =
                            kept.orElseGet(() ->
                                    new TargetCache.Table(
                                            open,
                                            mountPoints(kernel, open),
                                            version,
                                            System.nanoTime()));
                    try {
                        yield Optional.of(
                                switch (checked) {
                                    case NamespaceCheck.Result.EngineMade m ->
                                            testimonies(subject, m, table.mountPoints());
                                    case NamespaceCheck.Result.Foreign(String why) -> foreign(why);
                                });
                    } finally {
                        kernel.close(open.fd());
                        premises.holds()
                                .put(
                                        kernel,
                                        container,
                                        new TargetCache.Hold(
                                                sight.pid(),
                                                target,
                                                Optional.of(table),
                                                maps,
                                                made));
                    }
                }
            };
        }

        /// What is asked about, open.
        private record Subject(
                Kernel kernel,
                FileCalls files,
                ContainerProcess target,
                ProcessStatus status,
                TargetCache.Maps maps,
                ContainerRoot.Open root) {}

        /// What was found before holds as long as the process stays in the same namespaces, at the
        /// same root.
        private NamespaceCheck.Result checked(
                Subject subject, TargetCache.Hold hold, String mount) {
            Optional<NamespaceCheck.Result.EngineMade> known =
                    hold.made()
                            .filter(m ->
                                    m.mount().equals(mount)
                                            && m.user().equals(subject.maps().userNamespace())
                                            && m.root().samePlace(subject.root().file()));
            return known.isPresent()
                    ? known.get()
                    : new NamespaceCheck(subject.kernel(), subject.files(), premises.proc())
                            .check(
                                    subject.target(),
                                    mount,
                                    subject.status().parent(),
                                    container,
                                    sight.mayMount(),
                                    subject.root());
        }

        /// A namespace's maps are written once. The label counts where exec is held against the
        /// kernel, and is read anew then.
        private Optional<TargetCache.Maps> maps(ContainerProcess target, TargetCache.Hold hold) {
            return target.userNamespace()
                    .map(ns ->
                            hold.maps()
                                    .filter(m -> !anew && m.userNamespace().equals(ns))
                                    .orElseGet(() ->
                                            new TargetCache.Maps(
                                                    ns,
                                                    target.uids(),
                                                    target.gids(),
                                                    target.label())));
        }

        private List<ProbeResult> testimonies(
                Subject subject, NamespaceCheck.Result.EngineMade made, List<String> mountPoints)
                throws InterruptedException {
            Kernel kernel = subject.kernel();
            MountTable table = subject.root().table();
            TargetCache.Maps maps = subject.maps();
            Optional<Credentials> asRoot =
                    Credentials.of(Identity.ROOT, subject.status(), maps.uids(), maps.gids());
            ProcessScan.Snapshot processes = premises.scan().snapshot(kernel, subject.files());
            Set<String> mounts = processes.of(container, made.ownPids());
            long others = processes.bounding(mounts, made);
            KernelFacts facts =
                    new OtherNamespaces(
                                    kernel,
                                    subject.files(),
                                    premises.proc(),
                                    processes,
                                    premises.ofHost())
                            .addTo(
                                    KernelFactsReader.find(
                                            premises.hostPaths()
                                                    .find(
                                                            kernel,
                                                            container,
                                                            subject.root().fd(),
                                                            table,
                                                            anew),
                                            subject.status(),
                                            made.user().equals(made.engineUser()),
                                            inUserNamespace(kernel, maps, made),
                                            others,
                                            maps.label()),
                                    mounts,
                                    made,
                                    table,
                                    subject.status().bounding() | others,
                                    anew,
                                    (root, there, paths) ->
                                            asRoot.map(c ->
                                                            round(
                                                                            kernel,
                                                                            root,
                                                                            there,
                                                                            maps,
                                                                            KernelFacts.NONE,
                                                                            List.of(),
                                                                            paths)
                                                                    .as(Identity.ROOT, c)
                                                                    .observations())
                                                    .orElse(List.of()));
            PathProbes round =
                    round(
                            kernel,
                            subject.root().fd(),
                            table,
                            maps,
                            facts,
                            asked,
                            Stream.concat(asked.stream(), mountPoints.stream())
                                    .distinct()
                                    .toList());
            Optional<Credentials> service =
                    Credentials.of(Identity.SERVICE, subject.status(), maps.uids(), maps.gids());
            List<ProbeResult> testimonies = new ArrayList<>();
            service.ifPresent(c -> testimonies.add(round.as(Identity.SERVICE, c)));
            asRoot.ifPresent(c ->
                    testimonies.add(
                            service.equals(asRoot)
                                    ? round.again(testimonies.getFirst())
                                    : round.as(Identity.ROOT, c)));
            return testimonies;
        }

        /// Whether the engine started it in a user namespace: one that it made itself says nothing
        /// of the others of its processes.
        private boolean inUserNamespace(
                Kernel kernel, TargetCache.Maps maps, NamespaceCheck.Result.EngineMade made) {
            if (made.user().equals(made.engineUser())) {
                return !maps.uids().identical();
            }
            return kernel.link(Kernel.AT_FDCWD, premises.proc() + "/self/ns/user")
                    .filter(made.engineUser()::equals)
                    .isEmpty();
        }

        private PathProbes round(
                Kernel kernel,
                int root,
                MountTable table,
                TargetCache.Maps maps,
                KernelFacts facts,
                List<String> askedFor,
                List<String> paths) {
            return new PathProbes(
                    new PathProbe(kernel, root, table),
                    new ThreadCredentials(kernel, premises.own()),
                    new ContainerContext(table, maps.uids(), maps.gids(), facts),
                    askedFor,
                    paths,
                    avoided,
                    hang -> here = hang,
                    at);
        }

        /// What is so of a container in a sandbox, too: there the engine's process is none of the
        /// container's, and only the engine can say so.
        private List<ProbeResult> foreign(String why) {
            return List.of(
                    sight.sandbox().isEmpty()
                            ? none(Cause.NAMESPACE, why)
                            : none(
                                    Cause.UNREACHABLE,
                                    "it runs in a sandbox ("
                                            + sight.sandbox()
                                            + "), whose files this machine's kernel does not see"));
        }

        private List<String> mountPoints(Kernel kernel, ContainerRoot.Open root) {
            MaskedPaths masks = new MaskedPaths(kernel, root.fd(), root.table());
            return root.table().reachable().stream()
                    .filter(e -> !e.kernelFilesystem())
                    .filter(e -> !masks.contain(e))
                    .map(MountEntry::mountPoint)
                    .limit(MOST_MOUNTS)
                    .toList();
        }

        private ProbeResult none(Cause cause, String detail) {
            return ProbeResult.none(
                    WitnessName.PROCFS,
                    Identity.SERVICE,
                    at,
                    Duration.ofNanos(System.nanoTime() - started),
                    new Write.Inconclusive(cause, detail));
        }
    }
}

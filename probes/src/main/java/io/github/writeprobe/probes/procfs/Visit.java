package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Testimony;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import io.github.writeprobe.probes.kernel.Tables;
import io.github.writeprobe.probes.kernel.Target;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// One container, probed once. A leg of it that hangs is given up, and the next one keeps away from
/// where it was.
final class Visit {
    private static final int MOST_MOUNTS = 4096;

    private final Premises premises;
    private final long pid;
    private final String container;
    private final List<String> asked;
    private final boolean anew;
    private final Instant at;
    private final long started = System.nanoTime();

    /// What all visits share.
    ///
    /// @param proc where procfs is mounted
    /// @param own who this process is
    record Premises(String proc, ProcessStatus own, Hangs hangs, Tables tables, Holds holds) {}

    /// @param anew whether the mount table is read even if nobody has heard that it changed
    Visit(
            Premises premises,
            long pid,
            String container,
            List<String> asked,
            boolean anew,
            Instant at) {
        this.premises = premises;
        this.pid = pid;
        this.container = container;
        this.asked = asked;
        this.anew = anew;
        this.at = at;
    }

    Leg leg() {
        return new Leg(premises.hangs().of(container));
    }

    /// An attempt at all of it, by one thread.
    final class Leg implements Consumer<Kernel> {
        private final CompletableFuture<List<Testimony>> said = new CompletableFuture<>();
        private final Set<String> avoided;
        private volatile Hangs.Hang here = new Hangs.Hang("", Optional.empty());
        private Optional<Hangs.Hang> abandonedAt = Optional.empty();
        private boolean ended;

        Leg(Set<String> avoided) {
            this.avoided = avoided;
        }

        @Override
        public void accept(Kernel kernel) {
            try {
                said.complete(testimonies(kernel));
            } catch (RuntimeException | Error e) {
                said.complete(List.of(none(Cause.UNEXPECTED_ERROR, e.toString())));
                // The thread may not be itself any more, and ends with this.
                throw e;
            } finally {
                end();
            }
        }

        /// @return empty if it takes longer
        Optional<List<Testimony>> await(Duration patience) throws InterruptedException {
            try {
                return Optional.of(said.get(patience.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }

        /// @return empty if it is not over
        Optional<List<Testimony>> said() {
            return Optional.ofNullable(said.getNow(null));
        }

        synchronized void abandon() {
            if (!ended) {
                Hangs.Hang at = here;
                abandonedAt = Optional.of(at);
                premises.hangs().begin(container, at);
            }
        }

        private synchronized void end() {
            ended = true;
            // Where it was then: once it is let go it goes on, and is somewhere else.
            abandonedAt.ifPresent(h -> premises.hangs().end(container, h));
        }

        private List<Testimony> testimonies(Kernel kernel) {
            Optional<Holds.Hold> kept = premises.holds().take(kernel, container, pid);
            Optional<List<Testimony>> said = kept.flatMap(h -> testimonies(kernel, h));
            if (said.isPresent()) {
                return said.get();
            }
            Optional<Target> pinned = Target.pin(kernel, premises.proc(), pid, container);
            if (pinned.isEmpty()) {
                return List.of(
                        none(
                                Cause.UNREACHABLE,
                                "process "
                                        + pid
                                        + " is none of it here: it has ended, or the engine runs"
                                        + " on another machine or in another PID namespace"));
            }
            Holds.Hold fresh =
                    new Holds.Hold(pid, pinned.get(), Optional.empty(), Optional.empty());
            return testimonies(kernel, fresh)
                    .orElseGet(() ->
                            List.of(
                                    none(
                                            Cause.UNREACHABLE,
                                            "process " + pid + " cannot be looked into")));
        }

        /// @return empty if its process has ended, or lets nobody look into it
        private Optional<List<Testimony>> testimonies(Kernel kernel, Holds.Hold hold) {
            Target target = hold.target().on(kernel);
            // Before the table is read: a change meanwhile is not missed the next time.
            long version = premises.holds().version(container);
            Optional<Holds.Table> table = table(target, hold, version);
            Optional<Holds.Maps> maps = maps(target, hold);
            Optional<ProcessStatus> status = target.status();
            boolean known = table.isPresent() && maps.isPresent() && status.isPresent();
            long root = known ? target.root() : -1;
            if (root < 0) {
                target.close();
                return Optional.empty();
            }
            try {
                return Optional.of(
                        testimonies(
                                kernel,
                                (int) root,
                                status.get(),
                                new Ground(
                                        table.get().mounts(),
                                        maps.get().uids(),
                                        maps.get().gids(),
                                        FactFinder.find(
                                                kernel,
                                                (int) root,
                                                table.get().mounts(),
                                                status.get(),
                                                maps.get().uids(),
                                                maps.get().label()))));
            } finally {
                kernel.close(root);
                premises.holds().put(kernel, container, new Holds.Hold(pid, target, table, maps));
            }
        }

        private Optional<Holds.Table> table(Target target, Holds.Hold hold, long version) {
            Optional<Holds.Table> kept = anew ? Optional.empty() : hold.current(version);
            return kept.isPresent()
                    ? kept
                    : target.mounts(premises.tables())
                            .map(m -> new Holds.Table(m, version, System.nanoTime()));
        }

        /// A namespace's maps are written once. The label counts where exec is held against the
        /// kernel, and is read anew then.
        private Optional<Holds.Maps> maps(Target target, Holds.Hold hold) {
            return target.userNamespace()
                    .map(ns ->
                            hold.maps()
                                    .filter(m -> !anew && m.userNamespace().equals(ns))
                                    .orElseGet(() ->
                                            new Holds.Maps(
                                                    ns,
                                                    target.uids(),
                                                    target.gids(),
                                                    target.label())));
        }

        private List<Testimony> testimonies(
                Kernel kernel, int root, ProcessStatus status, Ground ground) {
            Round round =
                    new Round(
                            new PathProbe(kernel, root, ground.mounts()),
                            new Guise(kernel, premises.own()),
                            ground,
                            asked,
                            paths(ground.mounts()),
                            avoided,
                            hang -> here = hang,
                            at);
            Optional<Credentials> service =
                    Credentials.of(Identity.SERVICE, status, ground.uids(), ground.gids());
            Optional<Credentials> asRoot =
                    Credentials.of(Identity.ROOT, status, ground.uids(), ground.gids());
            List<Testimony> testimonies = new ArrayList<>();
            service.ifPresent(c -> testimonies.add(round.as(Identity.SERVICE, c)));
            asRoot.ifPresent(c ->
                    testimonies.add(
                            service.equals(asRoot)
                                    ? round.again(testimonies.getFirst())
                                    : round.as(Identity.ROOT, c)));
            return testimonies;
        }

        private List<String> paths(MountTable mounts) {
            Set<String> paths = new LinkedHashSet<>(asked);
            mounts.reachable().stream()
                    .filter(e -> !e.kernelFilesystem())
                    .map(MountEntry::mountPoint)
                    // What the engine lays over parts of these is no place to write to.
                    .filter(p -> !p.startsWith("/proc/") && !p.startsWith("/sys/"))
                    .limit(MOST_MOUNTS)
                    .forEach(paths::add);
            return List.copyOf(paths);
        }

        private Testimony none(Cause cause, String detail) {
            return Testimony.none(
                    WitnessName.PROCFS,
                    Identity.SERVICE,
                    at,
                    Duration.ofNanos(System.nanoTime() - started),
                    new Write.Inconclusive(cause, detail));
        }
    }
}

package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Execute;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.Testimony;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
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
import java.util.function.Predicate;
import java.util.stream.Stream;

/// One container, probed once. A leg of it that hangs is given up, and the next one keeps away from
/// where it was.
final class Visit {
    private static final int MOST_MOUNTS = 4096;
    private static final Execute NOTHING_WRITTEN = new Execute.Untested("nothing was written");

    private final String proc;
    private final long pid;
    private final String container;
    private final List<String> asked;
    private final ProcessStatus own;
    private final Hangs hangs;
    private final Tables tables;
    private final Instant at;
    private final long started = System.nanoTime();

    Visit(
            String proc,
            long pid,
            String container,
            List<String> asked,
            ProcessStatus own,
            Hangs hangs,
            Tables tables,
            Instant at) {
        this.proc = proc;
        this.pid = pid;
        this.container = container;
        this.asked = asked;
        this.own = own;
        this.hangs = hangs;
        this.tables = tables;
        this.at = at;
    }

    Leg leg() {
        return new Leg(hangs.of(container));
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

        synchronized void abandon() {
            if (!ended) {
                Hangs.Hang at = here;
                abandonedAt = Optional.of(at);
                hangs.begin(container, at);
            }
        }

        private synchronized void end() {
            ended = true;
            // Where it was then: once it is let go it goes on, and is somewhere else.
            abandonedAt.ifPresent(h -> hangs.end(container, h));
        }

        private List<Testimony> testimonies(Kernel kernel) {
            Optional<Target> pinned = Target.pin(kernel, proc, pid, container);
            if (pinned.isEmpty()) {
                return List.of(
                        none(
                                Cause.UNREACHABLE,
                                "process "
                                        + pid
                                        + " is none of it here: it has ended, or the engine runs"
                                        + " on another machine or in another PID namespace"));
            }
            try (Target target = pinned.get()) {
                return testimonies(kernel, target);
            }
        }

        private List<Testimony> testimonies(Kernel kernel, Target target) {
            Optional<MountTable> mounts = target.mounts(tables);
            Optional<ProcessStatus> status = target.status();
            long root = mounts.isPresent() && status.isPresent() ? target.root() : -1;
            if (root < 0) {
                return List.of(
                        none(Cause.UNREACHABLE, "process " + pid + " cannot be looked into"));
            }
            try {
                IdMap uids = target.uids();
                IdMap gids = target.gids();
                String name = kernel.nameOf((int) root).orElse("/");
                PathProbe probe = new PathProbe(kernel, (int) root, name, mounts.get());
                Round round =
                        new Round(
                                kernel,
                                probe,
                                mounts.get(),
                                paths(mounts.get()),
                                uids,
                                gids,
                                target.label());
                Optional<Credentials> service =
                        Credentials.of(Identity.SERVICE, status.get(), uids, gids);
                Optional<Credentials> asRoot =
                        Credentials.of(Identity.ROOT, status.get(), uids, gids);
                List<Testimony> testimonies = new ArrayList<>();
                service.ifPresent(c -> testimonies.add(round.as(Identity.SERVICE, c)));
                asRoot.ifPresent(c ->
                        testimonies.add(
                                service.equals(asRoot)
                                        ? round.again(testimonies.getFirst())
                                        : round.as(Identity.ROOT, c)));
                return testimonies;
            } finally {
                kernel.close(root);
            }
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

        /// All paths, as one identity after the other.
        private final class Round {
            private final PathProbe probe;
            private final MountTable mounts;
            private final List<String> paths;
            private final IdMap uids;
            private final IdMap gids;
            private final String label;
            private final Guise guise;

            Round(
                    Kernel kernel,
                    PathProbe probe,
                    MountTable mounts,
                    List<String> paths,
                    IdMap uids,
                    IdMap gids,
                    String label) {
                this.probe = probe;
                this.mounts = mounts;
                this.paths = paths;
                this.uids = uids;
                this.gids = gids;
                this.label = label;
                this.guise = new Guise(kernel, own);
            }

            Testimony as(Identity identity, Credentials who) {
                long from = System.nanoTime();
                List<PathProbe.Seen> seen = tried(who.elsewhere() ? who.bare() : who, paths);
                if (who.elsewhere() && who.mayOverride()) {
                    seen = better(seen, who);
                }
                seen = past(seen);
                List<Observation> observations =
                        seen.stream()
                                .map(s ->
                                        new Observation(
                                                WitnessName.PROCFS,
                                                identity,
                                                who.inside(),
                                                s.path(),
                                                s.resolved(),
                                                s.write(),
                                                s.execute()))
                                .toList();
                return new Testimony(
                        WitnessName.PROCFS,
                        identity,
                        at,
                        Duration.ofNanos(System.nanoTime() - from),
                        mounts,
                        observations,
                        Optional.empty(),
                        seen.stream()
                                .filter(PathProbe.Seen::left)
                                .map(PathProbe.Seen::resolved)
                                .toList(),
                        label);
            }

            /// The service is root, with all that root may do here: nothing else would come of it.
            Testimony again(Testimony service) {
                return new Testimony(
                        service.witness(),
                        Identity.ROOT,
                        at,
                        Duration.ZERO,
                        mounts,
                        service.observations().stream()
                                .map(o ->
                                        new Observation(
                                                o.witness(),
                                                Identity.ROOT,
                                                o.uid(),
                                                o.path(),
                                                o.resolved(),
                                                o.write(),
                                                o.execute()))
                                .toList(),
                        Optional.empty(),
                        List.of(),
                        label);
            }

            private List<PathProbe.Seen> tried(Credentials who, List<String> those) {
                if (!guise.putOn(who)) {
                    return those.stream()
                            .map(p ->
                                    doubtful(
                                            p,
                                            Cause.UNREACHABLE,
                                            "its user cannot be impersonated"))
                            .toList();
                }
                try {
                    return asMyself(those, true);
                } finally {
                    guise.takeOff();
                }
            }

            private List<PathProbe.Seen> asMyself(List<String> those, boolean named) {
                List<PathProbe.Seen> seen = new ArrayList<>();
                for (String path : those) {
                    Optional<String> mountPoint = mounts.covering(path).map(MountEntry::mountPoint);
                    boolean avoid =
                            avoided.contains(path)
                                    || mountPoint.filter(avoided::contains).isPresent();
                    if (avoid) {
                        seen.add(doubtful(path, Cause.TIMED_OUT, "its filesystem does not answer"));
                        continue;
                    }
                    here = new Hangs.Hang(path, mountPoint);
                    seen.add(probe.probe(path, named && !cameAlong(path)));
                }
                return seen;
            }

            /// Whether it belongs to somebody else: a mount below one that was asked for.
            private boolean cameAlong(String path) {
                return !asked.contains(path)
                        && asked.stream()
                                .filter(a -> !a.equals("/") && !a.equals("/dev"))
                                .filter(a -> MountTable.isAtOrBelow(path, a))
                                .anyMatch(a -> mounts.at(a).isPresent());
            }

            /// In another user namespace, capabilities reach what is owned by who is mapped there.
            private List<PathProbe.Seen> better(List<PathProbe.Seen> seen, Credentials who) {
                List<String> within =
                        seen.stream()
                                .filter(PathProbe::forbidden)
                                .map(PathProbe.Seen::path)
                                .filter(p ->
                                        probe.owner(p)
                                                .filter(o ->
                                                        uids.inside(o.uid()).isPresent()
                                                                && gids.inside(o.gid()).isPresent())
                                                .isPresent())
                                .toList();
                return within.isEmpty() ? seen : replaced(seen, tried(who, within), s -> true);
            }

            /// Permissions come before the mount for a file that exists, and on the way to
            /// anything. The agent's own attempt gets past them, and EROFS holds for everybody.
            private List<PathProbe.Seen> past(List<PathProbe.Seen> seen) {
                List<String> hidden =
                        seen.stream()
                                .filter(PathProbe::forbidden)
                                .filter(probe::mountPoint)
                                .map(PathProbe.Seen::path)
                                .toList();
                return hidden.isEmpty()
                        ? seen
                        : replaced(seen, asMyself(hidden, false), PathProbe::readOnly);
            }

            private static List<PathProbe.Seen> replaced(
                    List<PathProbe.Seen> seen,
                    List<PathProbe.Seen> by,
                    Predicate<PathProbe.Seen> where) {
                return seen.stream()
                        .map(s ->
                                Stream.concat(by.stream().filter(where), Stream.of(s))
                                        .filter(b -> b.path().equals(s.path()))
                                        .findFirst()
                                        .orElse(s))
                        .toList();
            }
        }

        private static PathProbe.Seen doubtful(String path, Cause cause, String detail) {
            return new PathProbe.Seen(
                    path, path, new Write.Inconclusive(cause, detail), NOTHING_WRITTEN, false);
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

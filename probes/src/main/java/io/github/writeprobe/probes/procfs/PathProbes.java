package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// All paths of one container, as one identity after the other. Belongs to the thread of its
/// kernel.
///
/// @param asked paths that were asked about
/// @param paths those and all others that are tried
/// @param avoided paths and mount points that are not gone to, since somebody hangs there
/// @param going told where it is about to go
record PathProbes(
        PathProbe probe,
        ThreadCredentials guise,
        ContainerContext ground,
        List<String> asked,
        List<String> paths,
        Set<String> avoided,
        Consumer<HangingProbes.Hang> going,
        Instant at) {
    private static final ExecutionOutcome NOTHING_WRITTEN =
            new ExecutionOutcome.Untested("nothing was written");

    ProbeResult as(Identity identity, Credentials who) {
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
        return new ProbeResult(
                WitnessName.PROCFS,
                identity,
                at,
                Duration.ofNanos(System.nanoTime() - from),
                ground.mounts(),
                observations,
                Optional.empty(),
                seen.stream().filter(PathProbe.Seen::left).map(PathProbe.Seen::resolved).toList(),
                ground.facts());
    }

    /// The service is root, with all that root may do here: nothing else would come of it.
    ProbeResult again(ProbeResult service) {
        return new ProbeResult(
                service.witness(),
                Identity.ROOT,
                at,
                Duration.ZERO,
                ground.mounts(),
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
                ground.facts());
    }

    private List<PathProbe.Seen> tried(Credentials who, List<String> those) {
        if (!guise.putOn(who)) {
            return those.stream()
                    .map(p -> doubtful(p, Cause.UNREACHABLE, "its user cannot be impersonated"))
                    .toList();
        }
        try {
            return asMyself(those, true);
        } finally {
            guise.takeOff(who);
        }
    }

    private List<PathProbe.Seen> asMyself(List<String> those, boolean named) {
        List<PathProbe.Seen> seen = new ArrayList<>();
        for (String path : those) {
            seen.add(
                    goes(path)
                            ? probe.probe(path, named && !cameAlong(path))
                            : doubtful(path, Cause.TIMED_OUT, "its filesystem does not answer"));
        }
        return seen;
    }

    /// Says where it goes, unless somebody hangs there.
    private boolean goes(String path) {
        Optional<String> mountPoint = ground.mounts().covering(path).map(MountEntry::mountPoint);
        if (avoided.contains(path) || mountPoint.filter(avoided::contains).isPresent()) {
            return false;
        }
        going.accept(new HangingProbes.Hang(path, mountPoint));
        return true;
    }

    /// Whether it belongs to somebody else: a mount below one that was asked for.
    private boolean cameAlong(String path) {
        return !asked.contains(path)
                && asked.stream()
                        .filter(a -> !a.equals("/") && !a.equals("/dev"))
                        .filter(a -> MountTable.isAtOrBelow(path, a))
                        .anyMatch(a -> ground.mounts().at(a).isPresent());
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
                                                ground.uids().inside(o.uid()).isPresent()
                                                        && ground.gids()
                                                                .inside(o.gid())
                                                                .isPresent())
                                        .isPresent())
                        .toList();
        return within.isEmpty() ? seen : replaced(seen, tried(who, within), s -> true);
    }

    /// Permissions come before the mount for a file that exists, and on the way to anything. The
    /// agent's own attempt gets past them, and EROFS holds for everybody.
    private List<PathProbe.Seen> past(List<PathProbe.Seen> tried) {
        List<PathProbe.Seen> seen =
                tried.stream()
                        .map(s ->
                                PathProbe.forbidden(s) && !probe.mountPoint(s) && goes(s.path())
                                        ? probe.followed(s)
                                        : s)
                        .toList();
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
            List<PathProbe.Seen> seen, List<PathProbe.Seen> by, Predicate<PathProbe.Seen> where) {
        return seen.stream()
                .map(s ->
                        Stream.concat(by.stream().filter(where), Stream.of(s))
                                .filter(b -> b.path().equals(s.path()))
                                .findFirst()
                                .orElse(s))
                .toList();
    }

    private static PathProbe.Seen doubtful(String path, Cause cause, String detail) {
        return new PathProbe.Seen(
                path, path, new Write.Inconclusive(cause, detail), NOTHING_WRITTEN, false);
    }
}

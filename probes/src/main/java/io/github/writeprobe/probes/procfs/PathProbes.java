package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.FileExecution;
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

/// Probes all paths of one container, with one identity after the other. Must be used on the thread
/// of its kernel.
///
/// @param requestedPaths the paths that the caller requested
/// @param paths these and all other paths to probe
/// @param avoided paths and mount points that are not probed, since another probe hangs there
/// @param onProbe called before each path is probed
record PathProbes(
        PathProbe probe,
        ThreadCredentials threadCredentials,
        ContainerContext context,
        List<String> requestedPaths,
        List<String> paths,
        Set<String> avoided,
        Consumer<HangingProbes.Hang> onProbe,
        Instant startedAt) {
    private static final FileExecution NOTHING_WRITTEN =
            new FileExecution.Untested("nothing was written");

    ProbeResult probeAs(Identity identity, FileAccessCredentials credentials) {
        long startNanos = System.nanoTime();
        List<PathProbe.PathResult> results =
                probeWith(
                        credentials.inOtherUserNamespace()
                                ? credentials.withoutCapabilities()
                                : credentials,
                        paths);
        if (credentials.inOtherUserNamespace() && credentials.mayOverridePermissions()) {
            results = retryWithCapabilities(results, credentials);
        }
        results = retryAsAgent(results);
        List<Observation> observations =
                results.stream()
                        .map(s ->
                                new Observation(
                                        WitnessName.PROCFS,
                                        identity,
                                        credentials.containerUid(),
                                        s.path(),
                                        s.resolved(),
                                        s.write(),
                                        s.execute()))
                        .toList();
        return new ProbeResult(
                WitnessName.PROCFS,
                identity,
                startedAt,
                Duration.ofNanos(System.nanoTime() - startNanos),
                context.mounts(),
                observations,
                Optional.empty(),
                results.stream()
                        .filter(PathProbe.PathResult::leftover)
                        .map(PathProbe.PathResult::resolved)
                        .toList(),
                context.facts());
    }

    /// Copies the result of the service, which has the same credentials as root.
    ProbeResult copyAsRoot(ProbeResult service) {
        return new ProbeResult(
                service.witness(),
                Identity.ROOT,
                startedAt,
                Duration.ZERO,
                context.mounts(),
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
                context.facts());
    }

    private List<PathProbe.PathResult> probeWith(
            FileAccessCredentials credentials, List<String> selected) {
        if (!threadCredentials.assume(credentials)) {
            return selected.stream()
                    .map(p ->
                            inconclusive(
                                    p,
                                    Cause.UNREACHABLE,
                                    "the credentials of its user could not be set"))
                    .toList();
        }
        try {
            return probeAll(selected, true);
        } finally {
            threadCredentials.restore(credentials);
        }
    }

    private List<PathProbe.PathResult> probeAll(List<String> selected, boolean allowNamedFile) {
        List<PathProbe.PathResult> results = new ArrayList<>();
        for (String path : selected) {
            results.add(
                    announce(path)
                            ? probe.probe(path, allowNamedFile && !isNestedMount(path))
                            : inconclusive(
                                    path, Cause.TIMED_OUT, "its filesystem does not answer"));
        }
        return results;
    }

    /// Reports the path that is probed next. Returns false if another probe hangs there.
    private boolean announce(String path) {
        Optional<String> mountPoint =
                context.mounts().mountCovering(path).map(MountEntry::mountPoint);
        if (avoided.contains(path) || mountPoint.filter(avoided::contains).isPresent()) {
            return false;
        }
        onProbe.accept(new HangingProbes.Hang(path, mountPoint));
        return true;
    }

    /// Whether it is a mount below a requested mount: it belongs to the host or to another
    /// container.
    private boolean isNestedMount(String path) {
        return !requestedPaths.contains(path)
                && requestedPaths.stream()
                        .filter(a -> !a.equals("/") && !a.equals("/dev"))
                        .filter(a -> MountTable.isAtOrBelow(path, a))
                        .anyMatch(a -> context.mounts().mountAt(a).isPresent());
    }

    /// In another user namespace, capabilities apply only to files whose owner is mapped there.
    private List<PathProbe.PathResult> retryWithCapabilities(
            List<PathProbe.PathResult> results, FileAccessCredentials credentials) {
        List<String> retryPaths =
                results.stream()
                        .filter(PathProbe::isPermissionDenied)
                        .map(PathProbe.PathResult::path)
                        .filter(p ->
                                probe.owner(p)
                                        .filter(o ->
                                                context.uids().toContainerId(o.uid()).isPresent()
                                                        && context.gids()
                                                                .toContainerId(o.gid())
                                                                .isPresent())
                                        .isPresent())
                        .toList();
        return retryPaths.isEmpty()
                ? results
                : replace(results, probeWith(credentials, retryPaths), s -> true);
    }

    /// For an existing file, and for the directories of a path, the kernel checks permissions
    /// before it checks the mount. An attempt with writeprobe's own credentials passes these
    /// checks, and EROFS then proves the mount read-only for every process.
    private List<PathProbe.PathResult> retryAsAgent(List<PathProbe.PathResult> probed) {
        List<PathProbe.PathResult> results =
                probed.stream()
                        .map(s ->
                                PathProbe.isPermissionDenied(s)
                                                && !probe.isMountPoint(s)
                                                && announce(s.path())
                                        ? probe.withResolvedPath(s)
                                        : s)
                        .toList();
        List<String> deniedPaths =
                results.stream()
                        .filter(PathProbe::isPermissionDenied)
                        .filter(probe::isMountPoint)
                        .map(PathProbe.PathResult::path)
                        .toList();
        return deniedPaths.isEmpty()
                ? results
                : replace(results, probeAll(deniedPaths, false), PathProbe::provesReadOnly);
    }

    private static List<PathProbe.PathResult> replace(
            List<PathProbe.PathResult> results,
            List<PathProbe.PathResult> replacements,
            Predicate<PathProbe.PathResult> condition) {
        return results.stream()
                .map(s ->
                        Stream.concat(replacements.stream().filter(condition), Stream.of(s))
                                .filter(b -> b.path().equals(s.path()))
                                .findFirst()
                                .orElse(s))
                .toList();
    }

    private static PathProbe.PathResult inconclusive(String path, Cause cause, String detail) {
        return new PathProbe.PathResult(
                path, path, new Write.Inconclusive(cause, detail), NOTHING_WRITTEN, false);
    }
}

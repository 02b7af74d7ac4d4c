package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Tries to write at paths of one container, with one identity's credentials after the other's.
/// Must be used on the thread of its kernel.
///
/// @param requestedPaths the paths that the caller requested
/// @param avoided paths and mount points that are not probed, since another probe hangs there
/// @param onProbe called before each path is probed
record AllPathsProbe(
        ProcfsPathProber probe,
        ThreadCredentials threadCredentials,
        ProcfsContainerFacts context,
        List<String> requestedPaths,
        Set<String> avoided,
        Consumer<String> onProbe) {
    private static final FileExecutionResult NOTHING_WRITTEN =
            new FileExecutionResult.Untested("nothing was written");

    List<ProcfsPathProber.PathResult> probeAs(
            FileAccessCredentials credentials, List<String> selected) {
        List<ProcfsPathProber.PathResult> results =
                probeWith(
                        credentials.inOtherUserNamespace()
                                ? credentials.withoutCapabilities()
                                : credentials,
                        selected);
        return credentials.inOtherUserNamespace() && credentials.mayOverridePermissions()
                ? retryWithCapabilities(results, credentials)
                : results;
    }

    /// Whether a path still leads to the same place, and the mount there is still read-only.
    boolean isStillReadOnly(CachedProcfsObservations.Place place) {
        return announce(place.path()) && probe.isStillReadOnly(place);
    }

    /// Whether the way to a path stays on the mount at `/`, and contains no link.
    boolean staysOnRootMount(String path) {
        return announce(path) && probe.staysOnRootMount(path);
    }

    private List<ProcfsPathProber.PathResult> probeWith(
            FileAccessCredentials credentials, List<String> selected) {
        if (!threadCredentials.assume(credentials)) {
            return selected.stream()
                    .map(p ->
                            inconclusive(
                                    p,
                                    InconclusiveCause.UNREACHABLE,
                                    "the credentials of its user could not be set"))
                    .toList();
        }
        try {
            return probeAll(selected);
        } finally {
            threadCredentials.restore(credentials);
        }
    }

    private List<ProcfsPathProber.PathResult> probeAll(List<String> selected) {
        Predicate<String> allowNamedFile = path -> !isNestedMount(path);
        List<ProcfsPathProber.PathResult> results = new ArrayList<>(selected.size());
        for (String path : selected) {
            results.add(
                    announce(path)
                            ? probe.probe(path, allowNamedFile)
                            : inconclusive(
                                    path,
                                    InconclusiveCause.TIMED_OUT,
                                    "its filesystem does not answer"));
        }
        return results;
    }

    /// Reports the path that is probed next. Returns false if another probe hangs there.
    private boolean announce(String path) {
        boolean avoid =
                !avoided.isEmpty()
                        && (avoided.contains(path)
                                || context.mounts()
                                        .mountCovering(path)
                                        .filter(e -> avoided.contains(e.mountPoint()))
                                        .isPresent());
        if (!avoid) {
            onProbe.accept(path);
        }
        return !avoid;
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
    private List<ProcfsPathProber.PathResult> retryWithCapabilities(
            List<ProcfsPathProber.PathResult> results, FileAccessCredentials credentials) {
        List<String> retryPaths =
                results.stream()
                        .filter(ProcfsPathProber::isPermissionDenied)
                        .map(ProcfsPathProber.PathResult::path)
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
                : replace(results, probeWith(credentials, retryPaths));
    }

    /// For an existing file, and for the directories of a path, the kernel checks permissions
    /// before it checks the mount. An attempt with writeprobe's own credentials passes these
    /// checks, and EROFS then proves the mount read-only for every process.
    ///
    /// @param asRoot results of root in the same probe: what they prove about a mount is not tried
    ///   again
    ProcfsPathProber.PathResult retryAsAgent(
            ProcfsPathProber.PathResult result, List<ProcfsPathProber.PathResult> asRoot) {
        return ProcfsPathProber.isPermissionDenied(result) ? retryDenied(result, asRoot) : result;
    }

    private ProcfsPathProber.PathResult retryDenied(
            ProcfsPathProber.PathResult denied, List<ProcfsPathProber.PathResult> asRoot) {
        Optional<ProcfsPathProber.PathResult> root =
                asRoot.stream()
                        .filter(r -> r.path().equals(denied.path()))
                        .filter(r -> isConclusive(r.write()))
                        .findFirst();
        if (root.isPresent()) {
            return root.filter(ProcfsPathProber::provesReadOnly)
                    .orElseGet(() -> denied.withResolved(root.get().resolved()));
        }
        ProcfsPathProber.PathResult result =
                !probe.isMountPoint(denied) && announce(denied.path())
                        ? probe.withResolvedPath(denied)
                        : denied;
        if (!probe.isMountPoint(result) || !announce(result.path())) {
            return result;
        }
        ProcfsPathProber.PathResult asAgent = probe.probe(result.path(), _ -> false);
        return ProcfsPathProber.provesReadOnly(asAgent) ? asAgent : result;
    }

    private static boolean isConclusive(WriteResult write) {
        return write instanceof WriteResult.Writable
                || (write instanceof WriteResult.Refused r && r.proof() != Errno.Proof.NOTHING);
    }

    private static List<ProcfsPathProber.PathResult> replace(
            List<ProcfsPathProber.PathResult> results,
            List<ProcfsPathProber.PathResult> replacements) {
        return results.stream()
                .map(s ->
                        Stream.concat(replacements.stream(), Stream.of(s))
                                .filter(b -> b.path().equals(s.path()))
                                .findFirst()
                                .orElse(s))
                .toList();
    }

    private static ProcfsPathProber.PathResult inconclusive(
            String path, InconclusiveCause cause, String detail) {
        return new ProcfsPathProber.PathResult(
                path, path, new WriteResult.Inconclusive(cause, detail), NOTHING_WRITTEN, false);
    }
}

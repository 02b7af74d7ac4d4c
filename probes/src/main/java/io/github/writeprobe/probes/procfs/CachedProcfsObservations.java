package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The observations of the last probe of a container. Some of them can be proved again by one
/// attempt for each path, or one for the mount at `/`, instead of one as each identity.
///
/// These are refusals with EROFS on a mount that is itself read-only: `ro` is among its own
/// options, not only among those of its filesystem. The kernel checks this flag before it checks
/// who writes and before it calls the filesystem. So one such refusal is a fact of the mount, for
/// every path on it and every identity. Nothing else is:
///
/// - The options of a filesystem can change without an event in the container's mount namespace.
/// - A filesystem can refuse with EROFS by itself: btrfs in a read-only subvolume, which may
///   contain a writable one, or FUSE whenever its server decides so.
/// - EACCES and all other errors depend on the identity.
///
/// Whether a path still lies on that mount is another question, which costs an attempt at the path.
/// It need not be answered for a path that is on the mount at `/`, without a link or another mount
/// on the way to it, if no other mount in the table shows the same filesystem writable. Processes
/// of the container cannot replace such a path while the mount is read-only, and a mount over it is
/// reported.
///
/// @param mounts the mount table that was used
/// @param requestedPaths the paths that the caller requested
/// @param paths all paths that were probed
/// @param identities the credentials that were used
/// @param results of the identities, each with an observation for each path in the same order
/// @param places for each path, where it is if it can be proved again
/// @param rootPlace that of `/`; empty if it cannot be proved again
/// @param placeCounts the number of these paths on each mount, by mount point
/// @param triedAt when every path was last tried as every identity
record CachedProcfsObservations(
        MountTable mounts,
        List<String> requestedPaths,
        List<String> paths,
        AllIdentitiesProbe.Identities identities,
        List<ProbeResult> results,
        List<Optional<Place>> places,
        Optional<Place> rootPlace,
        Map<String, Integer> placeCounts,
        Instant triedAt) {
    /// Where a path that can be proved again led to.
    ///
    /// @param mountPoint the mount point of the mount that it is on
    /// @param file whether it is a file and not a directory
    /// @param onRootMount whether the way to it stays on the mount at `/` and contains no link
    record Place(
            String path, String resolved, String mountPoint, boolean file, boolean onRootMount) {}

    CachedProcfsObservations {
        requireNonNull(mounts);
        requireNonNull(identities);
        requireNonNull(rootPlace);
        requireNonNull(triedAt);
        requestedPaths = List.copyOf(requestedPaths);
        paths = List.copyOf(paths);
        results = List.copyOf(results);
        places = List.copyOf(places);
        placeCounts = Map.copyOf(placeCounts);
    }

    /// @param staysOnRootMount whether the way to a path stays on the mount at `/` and contains no
    ///   link
    static CachedProcfsObservations of(
            MountTable mounts,
            List<String> requestedPaths,
            List<String> paths,
            AllIdentitiesProbe.Identities identities,
            List<ProbeResult> results,
            Instant triedAt,
            Predicate<String> staysOnRootMount) {
        List<Optional<Place>> places = new ArrayList<>(paths.size());
        Predicate<String> isOnRootMount =
                isRootShownWritable(mounts) ? _ -> false : staysOnRootMount;
        for (int i = 0; i < paths.size(); i++) {
            int index = i;
            places.add(
                    place(
                            mounts,
                            results.stream().map(r -> r.observations().get(index)).toList(),
                            isOnRootMount));
        }
        return new CachedProcfsObservations(
                mounts,
                requestedPaths,
                paths,
                identities,
                results,
                places,
                places.stream()
                        .flatMap(Optional::stream)
                        .filter(p -> p.path().equals("/") && p.onRootMount())
                        .findFirst(),
                places.stream()
                        .flatMap(Optional::stream)
                        .collect(Collectors.toMap(Place::mountPoint, _ -> 1, Integer::sum)),
                triedAt);
    }

    /// Whether a mount that is not read-only shows the filesystem of the mount at `/`: what is
    /// written through it changes that mount, too.
    private static boolean isRootShownWritable(MountTable mounts) {
        Optional<MountEntry> root = mounts.mountAt("/");
        return root.isEmpty()
                || mounts.entries().stream()
                        .anyMatch(e ->
                                !e.isItselfReadOnly() && e.device().equals(root.get().device()));
    }

    /// @param observations of one path, as each identity
    /// @return empty if the path cannot be proved again
    private static Optional<Place> place(
            MountTable mounts,
            List<PathObservation> observations,
            Predicate<String> isOnRootMount) {
        boolean readOnly =
                !observations.isEmpty()
                        && observations.stream().allMatch(o -> o.write().provesReadOnly());
        boolean same = observations.stream().map(PathObservation::resolved).distinct().count() == 1;
        return Optional.of(observations)
                .filter(_ -> readOnly && same)
                .map(List::getFirst)
                .flatMap(o ->
                        mounts.mountCovering(o.resolved())
                                .filter(MountEntry::isItselfReadOnly)
                                .map(e ->
                                        new Place(
                                                o.path(),
                                                o.resolved(),
                                                e.mountPoint(),
                                                ProcfsPathProber.isOfFile(o.execute()),
                                                e.mountPoint().equals("/")
                                                        && o.path().equals(o.resolved())
                                                        && isOnRootMount.test(o.path()))));
    }

    /// Whether a probe with this mount table, paths and identities can use them.
    boolean areFor(MountTable table, List<String> allPaths, AllIdentitiesProbe.Identities others) {
        return mounts.equals(table) && paths.equals(allPaths) && identities.equals(others);
    }

    /// The observations as an identity; empty if there is no such identity.
    List<PathObservation> observations(ProbeIdentity identity) {
        for (ProbeResult result : results) {
            if (result.identity() == identity) {
                return result.observations();
            }
        }
        return List.of();
    }

    /// The number of paths that can be proved again.
    int placeCount() {
        int count = 0;
        for (int onMount : placeCounts.values()) {
            count += onMount;
        }
        return count;
    }

    /// The same with results that have the same observations.
    CachedProcfsObservations with(List<ProbeResult> others) {
        return new CachedProcfsObservations(
                mounts,
                requestedPaths,
                paths,
                identities,
                others,
                places,
                rootPlace,
                placeCounts,
                triedAt);
    }
}

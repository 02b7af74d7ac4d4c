package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.ProvedPathCounts;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Probes the paths of one container as each identity that exists in it. A set of paths is a set of
/// their indexes.
///
/// @param requestedPaths the paths that the caller requested
/// @param paths all paths to probe
record AllIdentitiesProbe(
        AllPathsProbe probes,
        ProcfsContainerFacts context,
        List<String> requestedPaths,
        List<String> paths,
        Instant startedAt) {
    private static final BitSet NONE = new BitSet();

    /// The credentials of the identities.
    ///
    /// @param service empty if it is not to be probed
    /// @param root empty if the container's user namespace has no root
    record Identities(
            Optional<FileAccessCredentials> service, Optional<FileAccessCredentials> root) {
        Identities {
            requireNonNull(service);
            requireNonNull(root);
        }

        boolean areTheSame() {
            return service.isPresent() && service.equals(root);
        }
    }

    /// The attempts of one identity.
    ///
    /// @param skipped the paths that it did not try
    /// @param results for the others, in their order
    private record Attempts(
            BitSet skipped, List<ProcfsPathProber.PathResult> results, Duration took) {
        static final Attempts NONE = new Attempts(new BitSet(), List.of(), Duration.ZERO);
    }

    /// @param kept from the last probe; what can be proved again is not tried as each identity
    /// @return the results, and what the next probe can use of them
    CachedProcfsObservations probe(Identities identities, Optional<CachedProcfsObservations> kept) {
        Optional<CachedProcfsObservations> before =
                kept.filter(k -> k.areFor(context.mounts(), paths, identities));
        BitSet readOnly = before.map(this::proveReadOnly).orElse(NONE);
        Attempts service = identities.service().map(c -> tryAs(c, readOnly)).orElse(Attempts.NONE);
        BitSet known = before.map(k -> knownAsRoot(k, service)).orElse(NONE);
        Attempts root =
                identities.root().isEmpty() || identities.areTheSame()
                        ? Attempts.NONE
                        : retryAsAgent(
                                tryAs(identities.root().get(), union(readOnly, known)),
                                List.of(),
                                NONE);
        List<ProbeResult> results = new ArrayList<>();
        identities
                .service()
                .ifPresent(c -> {
                    Attempts all = retryAsAgent(service, root.results(), known);
                    results.add(result(ProbeIdentity.SERVICE, c, all, before, readOnly));
                });
        identities
                .root()
                .ifPresent(c ->
                        results.add(
                                identities.areTheSame()
                                        ? copyAsRoot(results.getFirst(), before)
                                        : result(ProbeIdentity.ROOT, c, root, before, readOnly)));
        return kept(identities, before, results);
    }

    private CachedProcfsObservations kept(
            Identities identities,
            Optional<CachedProcfsObservations> before,
            List<ProbeResult> results) {
        return before.filter(k -> isUnchanged(k, results))
                .map(k -> k.with(results))
                .orElseGet(() ->
                        CachedProcfsObservations.of(
                                context.mounts(),
                                requestedPaths,
                                paths,
                                identities,
                                results,
                                before.map(CachedProcfsObservations::triedAt).orElse(startedAt),
                                probes::staysOnRootMount));
    }

    private static boolean isUnchanged(CachedProcfsObservations before, List<ProbeResult> results) {
        for (ProbeResult result : results) {
            if (!before.observations(result.identity()).equals(result.observations())) {
                return false;
            }
        }
        return true;
    }

    /// Tries each path that was read-only for every identity once, with writeprobe's own
    /// credentials. One attempt at `/` is enough for all paths that stay on its mount.
    ///
    /// @return the paths that are still read-only, and that still lead to the same place
    private BitSet proveReadOnly(CachedProcfsObservations before) {
        BitSet readOnly = new BitSet(paths.size());
        Optional<CachedProcfsObservations.Place> root = before.rootPlace();
        boolean isRootReadOnly = root.filter(probes::isStillReadOnly).isPresent();
        List<Optional<CachedProcfsObservations.Place>> places = before.places();
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).isPresent()) {
                CachedProcfsObservations.Place place = places.get(i).get();
                readOnly.set(
                        i,
                        (place.onRootMount() && root.isPresent())
                                ? isRootReadOnly
                                : probes.isStillReadOnly(place));
            }
        }
        return readOnly;
    }

    private static BitSet union(BitSet one, BitSet another) {
        BitSet union = (BitSet) one.clone();
        union.or(another);
        return union;
    }

    /// The paths where root could write before, and where an attempt of root would prove nothing
    /// else about the mount: the service wrote there now; or it is a tmpfs, which no fault makes
    /// read-only, and the service is refused as before, not with EROFS.
    private BitSet knownAsRoot(CachedProcfsObservations before, Attempts service) {
        List<PathObservation> asService = before.observations(ProbeIdentity.SERVICE);
        List<PathObservation> asRoot = before.observations(ProbeIdentity.ROOT);
        if (asService.isEmpty() || asRoot.isEmpty()) {
            return NONE;
        }
        BitSet known = new BitSet(paths.size());
        int next = service.skipped().nextClearBit(0);
        for (ProcfsPathProber.PathResult result : service.results()) {
            PathObservation root = asRoot.get(next);
            known.set(
                    next,
                    root.write() instanceof WriteResult.Writable
                            && root.resolved().equals(result.resolved())
                            && (result.write() instanceof WriteResult.Writable
                                    || isRefusedAsBefore(asService.get(next), result)));
            next = service.skipped().nextClearBit(next + 1);
        }
        return known;
    }

    private boolean isRefusedAsBefore(PathObservation before, ProcfsPathProber.PathResult result) {
        return ProcfsPathProber.isPermissionDenied(result)
                && isSame(before, result)
                && context.mounts()
                        .mountCovering(result.resolved())
                        .filter(e -> e.filesystem().equals("tmpfs"))
                        .isPresent();
    }

    private Attempts tryAs(FileAccessCredentials credentials, BitSet skipped) {
        long startNanos = System.nanoTime();
        List<String> selected = new ArrayList<>(paths.size());
        for (int i = skipped.nextClearBit(0); i < paths.size(); i = skipped.nextClearBit(i + 1)) {
            selected.add(paths.get(i));
        }
        List<ProcfsPathProber.PathResult> results =
                selected.isEmpty() ? List.of() : probes.probeAs(credentials, selected);
        return new Attempts(skipped, results, Duration.ofNanos(System.nanoTime() - startNanos));
    }

    /// @param known paths that need no other attempt
    private Attempts retryAsAgent(
            Attempts attempts, List<ProcfsPathProber.PathResult> asRoot, BitSet known) {
        List<ProcfsPathProber.PathResult> results = new ArrayList<>(attempts.results().size());
        int next = attempts.skipped().nextClearBit(0);
        for (ProcfsPathProber.PathResult result : attempts.results()) {
            results.add(known.get(next) ? result : probes.retryAsAgent(result, asRoot));
            next = attempts.skipped().nextClearBit(next + 1);
        }
        return new Attempts(attempts.skipped(), results, attempts.took());
    }

    private ProbeResult result(
            ProbeIdentity identity,
            FileAccessCredentials credentials,
            Attempts attempts,
            Optional<CachedProcfsObservations> before,
            BitSet readOnly) {
        List<PathObservation> last = before.map(k -> k.observations(identity)).orElse(List.of());
        List<PathObservation> observations = new ArrayList<>(paths.size());
        boolean changed = last.isEmpty();
        int next = 0;
        for (int i = 0; i < paths.size(); i++) {
            if (attempts.skipped().get(i)) {
                observations.add(last.get(i));
                continue;
            }
            ProcfsPathProber.PathResult result = attempts.results().get(next++);
            boolean same = !last.isEmpty() && isSame(last.get(i), result);
            changed |= !same;
            observations.add(same ? last.get(i) : observation(identity, credentials, result));
        }
        return new ProbeResult(
                WitnessName.PROCFS,
                identity,
                startedAt,
                attempts.took(),
                context.mounts(),
                changed ? observations : last,
                Optional.empty(),
                leftovers(attempts.results()),
                context.facts(),
                before.flatMap(k -> proofs(k, readOnly, attempts.skipped())));
    }

    private static boolean isSame(PathObservation last, ProcfsPathProber.PathResult result) {
        return last.resolved().equals(result.resolved())
                && last.write().equals(result.write())
                && last.execute().equals(result.execute());
    }

    private static PathObservation observation(
            ProbeIdentity identity,
            FileAccessCredentials credentials,
            ProcfsPathProber.PathResult result) {
        return new PathObservation(
                WitnessName.PROCFS,
                identity,
                credentials.containerUid(),
                result.path(),
                result.resolved(),
                result.write(),
                result.execute());
    }

    private static List<String> leftovers(List<ProcfsPathProber.PathResult> results) {
        List<String> leftovers = new ArrayList<>();
        for (ProcfsPathProber.PathResult result : results) {
            if (result.leftover()) {
                leftovers.add(result.resolved());
            }
        }
        return leftovers;
    }

    /// @param skipped the paths that were not tried as an identity: `readOnly`, and those where
    ///   root could write before
    private Optional<ProvedPathCounts> proofs(
            CachedProcfsObservations before, BitSet readOnly, BitSet skipped) {
        if (skipped.isEmpty()) {
            return Optional.empty();
        }
        boolean all = readOnly.cardinality() == before.placeCount();
        Map<String, Integer> writable = new HashMap<>();
        Map<String, Integer> proved = new HashMap<>();
        for (int i = skipped.nextSetBit(0); i >= 0; i = skipped.nextSetBit(i + 1)) {
            if (!readOnly.get(i)) {
                writable.merge(mountPoint(before, i), 1, Integer::sum);
            } else if (!all) {
                proved.merge(mountPoint(before, i), 1, Integer::sum);
            }
        }
        return Optional.of(
                new ProvedPathCounts(
                        before.triedAt(), all ? before.placeCounts() : proved, writable));
    }

    private String mountPoint(CachedProcfsObservations before, int index) {
        return before.places()
                .get(index)
                .map(CachedProcfsObservations.Place::mountPoint)
                .or(() ->
                        context.mounts()
                                .mountCovering(
                                        before.observations(ProbeIdentity.ROOT)
                                                .get(index)
                                                .resolved())
                                .map(MountEntry::mountPoint))
                .orElse(paths.get(index));
    }

    /// Copies the result of the service, which has the same credentials as root.
    private ProbeResult copyAsRoot(ProbeResult service, Optional<CachedProcfsObservations> before) {
        List<PathObservation> last =
                before.filter(k ->
                                k.observations(ProbeIdentity.SERVICE)
                                        .equals(service.observations()))
                        .map(k -> k.observations(ProbeIdentity.ROOT))
                        .orElse(List.of());
        return new ProbeResult(
                service.witness(),
                ProbeIdentity.ROOT,
                startedAt,
                Duration.ZERO,
                context.mounts(),
                last.isEmpty()
                        ? service.observations().stream().map(AllIdentitiesProbe::asRoot).toList()
                        : last,
                Optional.empty(),
                List.of(),
                context.facts(),
                service.proofs());
    }

    private static PathObservation asRoot(PathObservation o) {
        return new PathObservation(
                o.witness(),
                ProbeIdentity.ROOT,
                o.uid(),
                o.path(),
                o.resolved(),
                o.write(),
                o.execute());
    }
}

package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.recommend.known.MountPlacementRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Chooses the directories to mount on: few, and never a general directory of the system.
///
/// The first candidate is the directory of a written file. If the container created that directory
/// itself, the mount moves up to a directory that the image has, so that a new container can create
/// it again. Several lasting places in a directory of the service become one mount on that
/// directory.
///
/// Whether a place is lasting is decided last, from the outermost to the innermost, by
/// [PersistentWrittenPaths]: no tmpfs is at or above a path that was written with lasting or
/// undecided data. Everything below a volume belongs to that volume, temporary data too, because a
/// program may rename a temporary file to its place, which fails between two mounts.
final class MountPointChooser {
    /// The limit of proposed mounts. Longer proposals are not readable.
    private static final int MAX_PLACES = 64;

    /// @param places sorted by path
    /// @param unmountable what is written where no mount is possible
    /// @param dropped directories above the limit
    record Placed(
            List<MountCandidate> places,
            List<PathLifetimeDecision> unmountable,
            List<String> dropped) {}

    private final MountPlacementRules directories;
    private final ImageFilesystem imageFilesystem;
    private final TmpfsSuitabilityCheck tmpfsCheck;
    private final boolean diffComplete;
    private final TreeMap<String, MountCandidate> places = new TreeMap<>();
    private final List<PathLifetimeDecision> unmountable = new ArrayList<>();

    /// @param diffComplete whether `docker diff` was available
    MountPointChooser(
            MountPlacementRules directories,
            ImageFilesystem imageFilesystem,
            TmpfsSuitabilityCheck tmpfsCheck,
            boolean diffComplete) {
        this.directories = directories;
        this.imageFilesystem = imageFilesystem;
        this.tmpfsCheck = tmpfsCheck;
        this.diffComplete = diffComplete;
    }

    /// @param required directories that must be writable in any case
    Placed place(
            Collection<PathLifetimeDecision> written,
            Map<String, MountCandidate.Requirement> required) {
        TreeMap<String, MountCandidate> unpinned = new TreeMap<>();
        NearestImageDirectory ancestors = new NearestImageDirectory(directories, imageFilesystem);
        for (PathLifetimeDecision judged : written) {
            String directory = ancestors.existing(judged.trace());
            Optional<String> mountPoint =
                    judged.mountPoint().or(() -> directories.wholeDirectory(directory));
            String at = mountPoint.orElse(directory);
            if (directories.isGeneral(at)) {
                unmountable.add(judged);
            } else {
                MountCandidate place = candidate(mountPoint.isPresent() ? places : unpinned, at);
                mountPoint.ifPresent(p -> place.pin());
                place.add(judged);
            }
        }
        required.forEach((at, requirement) -> {
            MountCandidate place = candidate(places, at);
            place.pin();
            place.add(requirement);
        });
        PersistentWrittenPaths lasting =
                new PersistentWrittenPaths(
                        Stream.concat(places.values().stream(), unpinned.values().stream())
                                .toList());
        unpinned.values().stream()
                .filter(MountCandidate::isLasting)
                .forEach(place -> move(place, ancestors.forVolume(place.path())));
        PlaceMerger merger = new PlaceMerger(places, directories, imageFilesystem);
        merger.mergeSiblings();
        unpinned.values().stream()
                .filter(place -> !place.isLasting())
                .forEach(place -> move(place, ancestors.forTmpfs(place.path(), lasting)));
        merger.mergeCrowded();
        decide(lasting);
        return limit();
    }

    private MountCandidate candidate(Map<String, MountCandidate> candidates, String at) {
        return candidates.computeIfAbsent(at, path -> new MountCandidate(path, diffComplete));
    }

    /// Moves a place to another directory and merges it with the place that is already there.
    private void move(MountCandidate place, String to) {
        candidate(places, to).merge(place);
    }

    /// Decides for each place whether it gets a volume, and merges a place that an outer one makes
    /// redundant. The outermost come first.
    ///
    /// Everything in a volume belongs to it. In a tmpfs, a directory of the image needs its own
    /// mount, because the tmpfs would hide it. Only a tmpfs on a directory that is empty after each
    /// start by convention, such as `/run`, may have a volume inside it.
    private void decide(PersistentWrittenPaths lasting) {
        for (MountCandidate place : List.copyOf(places.values())) {
            Optional<MountCandidate> outer = innermostAbove(place.path());
            if (outer.isPresent() && makesRedundant(outer.get(), place)) {
                places.remove(place.path());
                outer.get().merge(place);
            } else if (!directories.isVolatile(place.path())
                    && lasting.anyAtOrBelow(place.path())) {
                place.markLasting();
            } else if (!place.isLasting()) {
                place.setTmpfsObstacle(
                        tmpfsCheck.obstacle(place, tmpfsCheck.find(place, places.keySet())));
            }
        }
    }

    private Optional<MountCandidate> innermostAbove(String path) {
        return PathStrings.withAncestors(PathStrings.parent(path)).stream()
                .flatMap(parent -> Stream.ofNullable(places.get(parent)))
                .findFirst();
    }

    private boolean makesRedundant(MountCandidate outer, MountCandidate inner) {
        return outer.needsVolume() || (!inner.isLasting() && imageFilesystem.isNew(inner.path()));
    }

    private Placed limit() {
        List<MountCandidate> all =
                places.values().stream()
                        .sorted(
                                Comparator.comparing((MountCandidate p) -> !p.isPinned())
                                        .thenComparing(MountCandidate::path))
                        .toList();
        return new Placed(
                all.stream()
                        .limit(MAX_PLACES)
                        .sorted(Comparator.comparing(MountCandidate::path))
                        .toList(),
                List.copyOf(unmountable),
                all.stream().skip(MAX_PLACES).map(MountCandidate::path).toList());
    }
}

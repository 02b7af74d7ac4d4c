package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.MountRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Chooses the directories to mount on: few, and never a general directory of the system.
///
/// The first candidate is the directory of a written file. If the container created that directory
/// itself, the mount moves up to a directory that the image has, so that a new container can create
/// it again. Several persistent places in a directory of the service become one mount on that
/// directory. A mount inside another one is dropped if the outer mount is enough.
final class MountPlacement {
    /// More places than this below one directory become one place.
    private static final int MAX_SIBLINGS = 5;

    /// The limit of proposed mounts. Longer proposals are not readable.
    private static final int MAX_PLACES = 64;

    /// @param places sorted by path
    /// @param unmountable what is written where no mount is possible
    /// @param dropped directories above the limit
    record Placed(
            List<MountCandidate> places, List<JudgedTrace> unmountable, List<String> dropped) {}

    private final MountRules directories;
    private final ImageFilesystem imageFilesystem;
    private final boolean diffComplete;
    private final TreeMap<String, MountCandidate> places = new TreeMap<>();
    private final List<JudgedTrace> unmountable = new ArrayList<>();

    /// @param diffComplete whether `docker diff` was available
    MountPlacement(MountRules directories, ImageFilesystem imageFilesystem, boolean diffComplete) {
        this.directories = directories;
        this.imageFilesystem = imageFilesystem;
        this.diffComplete = diffComplete;
    }

    /// @param required directories that must be writable in any case
    Placed place(
            Collection<JudgedTrace> written, Map<String, MountCandidate.Requirement> required) {
        TreeMap<String, MountCandidate> unpinned = new TreeMap<>();
        for (JudgedTrace judged : written) {
            String directory = judged.trace().directory();
            Optional<String> mountPoint =
                    judged.mountPoint().or(() -> directories.wholeDirectory(directory));
            String at = mountPoint.orElse(directory);
            if (directories.isGeneral(at)) {
                unmountable.add(judged);
            } else {
                MountCandidate place =
                        (mountPoint.isPresent() ? places : unpinned)
                                .computeIfAbsent(at, MountCandidate::new);
                mountPoint.ifPresent(p -> place.pin());
                place.add(judged);
            }
        }
        required.forEach((at, requirement) -> {
            MountCandidate place = places.computeIfAbsent(at, MountCandidate::new);
            place.pin();
            place.add(requirement);
        });
        unpinned.values().stream().filter(p -> !isEphemeral(p)).forEach(this::moveToImageDirectory);
        unpinned.values().stream().filter(this::isEphemeral).forEach(this::moveToImageDirectory);
        mergeSiblings();
        mergeCrowded();
        mergeNested();
        return limit();
    }

    /// Moves a place to another directory and merges it with the place that is already there.
    private void move(MountCandidate place, String to) {
        places.computeIfAbsent(to, MountCandidate::new).merge(place);
    }

    private boolean isCommon(String directory) {
        return directories.isGeneral(directory)
                || directories.isShared(directory)
                || directories.wholeDirectory(directory).isPresent();
    }

    private boolean isEphemeral(MountCandidate place) {
        return place.lifetime(diffComplete).filter(l -> l != Lifetime.PERSISTENT).isPresent();
    }

    /// Moves a place up from a directory that the image does not have to one that it has. A tmpfs
    /// moves up only if it would hide nothing there, and a volume only if it would keep no copies
    /// of the image's files.
    private void moveToImageDirectory(MountCandidate place) {
        String at = place.path();
        while (!isCommon(at) && imageFilesystem.isNew(at)) {
            String parent = PathNames.parent(at);
            if (isCommon(parent)) {
                break;
            }
            if (!imageFilesystem.isNew(parent)) {
                at = canMountOn(parent, isEphemeral(place)) ? parent : at;
                break;
            }
            at = parent;
        }
        move(place, at);
    }

    private boolean canMountOn(String directory, boolean forTmpfs) {
        if (imageFilesystem.isUnknown()) {
            return false;
        }
        ImageFilesystem.Content content = imageFilesystem.content(directory);
        return forTmpfs
                ? content.isEmpty() && atOrBelow(directory).allMatch(this::isEphemeral)
                : content.files() == 0;
    }

    private Stream<MountCandidate> atOrBelow(String directory) {
        return Stream.concat(Stream.ofNullable(places.get(directory)), below(directory).stream());
    }

    /// Merges neighbouring places that need a volume if they are in a directory of the service.
    private void mergeSiblings() {
        TreeMap<Integer, Set<String>> deepestFirst = new TreeMap<>(Comparator.reverseOrder());
        places.keySet().forEach(path -> addParent(path, deepestFirst));
        while (!deepestFirst.isEmpty()) {
            for (String parent : deepestFirst.pollFirstEntry().getValue()) {
                List<MountCandidate> inside =
                        below(parent).stream()
                                .filter(p -> PathNames.parent(p.path()).equals(parent))
                                .filter(p -> !p.isPinned() && !isEphemeral(p))
                                .toList();
                if (inside.size() > 1 && isOwnedByService(parent, inside)) {
                    mergeInto(parent, inside);
                    addParent(parent, deepestFirst);
                }
            }
        }
    }

    private void addParent(String path, Map<Integer, Set<String>> byDepth) {
        String parent = PathNames.parent(path);
        if (!isCommon(parent)) {
            byDepth.computeIfAbsent(PathNames.depth(parent), d -> new TreeSet<>()).add(parent);
        }
    }

    /// All places below a directory.
    private List<MountCandidate> below(String directory) {
        // '0' is the character after '/'.
        return List.copyOf(places.subMap(directory + "/", directory + "0").values());
    }

    private boolean isOwnedByService(String parent, List<MountCandidate> inside) {
        Optional<Long> owner = imageFilesystem.facts(parent).map(FileFacts::uid);
        boolean sameOwner =
                owner.isPresent()
                        && inside.stream()
                                .allMatch(p ->
                                        imageFilesystem
                                                .facts(p.path())
                                                .map(FileFacts::uid)
                                                .equals(owner));
        boolean isStateDirectory = parent.startsWith("/var/");
        Set<String> paths = inside.stream().map(MountCandidate::path).collect(Collectors.toSet());
        return sameOwner
                && !imageFilesystem.isUnknown()
                && (isStateDirectory || imageFilesystem.filesOutside(parent, paths) == 0);
    }

    private void mergeInto(String parent, List<MountCandidate> inside) {
        for (MountCandidate place : inside) {
            places.remove(place.path());
            move(place, parent);
        }
    }

    /// Merges places if there are too many below one directory, even if a person would choose
    /// smaller mounts.
    private void mergeCrowded() {
        Map<String, Integer> count = new HashMap<>();
        for (MountCandidate place : places.values()) {
            if (!place.isPinned()) {
                PathNames.withAncestors(PathNames.parent(place.path()))
                        .forEach(parent -> count.merge(parent, 1, Integer::sum));
            }
        }
        List<String> crowded =
                count.entrySet().stream()
                        .filter(e ->
                                e.getValue() > MAX_SIBLINGS && !directories.isGeneral(e.getKey()))
                        .map(Map.Entry::getKey)
                        .sorted(
                                Comparator.comparingInt(PathNames::depth)
                                        .reversed()
                                        .thenComparing(Comparator.naturalOrder()))
                        .toList();
        for (String parent : crowded) {
            List<MountCandidate> inside =
                    below(parent).stream().filter(p -> !p.isPinned()).toList();
            if (inside.size() > MAX_SIBLINGS) {
                mergeInto(parent, inside);
            }
        }
    }

    private void mergeNested() {
        for (MountCandidate place : List.copyOf(places.values()).reversed()) {
            Optional<MountCandidate> outer =
                    PathNames.withAncestors(PathNames.parent(place.path())).stream()
                            .flatMap(parent -> Stream.ofNullable(places.get(parent)))
                            .findFirst();
            if (outer.isPresent() && makesRedundant(outer.get(), place)) {
                places.remove(place.path());
                outer.get().merge(place);
            }
        }
    }

    /// Whether the inner mount is not needed.
    ///
    /// The volume of a database is enough for everything in it, because also files that look
    /// temporary may belong to the data. In any other volume, ephemeral data get their own tmpfs.
    /// In a tmpfs, persistent data need their own volume, and a directory of the image needs its
    /// own mount, because the tmpfs would hide it.
    private boolean makesRedundant(MountCandidate outer, MountCandidate inner) {
        if (!isEphemeral(outer)) {
            return outer.isPinned() || !isEphemeral(inner);
        }
        return isEphemeral(inner) && imageFilesystem.isNew(inner.path());
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

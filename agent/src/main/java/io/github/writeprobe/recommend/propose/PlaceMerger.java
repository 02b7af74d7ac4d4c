package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.recommend.known.MountPlacementRules;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Merges neighbouring places into one place on the directory above them.
final class PlaceMerger {
    /// More places than this below one directory become one place.
    private static final int MAX_SIBLINGS = 5;

    private final NavigableMap<String, MountCandidate> places;
    private final MountPlacementRules directories;
    private final ImageFilesystem imageFilesystem;

    /// @param places is changed
    PlaceMerger(
            NavigableMap<String, MountCandidate> places,
            MountPlacementRules directories,
            ImageFilesystem imageFilesystem) {
        this.places = places;
        this.directories = directories;
        this.imageFilesystem = imageFilesystem;
    }

    /// Merges neighbouring places that need a volume if they are in a directory of the service.
    void mergeSiblings() {
        TreeMap<Integer, Set<String>> deepestFirst = new TreeMap<>(Comparator.reverseOrder());
        places.keySet().forEach(path -> addParent(path, deepestFirst));
        while (!deepestFirst.isEmpty()) {
            for (String parent : deepestFirst.pollFirstEntry().getValue()) {
                List<MountCandidate> inside =
                        below(parent).stream()
                                .filter(p -> PathStrings.parent(p.path()).equals(parent))
                                .filter(p -> !p.isPinned() && p.isLasting())
                                .toList();
                if (inside.size() > 1 && isOwnedByService(parent, inside)) {
                    mergeInto(parent, inside);
                    addParent(parent, deepestFirst);
                }
            }
        }
    }

    private void addParent(String path, Map<Integer, Set<String>> byDepth) {
        String parent = PathStrings.parent(path);
        if (!directories.isCommon(parent)) {
            byDepth.computeIfAbsent(PathStrings.depth(parent), d -> new TreeSet<>()).add(parent);
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
            places.computeIfAbsent(parent, place::emptyAt).merge(place);
        }
    }

    /// Merges places if there are too many below one directory, even if a person would choose
    /// smaller mounts.
    void mergeCrowded() {
        Map<String, Integer> count = new HashMap<>();
        for (MountCandidate place : places.values()) {
            if (!place.isPinned()) {
                PathStrings.withAncestors(PathStrings.parent(place.path()))
                        .forEach(parent -> count.merge(parent, 1, Integer::sum));
            }
        }
        List<String> crowded =
                count.entrySet().stream()
                        .filter(e ->
                                e.getValue() > MAX_SIBLINGS && !directories.isGeneral(e.getKey()))
                        .map(Map.Entry::getKey)
                        .sorted(
                                Comparator.comparingInt(PathStrings::depth)
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
}

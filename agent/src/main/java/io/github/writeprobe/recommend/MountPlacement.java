package io.github.writeprobe.recommend;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.MountableDirectories;
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

/// Finds the directories to mount on: few, and none that belongs to everybody.
///
/// A file's own directory is where it begins. Directories that the container made itself lead up to
/// one that the image has, so that a new container can make them again. Several that have to last,
/// in a directory of the service's own, lead up to that one. A mount that lies within another is
/// dropped where the outer one does as well.
final class MountPlacement {
    /// More than so many places below one directory are one place.
    private static final int CROWD = 5;

    /// More are not of use to anybody.
    private static final int MOST = 64;

    /// @param places in the order of their paths
    /// @param stranded what is written where nothing can be mounted
    /// @param dropped directories that were too many
    record Placed(List<MountPlace> places, List<JudgedTrace> stranded, List<String> dropped) {}

    private final MountableDirectories directories;
    private final ImageFilesystem ground;
    private final boolean complete;
    private final TreeMap<String, MountPlace> places = new TreeMap<>();
    private final List<JudgedTrace> stranded = new ArrayList<>();

    /// @param complete whether all that stays is known
    MountPlacement(MountableDirectories directories, ImageFilesystem ground, boolean complete) {
        this.directories = directories;
        this.ground = ground;
        this.complete = complete;
    }

    /// @param needed directories that have to be writable in any case
    Placed place(Collection<JudgedTrace> written, Map<String, MountPlace.Needed> needed) {
        TreeMap<String, MountPlace> free = new TreeMap<>();
        for (JudgedTrace judged : written) {
            String directory = judged.trace().directory();
            Optional<String> anchor = judged.anchor().or(() -> directories.whole(directory));
            String at = anchor.orElse(directory);
            if (directories.general(at)) {
                stranded.add(judged);
            } else {
                MountPlace place =
                        (anchor.isPresent() ? places : free).computeIfAbsent(at, MountPlace::new);
                anchor.ifPresent(a -> place.anchor());
                place.add(judged);
            }
        }
        needed.forEach((at, need) -> {
            MountPlace place = places.computeIfAbsent(at, MountPlace::new);
            place.anchor();
            place.add(need);
        });
        free.values().stream().filter(p -> !ephemeral(p)).forEach(this::climb);
        free.values().stream().filter(this::ephemeral).forEach(this::climb);
        siblings();
        crowds();
        nested();
        return bounded();
    }

    /// Puts a place with what else is there.
    private void move(MountPlace place, String to) {
        places.computeIfAbsent(to, MountPlace::new).absorb(place);
    }

    private boolean common(String directory) {
        return directories.general(directory)
                || directories.shared(directory)
                || directories.whole(directory).isPresent();
    }

    private boolean ephemeral(MountPlace place) {
        return place.lifetime(complete).filter(l -> l != Lifetime.PERSISTENT).isPresent();
    }

    /// From directories that the image does not have to one that it has, if nothing there would be
    /// hidden from the service, or frozen.
    private void climb(MountPlace place) {
        String at = place.path();
        while (!common(at) && ground.isNew(at)) {
            String above = PathNames.parent(at);
            if (common(above)) {
                break;
            }
            if (!ground.isNew(above)) {
                at = isFree(above, ephemeral(place)) ? above : at;
                break;
            }
            at = above;
        }
        move(place, at);
    }

    private boolean isFree(String directory, boolean forTmpfs) {
        if (ground.unknown()) {
            return false;
        }
        ImageFilesystem.Content content = ground.content(directory);
        return forTmpfs
                ? content.isEmpty() && atOrBelow(directory).allMatch(this::ephemeral)
                : content.files() == 0;
    }

    private Stream<MountPlace> atOrBelow(String directory) {
        return Stream.concat(Stream.ofNullable(places.get(directory)), below(directory).stream());
    }

    /// Places side by side that get volumes, in a directory that is the service's own.
    private void siblings() {
        TreeMap<Integer, Set<String>> deepestFirst = new TreeMap<>(Comparator.reverseOrder());
        places.keySet().forEach(path -> parentOf(path, deepestFirst));
        while (!deepestFirst.isEmpty()) {
            for (String above : deepestFirst.pollFirstEntry().getValue()) {
                List<MountPlace> inside =
                        below(above).stream()
                                .filter(p -> PathNames.parent(p.path()).equals(above))
                                .filter(p -> !p.anchored() && !ephemeral(p))
                                .toList();
                if (inside.size() > 1 && isTheServices(above, inside)) {
                    gather(above, inside);
                    parentOf(above, deepestFirst);
                }
            }
        }
    }

    private void parentOf(String path, Map<Integer, Set<String>> byDepth) {
        String above = PathNames.parent(path);
        if (!common(above)) {
            byDepth.computeIfAbsent(PathNames.depth(above), d -> new TreeSet<>()).add(above);
        }
    }

    /// All places below a directory.
    private List<MountPlace> below(String directory) {
        // The character after a slash is a zero.
        return List.copyOf(places.subMap(directory + "/", directory + "0").values());
    }

    private boolean isTheServices(String above, List<MountPlace> inside) {
        Optional<Long> owner = ground.facts(above).map(FileFacts::uid);
        boolean same =
                owner.isPresent()
                        && inside.stream()
                                .allMatch(p ->
                                        ground.facts(p.path()).map(FileFacts::uid).equals(owner));
        boolean state = above.startsWith("/var/");
        Set<String> paths = inside.stream().map(MountPlace::path).collect(Collectors.toSet());
        return same && !ground.unknown() && (state || ground.filesBeside(above, paths) == 0);
    }

    private void gather(String above, List<MountPlace> inside) {
        for (MountPlace place : inside) {
            places.remove(place.path());
            move(place, above);
        }
    }

    /// Where there are too many to list, one for all, even if nobody would choose that one.
    private void crowds() {
        Map<String, Integer> count = new HashMap<>();
        for (MountPlace place : places.values()) {
            if (!place.anchored()) {
                PathNames.upwards(PathNames.parent(place.path()))
                        .forEach(above -> count.merge(above, 1, Integer::sum));
            }
        }
        List<String> crowded =
                count.entrySet().stream()
                        .filter(e -> e.getValue() > CROWD && !directories.general(e.getKey()))
                        .map(Map.Entry::getKey)
                        .sorted(
                                Comparator.comparingInt(PathNames::depth)
                                        .reversed()
                                        .thenComparing(Comparator.naturalOrder()))
                        .toList();
        for (String above : crowded) {
            List<MountPlace> inside = below(above).stream().filter(p -> !p.anchored()).toList();
            if (inside.size() > CROWD) {
                gather(above, inside);
            }
        }
    }

    private void nested() {
        for (MountPlace place : List.copyOf(places.values()).reversed()) {
            Optional<MountPlace> outer =
                    PathNames.upwards(PathNames.parent(place.path())).stream()
                            .flatMap(above -> Stream.ofNullable(places.get(above)))
                            .findFirst();
            if (outer.isPresent() && covers(outer.get(), place)) {
                places.remove(place.path());
                outer.get().absorb(place);
            }
        }
    }

    /// Whether nobody would miss the inner mount.
    ///
    /// A database knows best what belongs to its data; elsewhere in a volume, what need not last
    /// does not belong there. In a tmpfs, what has to last does not; and a directory of the image's
    /// would be missing.
    private boolean covers(MountPlace outer, MountPlace inner) {
        if (!ephemeral(outer)) {
            return outer.anchored() || !ephemeral(inner);
        }
        return ephemeral(inner) && ground.isNew(inner.path());
    }

    private Placed bounded() {
        List<MountPlace> all =
                places.values().stream()
                        .sorted(
                                Comparator.comparing((MountPlace p) -> !p.anchored())
                                        .thenComparing(MountPlace::path))
                        .toList();
        return new Placed(
                all.stream().limit(MOST).sorted(Comparator.comparing(MountPlace::path)).toList(),
                List.copyOf(stranded),
                all.stream().skip(MOST).map(MountPlace::path).toList());
    }
}

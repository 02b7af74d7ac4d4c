package io.github.writeprobe.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What `oracle` found out about a container.
record Facts(
        Map<Integer, Point> mounts,
        Map<String, Place> places,
        Map<String, List<Attempt>> attempts) {

    /// A mount.
    ///
    /// @param visible whether its mount point leads to it, and not to one that lies on it
    record Point(int id, int parent, String path, String type, boolean visible, boolean readOnly) {}

    /// What a path leads to, and on which mount that lies.
    ///
    /// @param kind `d` for a directory, `f` for a file, `o` for what is neither, `-` for nothing
    record Place(String path, String real, char kind, int mount, boolean readOnly) {}

    /// @param wrote 0, or the errno
    /// @param ran the errno; `ENOEXEC` where it may run, -1 where nothing was tried
    record Attempt(String identity, String path, int wrote, int ran) {
        boolean open() {
            return wrote == 0 || wrote == ENOSPC || wrote == EDQUOT;
        }

        boolean runs() {
            return wrote == 0 && ran == ENOEXEC;
        }
    }

    static final int ENOEXEC = 8;
    static final int ENOSPC = 28;
    static final int EDQUOT = 122;

    private static final Set<String> VIEWS =
            Set.of("proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue");

    static Facts read(List<String> lines) {
        Map<Integer, Point> mounts = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        Map<String, List<Attempt>> attempts = new LinkedHashMap<>();
        for (String line : lines) {
            String[] f = line.split("\t", -1);
            switch (f[0]) {
                case "mount" -> {
                    int id = Integer.parseInt(f[1]);
                    mounts.put(
                            id,
                            new Point(
                                    id,
                                    Integer.parseInt(f[2]),
                                    f[3],
                                    f[4],
                                    f[5].equals("1"),
                                    f[6].equals("1")));
                }
                case "place" ->
                        places.put(
                                f[1],
                                new Place(
                                        f[1],
                                        f[2],
                                        f[3].charAt(0),
                                        Integer.parseInt(f[4]),
                                        f[5].equals("1")));
                case "fact" ->
                        attempts.computeIfAbsent(f[2], p -> new ArrayList<>())
                                .add(
                                        new Attempt(
                                                f[1],
                                                f[2],
                                                Integer.parseInt(f[3]),
                                                Integer.parseInt(f[4])));
                default -> throw new AssertionError(line);
            }
        }
        return new Facts(mounts, places, attempts);
    }

    Optional<Attempt> attempt(String identity, String path) {
        return attempts.getOrDefault(path, List.of()).stream()
                .filter(a -> a.identity().equals(identity))
                .findFirst();
    }

    /// Those that can be reached and are no view of the kernel, nor lie in one.
    List<Point> reachable() {
        return mounts.values().stream()
                .filter(Point::visible)
                .filter(m -> !VIEWS.contains(m.type()))
                .filter(m -> !m.path().startsWith("/proc/") && !m.path().startsWith("/sys/"))
                .toList();
    }

    boolean stacked(Point mount) {
        Point below = mounts.get(mount.parent());
        return below != null && below.path().equals(mount.path());
    }

    /// Whether somebody could write to it somewhere: a directory on it, or itself if it is a file.
    boolean open(Point mount) {
        return places.values().stream()
                .filter(p -> p.mount() == mount.id())
                .filter(p -> p.kind() == 'd' || p.real().equals(mount.path()))
                .flatMap(p -> attempts.getOrDefault(p.path(), List.of()).stream())
                .anyMatch(Attempt::open);
    }
}

package io.github.writeprobe.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What `oracle` found out about a container.
record OracleFacts(
        Map<Integer, MountPoint> mounts,
        Map<String, ResolvedPath> places,
        Map<String, List<WriteAttempt>> attempts) {

    /// A mount.
    ///
    /// @param visible whether its mount point leads to it, and not to a mount on top of it
    record MountPoint(
            int id, int parent, String path, String type, boolean visible, boolean readOnly) {}

    /// What a path leads to, and the mount that this is on.
    ///
    /// @param kind `d` for a directory, `f` for a file, `o` for something else, `-` for nothing
    record ResolvedPath(String path, String real, char kind, int mount, boolean readOnly) {}

    /// @param wrote 0, or the errno
    /// @param ran the errno; `ENOEXEC` if the file may be executed, -1 if nothing was tried
    record WriteAttempt(String identity, String path, int wrote, int ran) {
        boolean isWritable() {
            return wrote == 0 || wrote == ENOSPC || wrote == EDQUOT;
        }

        boolean canExecute() {
            return wrote == 0 && ran == ENOEXEC;
        }
    }

    static final int ENOEXEC = 8;
    static final int ENOSPC = 28;
    static final int EDQUOT = 122;

    private static final Set<String> KERNEL_FILESYSTEMS =
            Set.of("proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue");

    static OracleFacts read(List<String> lines) {
        Map<Integer, MountPoint> mounts = new LinkedHashMap<>();
        Map<String, ResolvedPath> places = new LinkedHashMap<>();
        Map<String, List<WriteAttempt>> attempts = new LinkedHashMap<>();
        for (String line : lines) {
            String[] f = line.split("\t", -1);
            switch (f[0]) {
                case "mount" -> {
                    int id = Integer.parseInt(f[1]);
                    mounts.put(
                            id,
                            new MountPoint(
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
                                new ResolvedPath(
                                        f[1],
                                        f[2],
                                        f[3].charAt(0),
                                        Integer.parseInt(f[4]),
                                        f[5].equals("1")));
                case "fact" ->
                        attempts.computeIfAbsent(f[2], p -> new ArrayList<>())
                                .add(
                                        new WriteAttempt(
                                                f[1],
                                                f[2],
                                                Integer.parseInt(f[3]),
                                                Integer.parseInt(f[4])));
                default -> throw new AssertionError(line);
            }
        }
        return new OracleFacts(mounts, places, attempts);
    }

    Optional<WriteAttempt> attempt(String identity, String path) {
        return attempts.getOrDefault(path, List.of()).stream()
                .filter(a -> a.identity().equals(identity))
                .findFirst();
    }

    /// The mounts that can be reached and are neither kernel filesystems nor in one.
    List<MountPoint> reachable() {
        return mounts.values().stream()
                .filter(MountPoint::visible)
                .filter(m -> !KERNEL_FILESYSTEMS.contains(m.type()))
                .filter(m -> !m.path().startsWith("/proc/") && !m.path().startsWith("/sys/"))
                .toList();
    }

    boolean isStacked(MountPoint mount) {
        MountPoint below = mounts.get(mount.parent());
        return below != null && below.path().equals(mount.path());
    }

    /// Whether a write succeeded anywhere on it: in a directory on it, or to the mount itself if it
    /// is a file.
    boolean isWritable(MountPoint mount) {
        return places.values().stream()
                .filter(p -> p.mount() == mount.id())
                .filter(p -> p.kind() == 'd' || p.real().equals(mount.path()))
                .flatMap(p -> attempts.getOrDefault(p.path(), List.of()).stream())
                .anyMatch(WriteAttempt::isWritable);
    }
}

package io.github.writeprobe.probes.mounts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An index of which mount is on which, so that the mount of a path is found without a search
/// through the table.
///
/// The kernel's tables are trees, but a table that a container printed can be anything. Of two
/// mounts with the same id, the first counts. The root has no parent. A mount whose mount point is
/// not below that of its parent is not a child of it. So every walk down the tree ends.
final class MountTree {
    /// The place of a mount.
    ///
    /// @param parent the id of the mount that it is on
    private record Place(int parent, String mountPoint) {}

    private final Optional<MountEntry> root;
    private final Map<Place, MountEntry> children;

    /// For mounts that are covered by others at the same mount point: the topmost of these.
    private final Map<Integer, MountEntry> topmost = new HashMap<>();

    MountTree(List<MountEntry> entries) {
        Map<Integer, MountEntry> byId = LinkedHashMap.newLinkedHashMap(entries.size());
        for (MountEntry entry : entries) {
            byId.putIfAbsent(entry.id(), entry);
        }
        root =
                entries.stream()
                        .filter(e -> e.mountPoint().equals("/"))
                        .filter(e -> !byId.containsKey(e.parent()))
                        .findFirst()
                        .or(() ->
                                entries.stream()
                                        .filter(e -> e.mountPoint().equals("/"))
                                        .findFirst());
        children = HashMap.newHashMap(entries.size());
        for (MountEntry entry : byId.values()) {
            if (isValidChild(entry, byId)) {
                children.putIfAbsent(new Place(entry.parent(), entry.mountPoint()), entry);
            }
        }
        children.values().forEach(this::resolveStack);
        root.ifPresent(this::resolveStack);
    }

    private boolean isValidChild(MountEntry entry, Map<Integer, MountEntry> byId) {
        MountEntry parent = byId.get(entry.parent());
        return parent != null
                && entry.parent() != entry.id()
                && root.filter(r -> r.id() == entry.id()).isEmpty()
                && MountTable.isAtOrBelow(entry.mountPoint(), parent.mountPoint());
    }

    /// Finds the topmost of the mounts that are stacked on a mount, and stores it for all mounts in
    /// between.
    private void resolveStack(MountEntry bottom) {
        List<Integer> stacked = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        MountEntry top = bottom;
        MountEntry next = children.get(new Place(top.id(), top.mountPoint()));
        while (next != null && seen.add(top.id())) {
            stacked.add(top.id());
            top = topmost.getOrDefault(next.id(), next);
            next = children.get(new Place(top.id(), top.mountPoint()));
        }
        for (int id : stacked) {
            topmost.put(id, top);
        }
    }

    Optional<MountEntry> covering(String path) {
        if (root.isEmpty()) {
            return root;
        }
        MountEntry current = top(root.get());
        // Child mounts can be at the path's own directories below the mount point.
        int end = nextComponentEnd(path, current.mountPoint().length());
        while (end >= 0) {
            MountEntry child = children.get(new Place(current.id(), path.substring(0, end)));
            if (child != null) {
                current = top(child);
            }
            end = end == path.length() ? -1 : nextComponentEnd(path, end + 1);
        }
        return Optional.of(current);
    }

    private static int nextComponentEnd(String path, int from) {
        if (from >= path.length()) {
            return -1;
        }
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }

    private MountEntry top(MountEntry entry) {
        return topmost.getOrDefault(entry.id(), entry);
    }
}

package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A container in memory, with an image, a layer of its own, volumes and tmpfs, and what Linux and
/// an engine do with them: owners and modes, EROFS, EXDEV, a tmpfs that is full, a new volume that
/// is filled from the image.
final class ModelContainer {
    /// @param content of a file; empty for a directory
    record Node(boolean directory, long uid, int mode, long bytes, String content) {}

    /// What one mount shows, by whole paths.
    static final class Filesystem {
        private final TreeMap<String, Node> nodes;

        Filesystem(Map<String, Node> nodes) {
            this.nodes = new TreeMap<>(nodes);
        }
    }

    /// What a system call refuses.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String path;
        private final String error;

        Refused(String call, String path, String error) {
            super(call + " " + path + ": " + error);
            this.path = path;
            this.error = error;
        }

        /// Whether it is a file that the service removes again, or a directory that it renames.
        boolean isTemporary() {
            return error.equals("EROFS")
                    && (path.contains("/scratch") || path.contains("/.svc.tmp"));
        }
    }

    private final NavigableMap<String, Node> image;
    private final Map<String, Filesystem> volumes;
    private final TreeMap<String, ProposalItem> provisions = new TreeMap<>();
    private final boolean readOnly;
    private final Filesystem layer;
    private final TreeMap<String, Filesystem> mounts = new TreeMap<>();
    private final Map<String, Long> writes = new HashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private final Set<String> mountPoints = new HashSet<>();
    private final Set<String> touched = new HashSet<>();

    /// @param volumes by their paths; new ones are added
    ModelContainer(
            NavigableMap<String, Node> image,
            List<ProposalItem> proposed,
            Map<String, Filesystem> volumes,
            boolean readOnly) {
        this.image = image;
        this.volumes = volumes;
        this.readOnly = readOnly;
        this.layer = new Filesystem(image);
        for (ProposalItem provision : proposed) {
            switch (provision) {
                case Tmpfs tmpfs -> provisions.put(tmpfs.path(), tmpfs);
                case Volume volume -> provisions.put(volume.path(), volume);
                case ProposalItem.Kept _, ProposalItem.Setting _ -> {}
            }
        }
    }

    /// What the engine does before the first process runs.
    void start() {
        mounts.clear();
        provisions.forEach((path, provision) -> {
            Filesystem below = filesystem(path);
            for (String at : PathStrings.withAncestors(path).reversed()) {
                if (below == filesystem(at) && !below.nodes.containsKey(at)) {
                    below.nodes.put(at, new Node(true, 0, 0755, 0, ""));
                    mountPoints.add(at);
                }
            }
            switch (provision) {
                case Tmpfs tmpfs ->
                        mounts.put(
                                path,
                                new Filesystem(
                                        Map.of(
                                                path,
                                                new Node(true, tmpfs.uid(), tmpfs.mode(), 0, ""))));
                case Volume volume ->
                        mounts.put(path, volumes.computeIfAbsent(path, p -> filled(volume)));
                case ProposalItem.Kept _, ProposalItem.Setting _ -> {}
            }
        });
    }

    private Filesystem filled(Volume volume) {
        TreeMap<String, Node> content = new TreeMap<>();
        image.forEach((path, node) -> {
            if (MountTable.isAtOrBelow(path, volume.path())) {
                content.put(path, node);
            }
        });
        if (content.isEmpty()) {
            content.put(
                    volume.path(),
                    volume.needsChown()
                            ? new Node(true, volume.uid(), volume.mode(), 0, "")
                            : new Node(true, 0, 0755, 0, ""));
        }
        return new Filesystem(content);
    }

    private Filesystem filesystem(String path) {
        return PathStrings.withAncestors(path).stream()
                .filter(mounts::containsKey)
                .findFirst()
                .map(mounts::get)
                .orElse(layer);
    }

    Optional<Node> find(String path) {
        return Optional.ofNullable(filesystem(path).nodes.get(path));
    }

    boolean isDirectory(String path) {
        return find(path).filter(Node::directory).isPresent();
    }

    void makeDirectories(String path, long uid, int mode) {
        for (String at : PathStrings.withAncestors(path).reversed()) {
            if (find(at).isEmpty()) {
                checkDirectory("mkdir", at, uid);
                filesystem(at)
                        .nodes
                        .put(at, new Node(true, uid, at.equals(path) ? mode : 0755, 0, ""));
            }
        }
    }

    void changeOwner(String path, long uid) {
        Node node = find(path).orElseThrow();
        if (node.uid() != uid) {
            checkWritable("chown", path);
            filesystem(path).nodes.put(path, new Node(true, uid, node.mode(), 0, ""));
        }
    }

    void write(String path, long uid, long bytes, String content) {
        Optional<Node> node = find(path);
        if (node.isEmpty()) {
            checkDirectory("create", path, uid);
        } else if (uid != 0 && node.get().uid() != uid) {
            throw new Refused("open", path, "EACCES");
        }
        checkWritable("open", path);
        Filesystem filesystem = filesystem(path);
        filesystem.nodes.put(
                path, new Node(false, node.map(Node::uid).orElse(uid), 0644, bytes, content));
        checkSize(path, filesystem);
        writes.merge(path, 1L, Long::sum);
        sizes.merge(path, bytes, Math::max);
    }

    private void checkSize(String path, Filesystem filesystem) {
        mounts.forEach((at, mounted) -> {
            if (mounted == filesystem && provisions.get(at) instanceof Tmpfs tmpfs) {
                long used = mounted.nodes.values().stream().mapToLong(Node::bytes).sum();
                if (used > tmpfs.bytes()) {
                    throw new Refused("write", path, "ENOSPC");
                }
            }
        });
    }

    void remove(String path, long uid) {
        checkDirectory("unlink", path, uid);
        filesystem(path).nodes.remove(path);
        touched.add(PathStrings.parent(path));
    }

    void rename(String from, String to, long uid) {
        checkDirectory("rename", from, uid);
        checkDirectory("rename", to, uid);
        Filesystem filesystem = filesystem(from);
        if (filesystem != filesystem(to) || mounts.containsKey(from)) {
            throw new Refused("rename", from + " to " + to, "EXDEV");
        }
        TreeMap<String, Node> moved = new TreeMap<>();
        filesystem.nodes.forEach((path, node) -> {
            if (MountTable.isAtOrBelow(path, from)) {
                moved.put(path, node);
            }
        });
        moved.forEach((path, node) -> {
            filesystem.nodes.remove(path);
            filesystem.nodes.put(to + path.substring(from.length()), node);
        });
    }

    private void checkDirectory(String call, String path, long uid) {
        String parent = PathStrings.parent(path);
        Node directory = find(parent).orElseThrow(() -> new Refused(call, path, "ENOENT"));
        boolean allowed = uid == 0 || directory.uid() == uid || (directory.mode() & 02) != 0;
        if (!allowed) {
            throw new Refused(call, path, "EACCES");
        }
        checkWritable(call, path);
    }

    private void checkWritable(String call, String path) {
        if (readOnly && filesystem(path) == layer) {
            throw new Refused(call, path, "EROFS");
        }
    }

    /// Adds what an engine and a watch report of this container.
    ///
    /// @param watched whether it was watched from its start
    void describe(ContainerFixture fixture, boolean watched) {
        image.forEach((path, node) -> {
            if (node.directory()) {
                fixture.directory(path, node.mode(), node.uid(), node.uid());
            } else {
                fixture.file(path, node.bytes());
            }
        });
        layer.nodes.forEach((path, node) -> {
            Node before = image.get(path);
            String next = layer.nodes.higherKey(path + "/");
            boolean isParent = next != null && next.startsWith(path + "/");
            if (before == null && !mountPoints.contains(path)) {
                if (node.directory()) {
                    if (!isParent) {
                        fixture.added(path, FileType.DIRECTORY, node.uid(), 0);
                    }
                    fixture.addedAs(path, node.mode(), node.uid());
                } else {
                    fixture.added(path, FileType.REGULAR, node.uid(), node.bytes());
                }
            } else if (before != null && !before.equals(node) && !node.directory()) {
                fixture.changed(path);
            }
        });
        touched.stream().filter(path -> filesystem(path) == layer).forEach(fixture::touched);
        mounts.forEach((path, mounted) -> {
            boolean tmpfs = provisions.get(path) instanceof Tmpfs;
            fixture.mount(
                    tmpfs ? MountKind.TMPFS : MountKind.VOLUME, "data" + path.hashCode(), path);
        });
        if (watched) {
            writes.forEach((path, times) ->
                    fixture.wrote("svc", path, sizes.getOrDefault(path, 0L), false));
        }
    }
}

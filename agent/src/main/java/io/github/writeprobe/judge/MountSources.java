package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The host paths that each mount shows: as declared, and as the kernel reports them.
///
/// The two differ if the source is a symbolic link, or a volume whose options make it a bind. If
/// the kernel was not probed, only the container's own mount table is available. Its paths begin at
/// the root of a filesystem. For one filesystem, its place on the host is known: the one with the
/// data root, from which the engine binds its own files into every container with a network.
final class MountSources {
    private static final Pattern ENGINE_FILE =
            Pattern.compile("(.*)/containers/[^/]+/(hosts|hostname|resolv\\.conf)");
    private static final Pattern VOLUME = Pattern.compile(".*/volumes/[^/]+/_data(/.*)?");
    private static final String KUBELET = "/var/lib/kubelet";
    private static final String DEFAULT_DATA_ROOT = "/var/lib/docker";

    private final Container container;
    private final KernelFacts facts;
    private final OwnPodVolumes kubelet;
    private final SensitivePaths sensitive;
    private final Optional<DataRoot> dataRoot;

    MountSources(Container container, MountTable table, KernelFacts facts, OwnPodVolumes kubelet) {
        this.container = container;
        this.facts = facts;
        this.kubelet = kubelet;
        this.sensitive = new SensitivePaths(container);
        String declaredRoot = container.engineFiles().dataRoot();
        this.dataRoot =
                Stream.of("/etc/hosts", "/etc/resolv.conf", "/etc/hostname")
                        .flatMap(path -> table.mountAt(path).stream())
                        .flatMap(e ->
                                DataRoot.of(
                                        e,
                                        declaredRoot.isEmpty() ? DEFAULT_DATA_ROOT : declaredRoot))
                        .findFirst();
    }

    /// @param entry the mount table's entry for the declared mount
    HostPathsOfMount of(DeclaredMount declared, Optional<MountEntry> entry) {
        return switch (declared.kind()) {
            case BIND ->
                    shownPaths(
                            entry,
                            Stream.concat(
                                    // The engine may not say it.
                                    Stream.of(SensitivePaths.normalise(declared.source()))
                                            .filter(source -> !source.isEmpty()),
                                    hostPaths(entry).stream()));
            case VOLUME ->
                    shownPaths(
                            entry,
                            entry.filter(MountSources::isImageVolume).isPresent()
                                    ? withoutImageVolumes(hostPaths(entry))
                                    : hostPaths(entry).stream());
            case ROOTFS, TMPFS, ENGINE, UNDECLARED -> HostPathsOfMount.NOTHING;
        };
    }

    /// The host paths of an undeclared mount, such as one below a bind.
    HostPathsOfMount of(MountEntry entry) {
        return shownPaths(
                Optional.of(entry), facts.hostPaths().getOrDefault(entry.id(), List.of()).stream());
    }

    private HostPathsOfMount shownPaths(Optional<MountEntry> entry, Stream<String> candidates) {
        List<String> all = candidates.distinct().toList();
        // The kubelet may have mounted the same volume for all pods too, at another path.
        boolean ownedByPod = all.stream().anyMatch(kubelet::isOwnedByPod);
        List<String> paths =
                all.stream()
                        .filter(path -> !(ownedByPod && MountTable.isAtOrBelow(path, KUBELET)))
                        .toList();
        return new HostPathsOfMount(
                paths,
                paths.stream().filter(sensitive::contains).findFirst(),
                entry.flatMap(this::engineSocketOf)
                        .or(() -> paths.stream().filter(sensitive::isEngineSocket).findFirst()));
    }

    /// The engine's socket that the kernel reports for a mount. The agent's configured socket may
    /// be that of a proxy, so it does not count in the agent's own container.
    private Optional<String> engineSocketOf(MountEntry entry) {
        Optional<String> engineSocket = Optional.ofNullable(facts.engineSockets().get(entry.id()));
        return engineSocket.isPresent() || container.self()
                ? engineSocket
                : Optional.ofNullable(facts.configuredSockets().get(entry.id()));
    }

    private List<String> hostPaths(Optional<MountEntry> entry) {
        List<String> paths =
                entry.map(e -> facts.hostPaths().getOrDefault(e.id(), List.of())).orElse(List.of());
        return paths.isEmpty()
                ? entry.flatMap(this::hostPathFromTable).map(List::of).orElse(List.of())
                : paths;
    }

    private Optional<String> hostPathFromTable(MountEntry entry) {
        Optional<String> path = dataRoot.flatMap(d -> d.toHostPath(entry));
        return path.isPresent() || !entry.root().endsWith(".sock")
                ? path
                : Optional.of(entry.root());
    }

    /// Whether it may be a mount of type `image`: the engine mounts an overlay of the image's
    /// layers in its data root.
    private static boolean isImageVolume(MountEntry entry) {
        return entry.filesystem().equals("overlay") && entry.root().equals("/");
    }

    private static Stream<String> withoutImageVolumes(List<String> paths) {
        return paths.stream().anyMatch(p -> VOLUME.matcher(p).matches())
                ? paths.stream()
                : Stream.empty();
    }

    /// Where the filesystem with the engine's data root is mounted on the host.
    ///
    /// @param root the data root's path in its filesystem
    /// @param path the data root's path on the host
    private record DataRoot(String device, String root, String path) {
        static Stream<DataRoot> of(MountEntry engineMount, String path) {
            Matcher file = ENGINE_FILE.matcher(engineMount.root());
            return file.matches() && (path.endsWith(file.group(1)) || file.group(1).endsWith(path))
                    ? Stream.of(new DataRoot(engineMount.device(), file.group(1), path))
                    : Stream.empty();
        }

        Optional<String> toHostPath(MountEntry entry) {
            if (!entry.device().equals(device)) {
                return Optional.empty();
            }
            if (path.endsWith(root)) {
                String mountPoint = path.substring(0, path.length() - root.length());
                return Optional.of(
                        entry.root().equals("/") && !mountPoint.isEmpty()
                                ? mountPoint
                                : mountPoint + entry.root());
            }
            // On btrfs, the paths in the filesystem begin with the subvolume.
            String subvolume = root.substring(0, root.length() - path.length());
            return Optional.of(entry.root())
                    .filter(r -> MountTable.isAtOrBelow(r, subvolume))
                    .map(r -> r.equals(subvolume) ? "/" : r.substring(subvolume.length()));
        }
    }
}

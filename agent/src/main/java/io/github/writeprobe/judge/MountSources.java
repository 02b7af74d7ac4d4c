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

/// What of the host each mount shows: as declared, and as the kernel has it.
///
/// They differ where the source is a symbolic link, or a volume that is a bind in disguise. Where
/// the kernel was not asked, the container's own mount table has to do, whose paths count from the
/// root of a filesystem. Of one filesystem that is known on the host: the one with the data-root,
/// from which the engine binds files of its own into every container with a network.
final class MountSources {
    private static final Pattern ENGINE_FILE =
            Pattern.compile("(.*)/containers/[^/]+/(hosts|hostname|resolv\\.conf)");
    private static final Pattern VOLUME = Pattern.compile(".*/volumes/[^/]+/_data(/.*)?");
    private static final String KUBELET = "/var/lib/kubelet";
    private static final String DEFAULT_DATA_ROOT = "/var/lib/docker";

    private final Container container;
    private final KernelFacts facts;
    private final KubeletMounts kubelet;
    private final SensitivePaths sensitive;
    private final Optional<DataRoot> dataRoot;

    MountSources(Container container, MountTable table, KernelFacts facts, KubeletMounts kubelet) {
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

    /// @param entry of the mount table for the declared mount
    ShownHostPaths of(DeclaredMount declared, Optional<MountEntry> entry) {
        return switch (declared.kind()) {
            case BIND ->
                    shownPaths(
                            entry,
                            Stream.concat(
                                    Stream.of(SensitivePaths.normalise(declared.source())),
                                    hostPaths(entry).stream()));
            case VOLUME ->
                    shownPaths(
                            entry,
                            entry.filter(MountSources::isImageVolume).isPresent()
                                    ? withoutImageVolumes(hostPaths(entry))
                                    : hostPaths(entry).stream());
            case ROOTFS, TMPFS, ENGINE, UNDECLARED -> ShownHostPaths.NOTHING;
        };
    }

    /// Of a mount that is declared nowhere, such as one that came along below a bind.
    ShownHostPaths of(MountEntry entry) {
        return shownPaths(
                Optional.of(entry), facts.hostPaths().getOrDefault(entry.id(), List.of()).stream());
    }

    private ShownHostPaths shownPaths(Optional<MountEntry> entry, Stream<String> candidates) {
        List<String> all = candidates.distinct().toList();
        // What is the pod's own may be mounted a second time, where the kubelet keeps it for all.
        boolean ownedByPod = all.stream().anyMatch(kubelet::isOwnedByPod);
        List<String> paths =
                all.stream()
                        .filter(path -> !(ownedByPod && MountTable.isAtOrBelow(path, KUBELET)))
                        .toList();
        return new ShownHostPaths(
                paths,
                paths.stream().filter(sensitive::contains).findFirst(),
                entry.flatMap(this::engineSocketOf)
                        .or(() -> paths.stream().filter(sensitive::isEngineSocket).findFirst()));
    }

    /// A socket that the kernel knows. The one that this process itself asks may be a proxy's, and
    /// is its own business.
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

    /// Whether it may be a volume of type `image`: a layer of its own over an image's, which the
    /// engine mounts in its data-root and nowhere else.
    private static boolean isImageVolume(MountEntry entry) {
        return entry.filesystem().equals("overlay") && entry.root().equals("/");
    }

    private static Stream<String> withoutImageVolumes(List<String> paths) {
        return paths.stream().anyMatch(p -> VOLUME.matcher(p).matches())
                ? paths.stream()
                : Stream.empty();
    }

    /// Where the data-root's filesystem is on the host.
    ///
    /// @param root of the data-root, in its filesystem
    /// @param path of the data-root, on the host
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
            // A subvolume of btrfs, which the paths of its filesystem begin with.
            String subvolume = root.substring(0, root.length() - path.length());
            return Optional.of(entry.root())
                    .filter(r -> MountTable.isAtOrBelow(r, subvolume))
                    .map(r -> r.equals(subvolume) ? "/" : r.substring(subvolume.length()));
        }
    }
}

package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.EngineScheme;
import io.github.writeprobe.probes.EngineSocketNames;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Host paths that give control of the host to a process that can write them: those of CIS Docker
/// Benchmark 5.5, and the engine's own files, wherever the engine keeps them.
final class SensitivePaths {
    /// Sensitive with everything below them. Their parent directories are sensitive too, but not
    /// everything below those.
    private static final List<String> SENSITIVE_TREES =
            List.of(
                    "/boot",
                    "/etc",
                    "/bin",
                    "/sbin",
                    "/lib",
                    "/lib32",
                    "/lib64",
                    "/usr",
                    "/proc",
                    "/sys",
                    "/root/.ssh",
                    "/var/spool/cron",
                    "/var/lib/containerd",
                    "/var/lib/kubelet");

    /// The usual data roots, of Docker and of Podman. Another engine than the one that writeprobe
    /// uses may run on the host.
    private static final List<String> DATA_ROOTS =
            List.of("/var/lib/docker", "/var/lib/containers/storage");

    /// Only the whole directory is sensitive: what is below it often belongs to a service.
    private static final Set<String> SENSITIVE_DIRECTORIES = Set.of("/", "/dev", "/home", "/run");

    /// What an engine has in a data root, except volumes: the root filesystems of containers, image
    /// layers, and metadata of both. See dockerd(8) and containers-storage.conf(5).
    private static final Set<String> ENGINE_DIRECTORIES =
            Set.of(
                    "aufs",
                    "btrfs",
                    "builder",
                    "buildkit",
                    "containerd",
                    "containers",
                    "devicemapper",
                    "fuse-overlayfs",
                    "image",
                    "libpod",
                    "network",
                    "overlay",
                    "overlay-containers",
                    "overlay-images",
                    "overlay-layers",
                    "overlay2",
                    "rootfs",
                    "runtimes",
                    "secrets",
                    "swarm",
                    "trust",
                    "vfs",
                    "vfs-containers",
                    "vfs-images",
                    "vfs-layers",
                    "zfs");

    /// The directory of a volume in the data root. `_data` in it is the volume's content. Other
    /// files there tell the engine what to mount.
    private static final Pattern VOLUMES = Pattern.compile("/volumes(/[^/]+)?");

    /// Programs that the engine unpacks and runs, such as plugins, which run as root. The mounts
    /// that a plugin makes for containers are not included.
    private static final Pattern ENGINE_EXECUTABLES =
            Pattern.compile("/tmp|/plugins(/[^/]+(/(rootfs|config\\.json)(/.*)?)?)?");

    private static final Set<String> SOCKET_DIRECTORIES =
            Stream.concat(
                            Stream.of("/", "/run", "/var", "/run/containerd/s", "/run/k3s"),
                            EngineSocketNames.DIRECTORIES.stream().map(d -> "/run/" + d))
                    .collect(Collectors.toUnmodifiableSet());

    /// An agent in a container may reach a socket of the host through the host's first process.
    private static final String HOST_ROOT = "/proc/1/root";

    private final String dataRoot;
    private final String execRoot;
    private final Optional<String> agentSocket;

    SensitivePaths(Container container) {
        dataRoot = normalise(container.engineFiles().dataRoot());
        execRoot = normalise(container.engineFiles().execRoot());
        // In the agent's own container this socket may be that of a proxy.
        agentSocket =
                EngineScheme.socket(container.engine())
                        .filter(path -> path.startsWith("/") && !container.self())
                        .map(SensitivePaths::onHost)
                        .map(SensitivePaths::normalise);
    }

    private static String onHost(String path) {
        return path.startsWith(HOST_ROOT + "/") ? path.substring(HOST_ROOT.length()) : path;
    }

    /// A host path without `.`, `..` and repeated slashes. `/var/run` becomes `/run`, the target of
    /// that link.
    static String normalise(String path) {
        if (!path.startsWith("/")) {
            return path;
        }
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        String normalisedPath = "/" + String.join("/", names);
        return MountTable.isAtOrBelow(normalisedPath, "/var/run")
                ? normalisedPath.substring("/var".length())
                : normalisedPath;
    }

    boolean contains(String path) {
        return SENSITIVE_DIRECTORIES.contains(path)
                || SENSITIVE_TREES.stream()
                        .anyMatch(t ->
                                MountTable.isAtOrBelow(path, t) || MountTable.isAtOrBelow(t, path))
                || (!dataRoot.isEmpty() && isEnginePath(path, dataRoot))
                || DATA_ROOTS.stream().anyMatch(root -> isEnginePath(path, root));
    }

    private static boolean isEnginePath(String path, String dataRoot) {
        if (MountTable.isAtOrBelow(dataRoot, path)) {
            return true;
        }
        if (!MountTable.isAtOrBelow(path, dataRoot)) {
            return false;
        }
        String below = path.substring(dataRoot.length());
        int end = below.indexOf('/', 1);
        return ENGINE_DIRECTORIES.contains(below.substring(1, end < 0 ? below.length() : end))
                || VOLUMES.matcher(below).matches()
                || ENGINE_EXECUTABLES.matcher(below).matches();
    }

    /// Whether it is an engine's socket, or a directory in which engines create their sockets. Both
    /// give access to the engine, and mounting them read-only does not prevent that.
    boolean isEngineSocket(String path) {
        return EngineSocketNames.NAMES.contains(path.substring(path.lastIndexOf('/') + 1))
                || SOCKET_DIRECTORIES.contains(path)
                || (!execRoot.isEmpty() && MountTable.isAtOrBelow(execRoot + "/containerd", path))
                || agentSocket.filter(socket -> MountTable.isAtOrBelow(socket, path)).isPresent();
    }
}

package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Paths of the host that give power over it to whoever can write them: CIS Docker Benchmark 5.5,
/// and the engine's own, wherever it keeps them.
final class SensitivePaths {
    /// Sensitive with all that lies below, and so is what they lie in, as a whole.
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
                    "/var/lib/docker/containers",
                    "/var/lib/docker/overlay2",
                    "/var/lib/kubelet");

    /// Sensitive as a whole; what lies below is often a service's own.
    private static final Set<String> SENSITIVE_DIRECTORIES = Set.of("/", "/dev", "/home", "/run");

    /// What an engine keeps in its data-root besides volumes: the root filesystems of containers,
    /// layers of images, and what it believes of both. dockerd(8) and containers-storage.conf(5).
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

    /// A volume as the engine keeps it. Its content is the containers'; what lies beside that is
    /// the engine's, and tells it what to mount.
    private static final Pattern VOLUMES = Pattern.compile("/volumes(/[^/]+)?");

    /// What the engine unpacks and runs, plugins as root among it. What a plugin passes on to
    /// containers, and what is mounted for one of them, is theirs.
    private static final Pattern ENGINE_EXECUTABLES =
            Pattern.compile("/tmp|/plugins(/[^/]+(/(rootfs|config\\.json)(/.*)?)?)?");

    private static final Set<String> SOCKETS =
            Set.of(
                    "docker.sock",
                    "podman.sock",
                    "containerd.sock",
                    "crio.sock",
                    "dockershim.sock",
                    "cri-dockerd.sock",
                    "buildkitd.sock");

    private static final Set<String> SOCKET_DIRECTORIES =
            Set.of(
                    "/",
                    "/run",
                    "/var",
                    "/run/buildkit",
                    "/run/containerd",
                    "/run/containerd/s",
                    "/run/crio",
                    "/run/docker",
                    "/run/docker/containerd",
                    "/run/k3s",
                    "/run/k3s/containerd",
                    "/run/podman");

    private static final String UNIX = "unix://";

    private final String dataRoot;
    private final String execRoot;
    private final Optional<String> agentSocket;

    SensitivePaths(Container container) {
        dataRoot = normalise(container.engineFiles().dataRoot());
        execRoot = normalise(container.engineFiles().execRoot());
        // The agent's own socket may be a proxy's.
        agentSocket =
                Optional.of(container.engine())
                        .filter(host -> host.startsWith(UNIX) && !container.self())
                        .map(host -> normalise(host.substring(UNIX.length())));
    }

    /// A path of the host without what leads nowhere, and by the name that `/var/run` is a link to.
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
                || isEnginePath(path);
    }

    private boolean isEnginePath(String path) {
        if (dataRoot.isEmpty()) {
            return false;
        }
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

    /// Whether it is an engine's socket, or a directory in which engines put theirs. A directory of
    /// sockets is as good as the socket, and neither is taken away by mounting it read-only.
    boolean isEngineSocket(String path) {
        return SOCKETS.contains(path.substring(path.lastIndexOf('/') + 1))
                || SOCKET_DIRECTORIES.contains(path)
                || (!execRoot.isEmpty() && MountTable.isAtOrBelow(execRoot + "/containerd", path))
                || agentSocket.filter(socket -> MountTable.isAtOrBelow(socket, path)).isPresent();
    }
}

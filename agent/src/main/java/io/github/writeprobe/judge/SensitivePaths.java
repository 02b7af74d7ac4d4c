package io.github.writeprobe.judge;

import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Set;

/// Paths of the host that give power over it to whoever can write them: CIS Docker Benchmark 5.5,
/// and the engine's own.
final class SensitivePaths {
    /// Sensitive with all that lies below.
    private static final List<String> TREES =
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
    private static final Set<String> WHOLES =
            Set.of(
                    "/",
                    "/dev",
                    "/root",
                    "/home",
                    "/run",
                    "/var",
                    "/var/run",
                    "/var/lib",
                    "/var/lib/docker");

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
                    "/var/run",
                    "/run/docker",
                    "/run/containerd",
                    "/run/podman",
                    "/run/crio");

    private SensitivePaths() {}

    static boolean contains(String source) {
        return WHOLES.contains(source)
                || TREES.stream().anyMatch(t -> MountTable.isAtOrBelow(source, t));
    }

    /// Whether it is an engine's socket, or a directory in which engines put theirs. A directory of
    /// sockets is as good as the socket, and neither is taken away by mounting it read-only.
    static boolean engineSocket(String source) {
        return SOCKETS.contains(source.substring(source.lastIndexOf('/') + 1))
                || SOCKET_DIRECTORIES.contains(source);
    }
}

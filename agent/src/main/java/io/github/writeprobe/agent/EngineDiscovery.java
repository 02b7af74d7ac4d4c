package io.github.writeprobe.agent;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.EngineScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the engines of this host at their usual sockets. No call is made, so a runtime's libraries
/// are not loaded to find out that there is none.
///
/// @param root of the file system
/// @param prefix of the sockets' paths in the hosts; empty for this process's own root
record EngineDiscovery(Path root, String prefix) {
    private static final List<String> DOCKER_SOCKETS =
            List.of("/var/run/docker.sock", "/run/podman/podman.sock");

    /// Of containerd, and of distributions that bring their own.
    private static final List<String> CONTAINERD_SOCKETS =
            List.of(
                    "/run/containerd/containerd.sock",
                    "/run/k3s/containerd/containerd.sock",
                    "/run/k0s/containerd.sock",
                    "/var/snap/microk8s/common/run/containerd.sock");

    private static final String CRIO_SOCKET = "/run/crio/crio.sock";

    /// What containerd makes beside its socket for the first container of a pod.
    private static final String PODS = "io.containerd.runtime.v2.task/k8s.io";

    /// The paths of all sockets that are tried.
    static List<String> sockets() {
        return Stream.of(DOCKER_SOCKETS, CONTAINERD_SOCKETS, List.of(CRIO_SOCKET))
                .flatMap(List::stream)
                .toList();
    }

    EngineDiscovery {
        requireNonNull(root);
        requireNonNull(prefix);
    }

    static EngineDiscovery ofThisRoot() {
        return new EngineDiscovery(Path.of("/"), "");
    }

    /// @param root the root directory of the machine that runs this process's container
    static EngineDiscovery below(Path root) {
        return new EngineDiscovery(root, root.toString());
    }

    /// The hosts of the engines, each once.
    ///
    /// Docker runs its containers in a containerd, too, and that one may serve no CRI. So beside
    /// another engine, a containerd counts if it has run pods. cri-dockerd's socket does not count:
    /// its containers are Docker's.
    ///
    /// @return empty if there is none, or only Docker at this root's default socket
    List<String> hosts() {
        List<String> hosts = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        add(hosts, seen, EngineScheme.UNIX, DOCKER_SOCKETS);
        add(hosts, seen, EngineScheme.CRI, List.of(CRIO_SOCKET));
        boolean alone = hosts.isEmpty();
        add(
                hosts,
                seen,
                EngineScheme.CRI,
                CONTAINERD_SOCKETS.stream().filter(socket -> alone || hasPods(socket)).toList());
        return hosts.equals(List.of(EngineScheme.UNIX.host(DOCKER_SOCKETS.getFirst())))
                ? List.of()
                : List.copyOf(hosts);
    }

    private void add(
            List<String> hosts, Set<Path> seen, EngineScheme scheme, List<String> sockets) {
        for (String socket : sockets) {
            Path path = in(socket);
            // A user who may use one engine need not be allowed to use the others.
            if (Files.isWritable(path) && seen.add(resolved(path))) {
                hosts.add(scheme.host(prefix + path(socket)));
            }
        }
    }

    private boolean hasPods(String socket) {
        return Files.isDirectory(in(socket).resolveSibling(PODS));
    }

    private Path in(String socket) {
        return root.resolve(path(socket).substring(1));
    }

    /// `/var/run` is a link to `/run`, which would lead out of another root.
    private String path(String socket) {
        return prefix.isEmpty() ? socket : socket.replaceFirst("^/var/run/", "/run/");
    }

    /// The package podman-docker links Docker's socket to Podman's.
    private static Path resolved(Path socket) {
        try {
            return socket.toRealPath();
        } catch (IOException e) {
            return socket;
        }
    }
}

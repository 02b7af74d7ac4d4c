package io.github.writeprobe.probes;

import java.util.List;
import java.util.Set;

/// The usual names and places of the sockets that engines listen on.
public final class EngineSocketNames {
    public static final Set<String> NAMES =
            Set.of(
                    "docker.sock",
                    "podman.sock",
                    "containerd.sock",
                    "crio.sock",
                    "dockershim.sock",
                    "cri-dockerd.sock",
                    "buildkitd.sock");

    /// The directories below `/run`, or below a mount of the host, in which engines put their
    /// sockets.
    public static final List<String> DIRECTORIES =
            List.of(
                    "docker",
                    "containerd",
                    "docker/containerd",
                    "podman",
                    "crio",
                    "buildkit",
                    "k3s/containerd",
                    "k0s",
                    "run");

    private EngineSocketNames() {}
}

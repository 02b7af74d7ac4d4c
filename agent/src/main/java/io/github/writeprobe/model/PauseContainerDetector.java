package io.github.writeprobe.model;

import java.util.Map;

/// Identifies the pause container of a Kubernetes pod, which only keeps the pod's namespaces open.
///
/// cri-dockerd sets the label, names the container `k8s_POD_…`, and mounts nothing in it. Every
/// user who may start containers can do the same. So all conditions are required: a container with
/// a bind or a volume is never excluded. A container that has a power must not be excluded either;
/// the caller checks that.
public final class PauseContainerDetector {
    public static final String LABEL = "io.kubernetes.docker.type";
    private static final String PREFIX = "k8s_POD_";

    private PauseContainerDetector() {}

    /// @param hasMounts whether the container has a volume or a bind
    public static boolean matches(String name, Map<String, String> labels, boolean hasMounts) {
        return !hasMounts && "podsandbox".equals(labels.get(LABEL)) && name.startsWith(PREFIX);
    }
}

package io.github.writeprobe.model;

import java.util.Map;

/// How the pause container of a Kubernetes pod is known, which does nothing but hold the pod's
/// namespaces.
///
/// cri-dockerd writes the label, names it `k8s_POD_…`, and mounts nothing in it. Whoever may start
/// containers can do the same, so all three have to be there: a container that reaches a file of
/// the host or a volume is never taken for one. Nor is one that was given any power, which who asks
/// the engine has to see to.
public final class PodSandbox {
    public static final String LABEL = "io.kubernetes.docker.type";
    private static final String PREFIX = "k8s_POD_";

    private PodSandbox() {}

    /// @param hasMounts whether a volume or a bind is mounted in it
    public static boolean matches(String name, Map<String, String> labels, boolean hasMounts) {
        return "podsandbox".equals(labels.get(LABEL)) && name.startsWith(PREFIX) && !hasMounts;
    }
}

package io.github.writeprobe.model;

import java.util.Map;
import java.util.regex.Pattern;

/// Identifies the pause container of a pod, which only keeps the pod's namespaces open.
///
/// cri-dockerd sets the label, names the container `k8s_POD_…`, and mounts nothing in it. Podman
/// calls it an infra container, and names it by the pod's id. Every user who may start containers
/// can do the same. So all conditions are required: a container with a bind or a volume is never
/// excluded. A container that has a power must not be excluded either; the caller checks that.
public final class PodSandboxCheck {
    public static final String LABEL = "io.kubernetes.docker.type";
    private static final String PREFIX = "k8s_POD_";
    private static final Pattern INFRA_NAME = Pattern.compile("[0-9a-f]{12}-infra");

    private PodSandboxCheck() {}

    /// @param hasMounts whether the container has a volume or a bind
    public static boolean matches(String name, Map<String, String> labels, boolean hasMounts) {
        return !hasMounts && (isKubernetesPause(name, labels) || hasInfraName(name));
    }

    private static boolean isKubernetesPause(String name, Map<String, String> labels) {
        return "podsandbox".equals(labels.get(LABEL)) && name.startsWith(PREFIX);
    }

    /// Whether it has the name of an infra container of Podman. The caller checks that it is one.
    public static boolean hasInfraName(String name) {
        return INFRA_NAME.matcher(name).matches();
    }
}

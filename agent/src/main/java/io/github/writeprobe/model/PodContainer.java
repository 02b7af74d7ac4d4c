package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/// A container of a pod, by the names that Kubernetes gives it.
///
/// Labels alone do not prove that it is in a pod: an image can have the same labels. The name of
/// the container does, because an image cannot set it.
///
/// @param container its name in the pod
public record PodContainer(String namespace, String pod, String uid, String container) {
    public PodContainer {
        requireNonNull(namespace);
        requireNonNull(pod);
        requireNonNull(uid);
        requireNonNull(container);
    }

    /// @param name of the container, as its engine reports it
    /// @return empty if the container is in no pod
    static Optional<PodContainer> of(String name, Map<String, String> labels) {
        PodContainer labelled =
                new PodContainer(
                        labels.getOrDefault("io.kubernetes.pod.namespace", ""),
                        labels.getOrDefault("io.kubernetes.pod.name", ""),
                        labels.getOrDefault("io.kubernetes.pod.uid", ""),
                        labels.getOrDefault("io.kubernetes.container.name", ""));
        return Optional.of(labelled).filter(p -> p.isNamed(name));
    }

    private boolean isNamed(String name) {
        return !pod.isEmpty()
                && !container.isEmpty()
                && (name.equals(String.join("/", namespace, pod, container))
                        || name.startsWith(
                                String.join("_", "k8s", container, pod, namespace, uid, "")));
    }
}

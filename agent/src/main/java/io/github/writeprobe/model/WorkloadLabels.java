package io.github.writeprobe.model;

import java.util.Map;

/// The workload that a container belongs to, according to its orchestrator's labels. A text is
/// empty if the label is missing.
public record WorkloadLabels(
        String composeProject,
        String composeService,
        String swarmService,
        String pod,
        String namespace,
        String kubernetesContainer,
        String ecsFamily,
        String ecsContainer) {

    /// Reads the labels that Compose, Swarm, cri-dockerd and the ECS agent write.
    static WorkloadLabels of(Map<String, String> labels) {
        return new WorkloadLabels(
                labels.getOrDefault("com.docker.compose.project", ""),
                labels.getOrDefault("com.docker.compose.service", ""),
                labels.getOrDefault("com.docker.swarm.service.name", ""),
                labels.getOrDefault("io.kubernetes.pod.name", ""),
                labels.getOrDefault("io.kubernetes.pod.namespace", ""),
                labels.getOrDefault("io.kubernetes.container.name", ""),
                labels.getOrDefault("com.amazonaws.ecs.task-definition-family", ""),
                labels.getOrDefault("com.amazonaws.ecs.container-name", ""));
    }

    /// `NAMESPACE/POD/CONTAINER`, the name on Kubernetes. It is no name of a container outside of a
    /// pod.
    public String podContainer() {
        return namespace + "/" + pod + "/" + kubernetesContainer;
    }
}

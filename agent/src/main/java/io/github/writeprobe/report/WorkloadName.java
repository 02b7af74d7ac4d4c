package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.text.UntrustedText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The stable name of the workload that a container belongs to. The names of Swarm tasks and of
/// containers in pods are not stable: they contain random characters.
///
/// @param names from the general to the specific
/// @param instance the container's own name among several, if it is stable
record WorkloadName(List<String> names, Optional<String> instance) {
    private static final int MAX_SEGMENT_WIDTH = 100;

    WorkloadName {
        requireNonNull(names);
        names = List.copyOf(names);
        requireNonNull(instance);
    }

    static WorkloadName of(Container container) {
        WorkloadLabels workload = container.workload();
        if (!workload.composeProject().isEmpty() && !workload.composeService().isEmpty()) {
            return new WorkloadName(
                    List.of(workload.composeProject(), workload.composeService()),
                    Optional.of(container.name()));
        }
        if (!workload.swarmService().isEmpty()) {
            return new WorkloadName(List.of(workload.swarmService()), Optional.empty());
        }
        if (!workload.namespace().isEmpty() && !workload.kubernetesContainer().isEmpty()) {
            return new WorkloadName(
                    List.of(workload.namespace(), workload.kubernetesContainer()),
                    Optional.empty());
        }
        return new WorkloadName(List.of(container.name()), Optional.empty());
    }

    /// A relative URI that stays below its base, whatever the names are.
    String uri() {
        return names.stream().map(WorkloadName::segment).collect(Collectors.joining("/"));
    }

    private static String segment(String name) {
        // A reader that decodes the URI too early must not find more segments in it.
        String plain =
                UntrustedText.clip(name, MAX_SEGMENT_WIDTH).replace('/', '_').replace('\\', '_');
        if (plain.isEmpty() || plain.equals(".") || plain.equals("..")) {
            return "_" + plain;
        }
        return URLEncoder.encode(plain, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}

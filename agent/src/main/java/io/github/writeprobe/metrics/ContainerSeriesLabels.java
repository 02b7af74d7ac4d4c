package io.github.writeprobe.metrics;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.PodContainer;
import io.github.writeprobe.model.Report;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The labels that every series of a container has, named as in kube-state-metrics.
///
/// Prometheus rejects a whole scrape with two series of the same labels. The id makes them unique:
/// engines may have containers of the same name, and whoever creates a container chooses its name.
final class ContainerSeriesLabels {
    static final List<String> NAMES = List.of("container", "id", "namespace", "pod", "uid");

    private final Set<String> ambiguousIds = new HashSet<>();

    /// Whether any container is in a pod. If none is, the labels of pods are left out, because they
    /// would be empty in every series. On a node they are in every series: an absent label could
    /// get its value from the agent's own pod, by `honor_labels`.
    private boolean hasPods;

    ContainerSeriesLabels(Report report) {
        Set<String> ids = new HashSet<>();
        for (ContainerReport container : report.containers()) {
            String id = container.container().shortId();
            if (!ids.add(id)) {
                ambiguousIds.add(id);
            }
            hasPods |= container.container().inPod().isPresent();
        }
    }

    Labels of(Container container) {
        Optional<PodContainer> inPod = container.inPod();
        String name = inPod.map(PodContainer::container).orElse(container.name());
        String id =
                ambiguousIds.contains(container.shortId()) ? container.id() : container.shortId();
        List<String> values =
                hasPods
                        ? List.of(
                                name,
                                id,
                                inPod.map(PodContainer::namespace).orElse(""),
                                inPod.map(PodContainer::pod).orElse(""),
                                inPod.map(PodContainer::uid).orElse(""))
                        : List.of(name, id);
        return Labels.of(
                NAMES.subList(0, values.size()),
                values.stream().map(SampleSet::truncated).toList());
    }
}

package io.github.writeprobe.report.html;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.text.UntrustedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Containers that belong together: those of a Compose project, a Swarm service or a Kubernetes
/// namespace, or all containers without one.
///
/// @param kind the kind of group, such as `Compose project`
/// @param name empty for the group of containers without a project
public record ContainerGroupView(String kind, String name, List<ContainerRowView> rows) {
    private static final int MAX_NAME_WIDTH = 120;

    public ContainerGroupView {
        rows = List.copyOf(rows);
    }

    /// Identifies the group on the page.
    public String key() {
        return kind + " " + name;
    }

    /// The containers with findings of medium severity or worse that are not waived.
    public List<ContainerRowView> rowsWithFindings() {
        return rows.stream().filter(r -> !r.activeFindings().isEmpty()).toList();
    }

    private record Key(String kind, String name) {
        static Key of(ContainerReport container) {
            WorkloadLabels workload = container.container().workload();
            if (!workload.composeProject().isEmpty()) {
                return new Key("Compose project", workload.composeProject());
            }
            if (!workload.swarmService().isEmpty()) {
                return new Key("Swarm service", workload.swarmService());
            }
            if (!workload.namespace().isEmpty()) {
                return new Key("Namespace", workload.namespace());
            }
            return new Key("No project", "");
        }
    }

    /// The groups, in the order of their worst containers.
    static List<ContainerGroupView> of(Report report, PathColumnSelection columns) {
        Map<Key, List<ContainerRowView>> rows = new LinkedHashMap<>();
        List<String> hosts = report.engines().stream().map(e -> e.host()).toList();
        for (ContainerReport container : report.containers()) {
            rows.computeIfAbsent(Key.of(container), k -> new ArrayList<>())
                    .add(ContainerRowView.of(container, anchor(container, hosts), columns));
        }
        return rows.entrySet().stream()
                .map(e ->
                        new ContainerGroupView(
                                e.getKey().kind(),
                                UntrustedText.clip(e.getKey().name(), MAX_NAME_WIDTH),
                                e.getValue()))
                .toList();
    }

    /// An id for the page that stays the same as long as the container exists. It contains the
    /// engine's index, because two engines can have containers with the same id.
    private static String anchor(ContainerReport container, List<String> hosts) {
        String id = container.container().shortId().replaceAll("[^0-9A-Za-z]", "");
        return "c" + hosts.indexOf(container.container().engine()) + "-" + id;
    }
}

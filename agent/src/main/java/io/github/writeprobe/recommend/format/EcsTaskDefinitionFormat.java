package io.github.writeprobe.recommend.format;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A task definition of Amazon ECS: `aws ecs register-task-definition --cli-input-json`.
///
/// The containers of one Compose project, or of one task, become one document. JSON has no
/// comments, so the summary and what is left out are remarks.
public final class EcsTaskDefinitionFormat implements ProposalFormat {
    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        for (EcsTaskDefinitionWriter task : tasks(recommendations)) {
            task.write(out);
        }
        out.flush();
    }

    @Override
    public List<String> remarks(List<Recommendation> recommendations) {
        List<String> remarks = new ArrayList<>();
        for (Recommendation recommendation : recommendations) {
            RecommendationSummary summary = RecommendationSummary.of(recommendation);
            remarks.add(summary.heading());
            summary.lines().forEach(line -> remarks.add("  " + line.first() + line.text()));
        }
        tasks(recommendations)
                .forEach(task -> task.omissions().forEach(what -> remarks.add("  " + what)));
        return remarks;
    }

    private static List<EcsTaskDefinitionWriter> tasks(List<Recommendation> recommendations) {
        return recommendations.stream()
                .collect(groupingBy(EcsTaskDefinitionFormat::family, LinkedHashMap::new, toList()))
                .entrySet()
                .stream()
                .map(task ->
                        new EcsTaskDefinitionWriter(
                                task.getKey(),
                                ServiceProposalItems.of(
                                        task.getValue(),
                                        workload -> "",
                                        EcsTaskDefinitionFormat::containerName,
                                        EcsTaskDefinitionFormat::name)))
                .toList();
    }

    private static String family(Recommendation recommendation) {
        WorkloadLabels workload = recommendation.proposal().subject().container().workload();
        if (!workload.ecsFamily().isEmpty()) {
            return name(workload.ecsFamily());
        }
        return name(
                workload.composeProject().isEmpty()
                        ? recommendation.proposal().subject().container().name()
                        : workload.composeProject());
    }

    private static String containerName(WorkloadLabels workload) {
        return workload.ecsContainer().isEmpty()
                ? workload.composeService()
                : workload.ecsContainer();
    }

    /// Letters, digits, hyphens and underscores, as in the names of families, containers and
    /// volumes.
    static String name(String wanted) {
        String name = wanted.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
        return name.isEmpty() ? "service" : name.substring(0, Math.min(255, name.length()));
    }
}

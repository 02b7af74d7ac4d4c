package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import io.github.writeprobe.recommend.propose.ProposalItemEvidence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// One unit of an output: a service with its containers, or a container without a service.
///
/// @param name unique in the document
/// @param existing whether the orchestrator already has a service with that name
/// @param provisions of all its containers, merged
record ServiceProposalItems(
        String name,
        boolean existing,
        List<Recommendation> recommendations,
        List<ProposalItem> provisions) {
    ServiceProposalItems {
        recommendations = List.copyOf(recommendations);
        provisions = List.copyOf(provisions);
    }

    Container container() {
        return recommendations.getFirst().proposal().subject().container();
    }

    <T extends ProposalItem> List<T> provisionsOf(Class<T> kind) {
        return provisions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// @param group what a service name is unique in, by the orchestrator's labels: a project, a
    ///   namespace, or empty
    /// @param service the name of the service; empty if there is none
    static List<ServiceProposalItems> of(
            List<Recommendation> recommendations,
            Function<WorkloadLabels, String> group,
            Function<WorkloadLabels, String> service,
            Function<String, String> sanitize) {
        Map<List<String>, List<Recommendation>> services = new LinkedHashMap<>();
        for (Recommendation recommendation : recommendations) {
            Container container = recommendation.proposal().subject().container();
            WorkloadLabels workload = container.workload();
            String name = service.apply(workload);
            List<String> key =
                    name.isEmpty()
                            ? List.of("", "", container.id(), container.engine())
                            : List.of(group.apply(workload), name);
            services.computeIfAbsent(key, k -> new ArrayList<>()).add(recommendation);
        }
        Set<String> taken = new LinkedHashSet<>();
        List<ServiceProposalItems> stanzas = new ArrayList<>();
        services.forEach((key, all) -> {
            Container first = all.getFirst().proposal().subject().container();
            String wanted = service.apply(first.workload());
            boolean known = !wanted.isEmpty() && sanitize.apply(wanted).equals(wanted);
            String name = sanitize.apply(wanted.isEmpty() ? first.name() : wanted);
            String unique =
                    Stream.of(name, sanitize.apply(group.apply(first.workload()) + "-" + name))
                            .filter(n -> !n.isEmpty() && !taken.contains(n))
                            .findFirst()
                            .orElse(name + "-" + first.shortId());
            taken.add(unique);
            stanzas.add(
                    new ServiceProposalItems(
                            unique, known && unique.equals(wanted), all, mergedProvisions(all)));
        });
        return stanzas;
    }

    private static List<ProposalItem> mergedProvisions(List<Recommendation> all) {
        Map<String, ProposalItem> byKey = new LinkedHashMap<>();
        all.stream()
                .flatMap(r -> r.proposal().provisions().stream())
                .forEach(p -> byKey.merge(key(p), p, ServiceProposalItems::merge));
        return List.copyOf(byKey.values());
    }

    private static String key(ProposalItem provision) {
        return switch (provision) {
            case Kept kept -> "kept " + kept.mount().destination();
            case Setting setting -> "setting " + setting.variable();
            case Tmpfs tmpfs -> "mount " + tmpfs.path();
            case Volume volume -> "mount " + volume.path();
        };
    }

    /// A provision that works for both containers: a volume instead of a tmpfs, and the larger
    /// size.
    private static ProposalItem merge(ProposalItem one, ProposalItem other) {
        return switch (one) {
            case Kept kept -> kept.used() ? kept : other;
            case Setting setting -> setting;
            case Volume volume -> volume;
            case Tmpfs tmpfs ->
                    other instanceof Tmpfs more
                            ? new Tmpfs(
                                    tmpfs.path(),
                                    Math.max(tmpfs.bytes(), more.bytes()),
                                    tmpfs.mode(),
                                    tmpfs.uid(),
                                    tmpfs.gid(),
                                    tmpfs.execute() || more.execute(),
                                    evidence(tmpfs, more))
                            : other;
        };
    }

    private static List<ProposalItemEvidence> evidence(ProposalItem one, ProposalItem other) {
        return Stream.concat(one.evidence().stream(), other.evidence().stream())
                .distinct()
                .toList();
    }
}

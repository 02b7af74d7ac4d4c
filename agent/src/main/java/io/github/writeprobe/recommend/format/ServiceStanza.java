package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.Workload;
import io.github.writeprobe.recommend.Provision;
import io.github.writeprobe.recommend.Provision.Kept;
import io.github.writeprobe.recommend.Provision.Setting;
import io.github.writeprobe.recommend.Provision.Tmpfs;
import io.github.writeprobe.recommend.Provision.Volume;
import io.github.writeprobe.recommend.ProvisionEvidence;
import io.github.writeprobe.recommend.Recommendation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// What is declared once: a service with its containers, or a container that belongs to none.
///
/// @param name that nothing else in the same document has
/// @param existing whether an orchestrator has it under that name already
/// @param provisions of all its containers together
record ServiceStanza(
        String name,
        boolean existing,
        List<Recommendation> recommendations,
        List<Provision> provisions) {
    ServiceStanza {
        recommendations = List.copyOf(recommendations);
        provisions = List.copyOf(provisions);
    }

    Container container() {
        return recommendations.getFirst().proposal().subject().container();
    }

    <T extends Provision> List<T> provisionsOf(Class<T> kind) {
        return provisions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// @param group what a service's containers have in common, by the orchestrator's labels: a
    ///   project or namespace, or nothing
    /// @param service the name of the service; empty if there is none
    static List<ServiceStanza> of(
            List<Recommendation> recommendations,
            Function<Workload, String> group,
            Function<Workload, String> service,
            Function<String, String> sanitize) {
        Map<List<String>, List<Recommendation>> services = new LinkedHashMap<>();
        for (Recommendation recommendation : recommendations) {
            Container container = recommendation.proposal().subject().container();
            Workload workload = container.workload();
            String name = service.apply(workload);
            List<String> key =
                    name.isEmpty()
                            ? List.of("", "", container.id(), container.engine())
                            : List.of(group.apply(workload), name);
            services.computeIfAbsent(key, k -> new ArrayList<>()).add(recommendation);
        }
        Set<String> taken = new LinkedHashSet<>();
        List<ServiceStanza> stanzas = new ArrayList<>();
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
                    new ServiceStanza(
                            unique, known && unique.equals(wanted), all, mergedProvisions(all)));
        });
        return stanzas;
    }

    private static List<Provision> mergedProvisions(List<Recommendation> all) {
        Map<String, Provision> byKey = new LinkedHashMap<>();
        all.stream()
                .flatMap(r -> r.proposal().provisions().stream())
                .forEach(p -> byKey.merge(key(p), p, ServiceStanza::merge));
        return List.copyOf(byKey.values());
    }

    private static String key(Provision provision) {
        return switch (provision) {
            case Kept kept -> "kept " + kept.mount().destination();
            case Setting setting -> "setting " + setting.variable();
            case Tmpfs tmpfs -> "mount " + tmpfs.path();
            case Volume volume -> "mount " + volume.path();
        };
    }

    /// What serves both of two containers: a volume rather than a tmpfs, and the larger of two.
    private static Provision merge(Provision one, Provision other) {
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

    private static List<ProvisionEvidence> evidence(Provision one, Provision other) {
        return Stream.concat(one.evidence().stream(), other.evidence().stream())
                .distinct()
                .toList();
    }
}

package io.github.writeprobe.cri.inspect;

import io.github.writeprobe.cri.inspect.CriContainerLister.Entry;
import io.github.writeprobe.engine.EngineUnavailable;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/// The filters of a list, as the user gave them. A runtime can only filter by exact labels of a
/// container, and the interesting labels are those of its pod; so they are applied here.
///
/// As with Docker, a container matches if it has all the labels, and one of the values of each
/// other filter.
public final class ContainerFilterMatcher {
    private static final String LABEL = "label";
    private static final Map<String, BiPredicate<Entry, String>> TESTS =
            Map.of(
                    LABEL,
                    (entry, value) -> Pod.hasLabel(entry.labels(), value),
                    "namespace",
                    (entry, value) -> entry.pod().namespace().equals(value),
                    "pod",
                    (entry, value) -> entry.pod().name().equals(value),
                    "name",
                    (entry, value) -> entry.name().contains(value),
                    "id",
                    (entry, value) -> entry.id().startsWith(value),
                    "ancestor",
                    (entry, value) -> entry.image().equals(value),
                    // Only running containers are listed.
                    "status",
                    (entry, value) -> value.equals("running"));

    private final Map<String, List<String>> filters;

    private ContainerFilterMatcher(Map<String, List<String>> filters) {
        this.filters = filters;
    }

    /// @throws EngineUnavailable if there is no such filter
    public static ContainerFilterMatcher of(Map<String, List<String>> filters)
            throws EngineUnavailable {
        for (String key : filters.keySet()) {
            if (!TESTS.containsKey(key)) {
                throw new EngineUnavailable(
                        "there is no filter \""
                                + key
                                + "\" for Kubernetes: use namespace, pod, label, name, id or"
                                + " ancestor");
            }
        }
        return new ContainerFilterMatcher(filters);
    }

    public boolean match(Entry entry) {
        return filters.entrySet().stream()
                .allMatch(filter -> {
                    BiPredicate<Entry, String> test =
                            TESTS.getOrDefault(filter.getKey(), (e, value) -> false);
                    return filter.getKey().equals(LABEL)
                            ? filter.getValue().stream().allMatch(v -> test.test(entry, v))
                            : filter.getValue().stream().anyMatch(v -> test.test(entry, v));
                });
    }
}

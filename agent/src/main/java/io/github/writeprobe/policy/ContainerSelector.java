package io.github.writeprobe.policy;

import io.github.writeprobe.model.Container;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Function;

/// Selects containers: a pattern for each of some fields. All patterns have to match.
///
/// In a pattern, `*` stands for any text, including an empty one, and `?` for one character. Every
/// other character stands for itself.
///
/// @param patterns by field, see [#FIELDS]; `label:KEY` matches the value of a label, and [#SELF]
///   is `true` for the container that this process runs in, and `false` for all others
public record ContainerSelector(Map<String, String> patterns) {
    /// Matches every container.
    public static final ContainerSelector ANY = new ContainerSelector(Map.of());

    /// The only field whose value the user who starts a container cannot choose.
    public static final String SELF = "self";

    /// The fields that can be matched, by their names in the configuration.
    public static final Map<String, Function<Container, String>> FIELDS = fields();

    public ContainerSelector {
        patterns = Map.copyOf(patterns);
    }

    private static Map<String, Function<Container, String>> fields() {
        Map<String, Function<Container, String>> fields = new LinkedHashMap<>();
        fields.put("container", Container::name);
        fields.put("image", Container::image);
        fields.put("compose-project", c -> c.workload().composeProject());
        fields.put("compose-service", c -> c.workload().composeService());
        fields.put("swarm-service", c -> c.workload().swarmService());
        fields.put("namespace", c -> c.workload().namespace());
        fields.put("pod", c -> c.workload().pod());
        fields.put("pod-container", c -> c.workload().kubernetesContainer());
        fields.put("engine", Container::engine);
        fields.put(SELF, c -> Boolean.toString(c.self()));
        return fields;
    }

    public boolean matches(Container container) {
        return patterns.entrySet().stream().allMatch(p -> matches(p, container));
    }

    private static boolean matches(Entry<String, String> pattern, Container container) {
        String key = pattern.getKey();
        if (key.startsWith("label:")) {
            String value = container.labels().get(key.substring("label:".length()));
            return value != null && Glob.matches(pattern.getValue(), value);
        }
        Function<Container, String> field = FIELDS.get(key);
        return field != null && Glob.matches(pattern.getValue(), field.apply(container));
    }
}

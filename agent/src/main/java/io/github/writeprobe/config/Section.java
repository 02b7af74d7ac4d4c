package io.github.writeprobe.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// A mapping of known and unique keys. Others have been recorded as mistakes.
///
/// @param mappingValue the mapping itself
record Section(
        ConfigurationValue mappingValue,
        List<String> known,
        Map<String, ConfigurationValue> values) {
    static Section of(
            ConfigurationValue mappingValue,
            MappingNode mapping,
            List<String> known,
            Predicate<String> alsoAllowed) {
        Map<String, ConfigurationValue> values = new LinkedHashMap<>();
        Map<String, Node> seen = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            Node keyNode = entry.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                mappingValue
                        .mistakes()
                        .add(keyNode, mappingValue.key(), "found a list or mapping as a key");
                continue;
            }
            String key = scalar.getValue();
            String keyPath = childKey(mappingValue.key(), QuotedText.truncate(key));
            Node first = seen.putIfAbsent(key, keyNode);
            if (first != null) {
                mappingValue
                        .mistakes()
                        .add(keyNode, keyPath, "duplicate key, keep one" + firstLineHint(first));
            } else if (known.contains(key) || alsoAllowed.test(key)) {
                values.put(
                        key,
                        new ConfigurationValue(
                                keyPath, entry.getValueNode(), mappingValue.mistakes()));
            } else {
                mappingValue
                        .mistakes()
                        .add(keyNode, keyPath, "unknown key, " + suggestion(key, known));
            }
        }
        return new Section(mappingValue, known, values);
    }

    private static String firstLineHint(Node first) {
        return first.getStartMark()
                .map(m -> "; the first is in line " + (m.getLine() + 1))
                .orElse("");
    }

    private static String suggestion(String key, List<String> known) {
        return SpellingSuggestion.find(key, known)
                .map(k -> "did you mean " + k + "?")
                .orElseGet(() -> "expected " + QuotedText.list(known));
    }

    private static String childKey(String parent, String key) {
        return parent.isEmpty() ? key : parent + "." + key;
    }

    /// The value of a key, if it is present.
    Optional<ConfigurationValue> find(String key) {
        if (!known.contains(key)) {
            throw new IllegalArgumentException(key);
        }
        return Optional.ofNullable(values.get(key));
    }

    /// The parsed value of a key; the default if the key is missing or its value is a mistake.
    <T> T orDefault(String key, Function<ConfigurationValue, Optional<T>> parser, T defaultValue) {
        return find(key).flatMap(parser).orElse(defaultValue);
    }

    /// The parsed value of a key that is required.
    <T> Optional<T> required(
            String key, Function<ConfigurationValue, Optional<T>> parser, String remedy) {
        Optional<ConfigurationValue> value = find(key);
        if (value.isEmpty()) {
            String keyPath = childKey(mappingValue.key(), key);
            mappingValue.mistakes().add(mappingValue.node(), keyPath, "missing; " + remedy);
        }
        return value.flatMap(parser);
    }
}

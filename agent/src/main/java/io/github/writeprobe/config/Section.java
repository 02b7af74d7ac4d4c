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

/// A mapping of which every key is known, and stands there once; others have been noted.
///
/// @param whole the mapping itself
record Section(Value whole, List<String> known, Map<String, Value> values) {
    static Section of(
            Value whole, MappingNode mapping, List<String> known, Predicate<String> more) {
        Map<String, Value> values = new LinkedHashMap<>();
        Map<String, Node> seen = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            Node keyNode = entry.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                whole.mistakes().add(keyNode, whole.key(), "found a list or mapping as a key");
                continue;
            }
            String key = scalar.getValue();
            String place = below(whole.key(), Quoted.capped(key));
            Node first = seen.putIfAbsent(key, keyNode);
            if (first != null) {
                whole.mistakes().add(keyNode, place, "stands here again, keep one" + line(first));
            } else if (known.contains(key) || more.test(key)) {
                values.put(key, new Value(place, entry.getValueNode(), whole.mistakes()));
            } else {
                whole.mistakes().add(keyNode, place, "unknown key, " + suggestion(key, known));
            }
        }
        return new Section(whole, known, values);
    }

    private static String line(Node first) {
        return first.getStartMark()
                .map(m -> "; it is first in line " + (m.getLine() + 1))
                .orElse("");
    }

    private static String suggestion(String key, List<String> known) {
        return Nearest.to(key, known)
                .map(k -> "did you mean " + k + "?")
                .orElseGet(() -> "allowed are " + Quoted.list(known));
    }

    private static String below(String parent, String key) {
        return parent.isEmpty() ? key : parent + "." + key;
    }

    /// The value at a key, if it is there.
    Optional<Value> at(String key) {
        if (!known.contains(key)) {
            throw new IllegalArgumentException(key);
        }
        return Optional.ofNullable(values.get(key));
    }

    /// What a key says, or the default where it says nothing or a mistake.
    <T> T or(String key, Function<Value, Optional<T>> reading, T byDefault) {
        return at(key).flatMap(reading).orElse(byDefault);
    }

    /// What a key says that has to be there.
    <T> Optional<T> required(String key, Function<Value, Optional<T>> reading, String remedy) {
        Optional<Value> value = at(key);
        if (value.isEmpty()) {
            String place = below(whole.key(), key);
            whole.mistakes().add(whole.node(), place, "missing; " + remedy);
        }
        return value.flatMap(reading);
    }
}

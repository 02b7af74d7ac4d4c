package io.github.writeprobe.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Translates the messages of the YAML parser into messages for an operator.
final class YamlErrorMessages {
    private static final Map<String, String> REMEDIES = remedies();

    private YamlErrorMessages() {}

    private static Map<String, String> remedies() {
        Map<String, String> remedies = new LinkedHashMap<>();
        remedies.put("(TAB)", "a tab is not allowed here; indent with spaces");
        remedies.put(
                "that cannot start any token",
                "a string cannot begin with this character; put it in quotes");
        remedies.put(
                "mapping values are not allowed",
                "\"key: value\" is not allowed here; check the indentation, or put a string with a"
                        + " colon in quotes");
        remedies.put(
                "sequence entries are not allowed",
                "a list entry is not allowed here; begin it on a new line");
        remedies.put("mapping keys are not allowed", "a key is not allowed here");
        remedies.put(
                "could not find expected ':'",
                "this is not a \"key: value\"; write a colon and a space after the key");
        remedies.put(
                "expected <block end>",
                "this does not match the lines above; check the indentation and the quotes");
        remedies.put("expected ',' or ']'", "a comma or the closing ] of a list is missing");
        remedies.put("expected ',' or '}'", "a comma or the closing } of a mapping is missing");
        remedies.put("unexpected end of stream", "a string in quotes is not closed");
        remedies.put("unexpected document separator", "a string in quotes is not closed");
        remedies.put(
                "escape",
                "unknown escape sequence in a string in double quotes; put a string with"
                        + " backslashes in single quotes");
        remedies.put("undefined alias", "this alias refers to an anchor that is not defined above");
        return remedies;
    }

    static String explain(MarkedYamlEngineException e) {
        BiPredicate<Optional<String>, String> contains =
                (text, part) -> text.filter(t -> t.contains(part)).isPresent();
        Optional<String> problem = Optional.ofNullable(e.getProblem());
        Optional<String> message = Optional.ofNullable(e.getMessage());
        return REMEDIES.entrySet().stream()
                .filter(r ->
                        contains.test(problem, r.getKey()) || contains.test(message, r.getKey()))
                .findFirst()
                .map(r -> "not valid YAML: " + r.getValue() + startHint(r.getValue(), e))
                .orElse("not valid YAML from here on");
    }

    /// For something that is not closed, the line in which it begins.
    private static String startHint(String remedy, MarkedYamlEngineException e) {
        return remedy.contains("clos")
                ? e.getContextMark().map(m -> "; it begins in line " + (m.getLine() + 1)).orElse("")
                : "";
    }
}

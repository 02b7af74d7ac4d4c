package io.github.writeprobe.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Says in words for an operator what a YAML parser says in its own.
final class YamlErrorMessages {
    private static final Map<String, String> REMEDIES = remedies();

    private YamlErrorMessages() {}

    private static Map<String, String> remedies() {
        Map<String, String> remedies = new LinkedHashMap<>();
        remedies.put("(TAB)", "a tab stands where only spaces may; indent with spaces");
        remedies.put(
                "that cannot start any token",
                "a text cannot begin with this character; put the text in quotes");
        remedies.put(
                "mapping values are not allowed",
                "no \"key: value\" can stand here; check the indentation, or put a text that has"
                        + " a colon in quotes");
        remedies.put(
                "sequence entries are not allowed",
                "no list entry can stand here; begin it on a line of its own");
        remedies.put("mapping keys are not allowed", "no key can stand here");
        remedies.put(
                "could not find expected ':'",
                "this is no \"key: value\"; is there a colon and a space after the key?");
        remedies.put(
                "expected <block end>",
                "this does not fit the lines above; check the indentation and the quotes");
        remedies.put("expected ',' or ']'", "a comma or the closing ] of a list is missing");
        remedies.put("expected ',' or '}'", "a comma or the closing } of a mapping is missing");
        remedies.put("unexpected end of stream", "a text in quotes is not closed");
        remedies.put("unexpected document separator", "a text in quotes is not closed");
        remedies.put(
                "escape",
                "unknown escape in a text in double quotes; put a text with backslashes in single"
                        + " quotes");
        remedies.put("undefined alias", "this alias refers to an anchor that does not stand above");
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

    /// What is not closed is mended where it was opened.
    private static String startHint(String remedy, MarkedYamlEngineException e) {
        return remedy.contains("clos")
                ? e.getContextMark().map(m -> "; it begins in line " + (m.getLine() + 1)).orElse("")
                : "";
    }
}

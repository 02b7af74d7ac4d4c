package io.github.writeprobe.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// The value of a key. A method that parses it returns empty if the value is something else, and
/// records that as a mistake.
///
/// @param key the path of the key from the top, `policy.rules[0].rootfs`; empty for the whole
///   document
record ConfigurationValue(String key, Node node, Mistakes mistakes) {
    private static final int MAX_DIGITS = 9;

    Optional<String> text() {
        if (hasTag(Tag.STR)) {
            return Optional.of(scalar());
        }
        String quoted = node instanceof ScalarNode && !isNull() ? ": write " + quoted() : "";
        return reject("expected a string" + quoted);
    }

    /// A string that is not blank.
    Optional<String> nonBlankText() {
        Optional<String> text = text();
        return text.filter(String::isBlank).isPresent()
                ? reject("expected a string that is not blank")
                : text;
    }

    /// A string. A number or a boolean counts as its text.
    Optional<String> scalarText() {
        return isNumberOrBoolean() && node instanceof ScalarNode ? Optional.of(scalar()) : text();
    }

    Optional<Boolean> bool() {
        // An explicit tag can mark any text as a boolean.
        return hasTag(Tag.BOOL) && scalar().matches("(?i)true|false")
                ? Optional.of(Boolean.parseBoolean(scalar()))
                : reject("expected true or false" + withoutQuotesHint("true|false"));
    }

    Optional<Integer> integer(int min, int max) {
        if (hasTag(Tag.INT) && scalar().matches("[-+]?[0-9]{1," + MAX_DIGITS + "}")) {
            int number = Integer.parseInt(scalar());
            if (min <= number && number <= max) {
                return Optional.of(number);
            }
        }
        return reject(
                "expected a whole number from " + min + " to " + max + withoutQuotesHint("[0-9]+"));
    }

    Optional<Duration> duration(Duration min, Duration max) {
        Optional<Duration> duration =
                (node instanceof ScalarNode
                                ? Durations.parse(scalar())
                                : Optional.<Duration>empty())
                        .filter(d -> min.compareTo(d) <= 0 && d.compareTo(max) <= 0);
        return duration.isPresent()
                ? duration
                : reject(
                        "expected a duration from "
                                + Durations.render(min)
                                + " to "
                                + Durations.render(max)
                                + ", with the unit ms, s, m or h");
    }

    Optional<LocalDate> date() {
        String remedy = "expected a valid date, such as 2027-03-31";
        if (!hasTag(Tag.STR) || !scalar().matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
            return reject(remedy);
        }
        try {
            return Optional.of(LocalDate.parse(scalar()));
        } catch (DateTimeException e) {
            return reject(remedy);
        }
    }

    /// A path in a container, normalised.
    Optional<String> path() {
        return path(false);
    }

    /// A path in a container, normalised, in which `*` and `?` are wildcards.
    Optional<String> pathPattern() {
        return path(true);
    }

    private Optional<String> path(boolean allowPatterns) {
        return text().flatMap(path ->
                ContainerPathRules.remedy(path, allowPatterns)
                        .map(this::<String>reject)
                        .orElseGet(() -> Optional.of(ContainerPathRules.normalise(path))));
    }

    /// One of the allowed words.
    <T> Optional<T> oneOf(Map<String, T> allowed) {
        Optional<T> chosen = Optional.ofNullable(hasTag(Tag.STR) ? allowed.get(scalar()) : null);
        return chosen.isPresent()
                ? chosen
                : reject("expected " + QuotedText.list(allowed.keySet()));
    }

    boolean isNull() {
        return hasTag(Tag.NULL);
    }

    boolean isText() {
        return hasTag(Tag.STR);
    }

    /// Whether the value is the number 0, which needs no unit.
    boolean isZero() {
        return hasTag(Tag.INT) && scalar().equals("0");
    }

    /// Whether the value is this string.
    boolean hasText(String text) {
        return hasTag(Tag.STR) && scalar().equals(text);
    }

    boolean isEmptyList() {
        return node instanceof SequenceNode sequence && sequence.getValue().isEmpty();
    }

    /// All entries that could be parsed.
    <T> Optional<List<T>> list(Function<ConfigurationValue, Optional<T>> entry) {
        if (!(node instanceof SequenceNode sequence) || !hasTag(Tag.SEQ)) {
            return reject("expected a list, such as [a, b], or [] for an empty list");
        }
        List<T> entries = new ArrayList<>();
        int index = 0;
        for (Node child : sequence.getValue()) {
            String childKey = key + "[" + index++ + "]";
            entry.apply(new ConfigurationValue(childKey, child, mistakes)).ifPresent(entries::add);
        }
        return Optional.of(entries);
    }

    Optional<Section> section(List<String> known) {
        return section(known, key -> false);
    }

    /// @param alsoAllowed which keys are allowed in addition to the known ones
    Optional<Section> section(List<String> known, Predicate<String> alsoAllowed) {
        if (node instanceof MappingNode mapping && hasTag(Tag.MAP)) {
            return Optional.of(Section.of(this, mapping, known, alsoAllowed));
        }
        return reject("expected a mapping with the keys " + QuotedText.list(known));
    }

    /// Records that the value is not allowed.
    <T> Optional<T> reject(String remedy) {
        String tag = node.getTag().getValue();
        mistakes.add(
                node,
                key,
                hasStandardTag()
                        ? "found " + describe() + ", " + remedy
                        : "found the tag " + QuotedText.truncate(tag) + ", remove it");
        return Optional.empty();
    }

    /// Records that a secret is not allowed, without showing it.
    <T> Optional<T> rejectWithoutValue(String remedy) {
        mistakes.add(node, key, remedy);
        return Optional.empty();
    }

    private String describe() {
        if (isNull()) {
            return "nothing";
        }
        return switch (node.getNodeType()) {
            case SCALAR -> isNumberOrBoolean() ? QuotedText.truncate(scalar()) : quoted();
            case SEQUENCE -> isEmptyList() ? "an empty list" : "a list";
            case MAPPING -> "a mapping";
            case ANCHOR -> "an alias";
        };
    }

    /// A hint to remove the quotes, if they alone make the value a string.
    private String withoutQuotesHint(String pattern) {
        return hasTag(Tag.STR) && scalar().matches(pattern) ? ", without quotes" : "";
    }

    private boolean hasStandardTag() {
        return isNumberOrBoolean()
                || isNull()
                || hasTag(Tag.STR)
                || hasTag(Tag.SEQ)
                || hasTag(Tag.MAP);
    }

    private boolean isNumberOrBoolean() {
        return hasTag(Tag.INT) || hasTag(Tag.FLOAT) || hasTag(Tag.BOOL);
    }

    private String quoted() {
        return QuotedText.of(scalar());
    }

    private boolean hasTag(Tag tag) {
        return node.getTag().equals(tag);
    }

    private String scalar() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}

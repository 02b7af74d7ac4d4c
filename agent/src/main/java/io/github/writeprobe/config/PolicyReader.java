package io.github.writeprobe.config;

import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.policy.ContainerSelector;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.policy.Waiver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// Reads the section `policy`.
final class PolicyReader {
    private static final Map<String, Severity> SEVERITIES =
            byLabel(List.of(Severity.values()), Severity::label);
    private static final Map<String, Access> ACCESSES =
            byLabel(List.of(Access.values()), Access::label);

    /// An expired waiver cannot be waived: a waiver without a last day has the same effect, and is
    /// easier to read.
    private static final Map<String, FindingKind> KINDS =
            byLabel(
                    List.of(FindingKind.values()).stream()
                            .filter(kind -> kind != FindingKind.EXPIRED_WAIVER)
                            .toList(),
                    FindingKind::label);

    private static final String MATCH_ALL_REMEDY = "write {} to match every container";

    private int ruleCount;

    static <T> Map<String, T> byLabel(List<T> all, Function<T, String> label) {
        Map<String, T> byLabel = new LinkedHashMap<>();
        all.forEach(one -> byLabel.put(label.apply(one), one));
        return byLabel;
    }

    Policy policy(Section policy) {
        return new Policy(
                policy.orDefault("fail-on", v -> v.oneOf(SEVERITIES), Policy.DEFAULT.failOn()),
                policy.orDefault(
                        "honour-labels", ConfigurationValue::bool, Policy.DEFAULT.honourLabels()),
                policy.orDefault("rules", v -> v.list(this::rule), List.of()),
                policy.orDefault("waivers", v -> v.list(PolicyReader::waiver), List.of()));
    }

    private Optional<ContainerPolicyRule> rule(ConfigurationValue value) {
        ruleCount++;
        return value.section(ConfigurationKeys.RULE).map(this::rule);
    }

    private ContainerPolicyRule rule(Section rule) {
        return new ContainerPolicyRule(
                ruleName(rule.mappingValue()),
                match(rule).orElse(ContainerSelector.ANY),
                rule.orDefault("rootfs", v -> v.oneOf(ACCESSES), Access.READ_ONLY),
                rule.find("writable")
                        .flatMap(v -> v.list(ConfigurationValue::path))
                        .map(PolicyReader::distinct),
                distinct(
                        rule.orDefault(
                                "noexec", v -> v.list(ConfigurationValue::path), List.of())));
    }

    private String ruleName(ConfigurationValue rule) {
        int line = rule.node().getStartMark().map(Mark::getLine).orElse(0) + 1;
        return "rule " + ruleCount + " (" + rule.mistakes().file() + ":" + line + ")";
    }

    private static Optional<Waiver> waiver(ConfigurationValue value) {
        return value.section(ConfigurationKeys.WAIVER).flatMap(PolicyReader::waiver);
    }

    private static Optional<Waiver> waiver(Section waiver) {
        Optional<ContainerSelector> match = match(waiver);
        Set<FindingKind> kinds =
                Set.copyOf(
                        waiver.orDefault(
                                "findings", v -> nonEmptyList(v, e -> e.oneOf(KINDS)), List.of()));
        List<String> paths =
                waiver.orDefault(
                        "paths", v -> nonEmptyList(v, ConfigurationValue::pathPattern), List.of());
        Optional<String> reason =
                waiver.required(
                        "reason", ConfigurationValue::nonBlankText, "say why this is accepted");
        Optional<String> owner =
                waiver.required(
                        "owner",
                        ConfigurationValue::nonBlankText,
                        "say who is responsible for this");
        WaiverNote note =
                new WaiverNote(
                        reason.orElse(""),
                        owner.orElse(""),
                        waiver.find("expires").flatMap(ConfigurationValue::date));
        return match.map(m -> new Waiver(m, kinds, distinct(paths), note));
    }

    /// A list with at least one entry. An empty list would look like "none", and mean "all".
    private static <T> Optional<List<T>> nonEmptyList(
            ConfigurationValue value, Function<ConfigurationValue, Optional<T>> entry) {
        Optional<List<T>> list = value.list(entry);
        return value.isEmptyList()
                ? value.reject("expected a non-empty list; to cover all, omit the key")
                : list;
    }

    private static Optional<ContainerSelector> match(Section section) {
        return section.required("match", PolicyReader::match, MATCH_ALL_REMEDY);
    }

    private static Optional<ContainerSelector> match(ConfigurationValue value) {
        if (value.isNull()) {
            return value.reject(MATCH_ALL_REMEDY);
        }
        return value.section(ConfigurationKeys.MATCH, ConfigurationKeys::isLabel)
                .map(fields -> {
                    Map<String, String> patterns = new LinkedHashMap<>();
                    fields.values()
                            .forEach((field, found) ->
                                    pattern(field, found).ifPresent(p -> patterns.put(field, p)));
                    return new ContainerSelector(patterns);
                });
    }

    private static Optional<String> pattern(String field, ConfigurationValue value) {
        return field.equals(ContainerSelector.SELF)
                ? value.bool().map(String::valueOf)
                : value.text();
    }

    private static List<String> distinct(List<String> paths) {
        return paths.stream().distinct().toList();
    }
}

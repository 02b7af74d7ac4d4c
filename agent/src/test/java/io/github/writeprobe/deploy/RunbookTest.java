package io.github.writeprobe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.model.FindingKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whoever is woken by an alert finds what to do, and each alert was seen to fire and to be silent.
class RunbookTest {
    private static final String URL =
            "https://github.com/writeprobe/writeprobe/blob/main/docs/alerts.md#";
    private static final Pattern SECTION =
            Pattern.compile("(?ms)^## (Writeprobe\\w+)\n(.*?)(?=^## |\\z)");
    private static final Pattern TABLE =
            Pattern.compile("(?m)^\\| \\[(\\w+)]\\(#(\\w+)\\) \\| (\\w+) \\| .+ \\|$");
    private static final List<String> PARTS =
            List.of(
                    "**What it means.**",
                    "**Why it matters.**",
                    "**How to confirm it.**",
                    "```promql",
                    "**What to do.**",
                    "**How to waive or silence it.**",
                    "**Likely false causes.**");

    record Alert(String name, JsonNode rule) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Alert> alerts() {
        return Deployed.alerts().stream().map(a -> new Alert(a.get("alert").asText(), a)).toList();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertHasADescriptionAndARunbookUrl(Alert alert) {
        assertThat(alert.rule().at("/labels/severity").asText())
                .isIn("critical", "warning", "info");
        assertThat(alert.rule().at("/annotations/summary").asText()).isNotBlank();
        assertThat(alert.rule().at("/annotations/description").asText()).isNotBlank();
        assertThat(alert.rule().at("/annotations/runbook_url").asText())
                .isEqualTo(URL + anchor(alert.name()));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertWasSeenToFireAndNotToFire(Alert alert) {
        List<Boolean> fired =
                Deployed.RULE_TESTS.stream()
                        .flatMap(f -> Deployed.tree(f).get("tests").valueStream())
                        .flatMap(t -> t.path("alert_rule_test").valueStream())
                        .filter(t -> t.get("alertname").asText().equals(alert.name()))
                        .map(t -> !t.get("exp_alerts").isEmpty())
                        .distinct()
                        .toList();

        assertThat(fired).containsExactlyInAnyOrder(true, false);
    }

    /// A path is a stranger's text, and a command is pasted. The engine or Kubernetes chooses which
    /// characters a name may have.
    @ParameterizedTest
    @MethodSource("alerts")
    void aCommandHasNoTextOfAStranger(Alert alert) {
        String description = alert.rule().at("/annotations/description").asText();

        assertThat(description.replace("\"writeprobe explain {{ $name }}\"", ""))
                .doesNotContain("writeprobe explain");
        assertThat(description.contains("$name"))
                .isEqualTo(
                        description.startsWith(
                                "{{ $name := $labels.container }}{{ with $labels.pod }}{{ $name ="
                                        + " printf \"%s/%s/%s\" $labels.namespace ."
                                        + " $labels.container }}{{ end -}}"));
    }

    @Test
    void everyAlertHasASectionAndEverySectionAnAlert() {
        String page = Deployed.text(Deployed.RUNBOOK);
        List<String> names = alerts().stream().map(Alert::name).toList();

        assertThat(SECTION.matcher(page).results().map(s -> s.group(1)))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(names);
        assertThat(SECTION.matcher(page).results().map(s -> s.group(2)))
                .allSatisfy(s -> assertThat(s).contains(PARTS));
    }

    @Test
    void theTableOfTheRunbookHasEveryAlertWithItsSeverity() {
        assertThat(
                        TABLE.matcher(Deployed.text(Deployed.RUNBOOK))
                                .results()
                                .map(r -> r.group(1) + " " + r.group(2) + " " + r.group(3)))
                .containsExactlyElementsOf(
                        alerts().stream()
                                .map(a ->
                                        a.name()
                                                + " "
                                                + anchor(a.name())
                                                + " "
                                                + a.rule().at("/labels/severity").asText())
                                .toList());
    }

    @Test
    void everyFindingThatMakesAContainerViolatingHasAnAlert() {
        String expressions =
                String.join(
                        "\n", Deployed.alerts().stream().map(a -> a.get("expr").asText()).toList());

        assertThat(EnumSet.complementOf(EnumSet.of(FindingKind.UNWRITABLE)))
                .allSatisfy(k -> assertThat(expressions).contains("kind=\"" + k.label() + "\""));
    }

    @Test
    void everyRecordedSeriesIsTested() {
        List<String> tested =
                Deployed.RULE_TESTS.stream()
                        .flatMap(f -> Deployed.tree(f).findValues("expr").stream())
                        .flatMap(e -> PromQl.of(e.asText()).metrics().stream())
                        .toList();

        assertThat(tested).containsAll(Deployed.recordedSeries());
    }

    @Test
    void alertmanagerKnowsOurAlertsByTheirNames() {
        List<String> names = alerts().stream().map(Alert::name).toList();
        JsonNode configuration = Deployed.tree(Deployed.ALERTMANAGER);
        List<String> patterns =
                Stream.of("matchers", "source_matchers", "target_matchers")
                        .flatMap(f -> configuration.findValues(f).stream())
                        .flatMap(JsonNode::valueStream)
                        .map(JsonNode::asText)
                        .filter(m -> m.startsWith("alertname"))
                        .map(m -> m.replaceAll("^alertname(?:=~|!=|=)\"(.*)\"$", "$1"))
                        .toList();

        assertThat(patterns)
                .isNotEmpty()
                .allSatisfy(p ->
                        assertThat(p.replaceAll("^(\\w+)\\((.*)\\)$", "$2").split("\\|"))
                                .allSatisfy(part -> {
                                    String whole =
                                            p.contains("(")
                                                    ? p.substring(0, p.indexOf('(')) + part
                                                    : part;
                                    assertThat(names).anyMatch(n -> n.matches(whole));
                                }));
    }

    @Test
    void alertmanagerComparesLabelsThatExist() {
        Set<String> labels = MetricsPage.read().labels().keySet();

        assertThat(Deployed.tree(Deployed.ALERTMANAGER).get("inhibit_rules").valueStream())
                .allSatisfy(r ->
                        assertThat(r.get("equal").valueStream().map(JsonNode::asText))
                                .contains("job", "instance")
                                .allMatch(l ->
                                        Set.of("job", "instance").contains(l)
                                                || labels.contains(l)));
    }

    private static String anchor(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

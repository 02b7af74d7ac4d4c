package io.github.writeprobe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.model.ChangeOrigin;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.WitnessName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is asked of Prometheus is what `docs/metrics.md` says that there is.
class MetricNamesTest {
    private static final MetricsPage PAGE = MetricsPage.read();
    private static final Map<String, Set<String>> SERIES = PAGE.series();

    /// What Prometheus makes itself, and what kube-state-metrics exports.
    private static final Set<String> OTHERS =
            Set.of(
                    "up",
                    "ALERTS",
                    "scrape_samples_scraped",
                    "kube_pod_owner",
                    "kube_pod_container_info");

    /// What a scrape job adds, `env` and `region` in the tests' stead of any, what rules add, and
    /// labels of kube-state-metrics.
    private static final Set<String> ADDED =
            Set.of(
                    "job",
                    "instance",
                    "node",
                    "region",
                    "env",
                    "le",
                    "verdict",
                    "alertname",
                    "owner_kind",
                    "owner_name",
                    "image_id",
                    "__name__");

    /// Names of a service and a secret, which a swarm begins with those of the stack.
    private static final Set<String> SWARM = Set.of("writeprobe_agent", "writeprobe_web_1");

    private static final Pattern METRIC_NAME =
            Pattern.compile("(?<![\\w:])(?:[\\w:]*writeprobe_[\\w:]*|(?:process|jvm)_\\w+)");

    record Query(String place, String expression) {
        @Override
        public String toString() {
            return place + ": " + expression.strip();
        }
    }

    static List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (String file :
                Stream.concat(Deployed.RULES.stream(), Deployed.RULE_TESTS.stream()).toList()) {
            for (String field : List.of("expr", "series")) {
                texts(Deployed.tree(file), field).forEach(e -> queries.add(new Query(file, e)));
            }
        }
        texts(Deployed.tree(Deployed.DASHBOARD), "expr")
                .forEach(e -> queries.add(new Query(Deployed.DASHBOARD, e)));
        Deployed.tree(Deployed.DASHBOARD)
                .at("/templating/list")
                .valueStream()
                .filter(v -> v.get("type").asText().equals("query"))
                .map(v ->
                        v.at("/query/query")
                                .asText()
                                .replaceAll("^label_values\\((.*),.*\\)$", "$1"))
                .forEach(e -> queries.add(new Query(Deployed.DASHBOARD, e)));
        for (String page : Deployed.PAGES) {
            MetricsPage.queries(Deployed.text(page)).forEach(e -> queries.add(new Query(page, e)));
        }
        return queries;
    }

    private static Stream<String> texts(JsonNode tree, String field) {
        return tree.findValues(field).stream().filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aQueryAsksForMetricsAndLabelsThatExist(Query query) {
        PromQl promQl = PromQl.of(query.expression());

        assertThat(known()).containsAll(promQl.metrics());
        assertThat(promQl.labels())
                .allMatch(l -> PAGE.labels().containsKey(l) || ADDED.contains(l));
        assertThat(promQl.matchers())
                .allSatisfy(m -> {
                    Set<String> labels = SERIES.getOrDefault(m.metric(), PAGE.labels().keySet());
                    assertThat(m.label())
                            .matches(
                                    l ->
                                            labels.contains(l)
                                                    || ADDED.contains(l)
                                                    || !SERIES.containsKey(m.metric()),
                                    "a label of " + m.metric());
                    if (MetricsPage.CLOSED.contains(m.label())
                            && m.operator().length() <= 2
                            && !m.operator().endsWith("~")) {
                        assertThat(PAGE.labels().get(m.label())).contains(m.value());
                    }
                });
    }

    @Test
    void everyMetricThatATextNamesExists() {
        Stream.of(Deployed.RULES, Deployed.RULE_TESTS, Deployed.PAGES, List.of(Deployed.DASHBOARD))
                .flatMap(List::stream)
                .forEach(file ->
                        assertThat(
                                        METRIC_NAME
                                                .matcher(Deployed.text(file))
                                                .results()
                                                .map(w -> w.group()))
                                .as(file)
                                .isNotEmpty()
                                .allMatch(w ->
                                        known().contains(w)
                                                || isHistogram(w)
                                                || SWARM.contains(w)
                                                || isMetricPrefix(w)));
    }

    @Test
    void everyMetricIsDescribedInFull() {
        assertThat(PAGE.metrics())
                .hasSizeGreaterThan(25)
                .allSatisfy(m -> {
                    assertThat(m.type()).isIn("gauge", "counter", "histogram");
                    assertThat(m.name().endsWith("_total")).isEqualTo(m.type().equals("counter"));
                    assertThat(m.fields())
                            .containsExactlyInAnyOrder(
                                    "Type", "Labels", "Unit", "Means", "Does not mean");
                    assertThat(PAGE.labels().keySet()).containsAll(m.labels());
                    assertThat(m.queries())
                            .singleElement()
                            .satisfies(q ->
                                    assertThat(PromQl.of(q).metrics())
                                            .containsAnyElementsOf(m.series().toList()));
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void everyLabelIsOfAMetric() {
        Set<String> used = new HashSet<>();
        PAGE.metrics().forEach(m -> used.addAll(m.labels()));

        assertThat(PAGE.labels().keySet()).isEqualTo(used);
    }

    @Test
    void theLabelsOfEnumsAreValuesInTheTable() {
        assertThat(PAGE.labels().get("kind"))
                .containsAll(Arrays.stream(FindingKind.values()).map(FindingKind::label).toList());
        assertThat(PAGE.labels().get("severity"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Severity.values()).map(Severity::label).toList());
        assertThat(PAGE.labels().get("witness"))
                .containsAll(Arrays.stream(WitnessName.values()).map(WitnessName::label).toList());
        assertThat(PAGE.labels().get("origin"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ChangeOrigin.values()).map(ChangeOrigin::label).toList());
    }

    /// A reader that sees nothing would find all in order.
    @Test
    void aQueryIsReadAsPrometheusReadsIt() {
        PromQl read =
                PromQl.of(
                        """
                          sum by (le, job) (rate(a_bucket{kind="x{}", path!~"y"}[5m])) # not_this
                        / on (id) group_left (image)
                          max_over_time(b:c:d[3m]) > bool 1e3 or -2 * e offset 5m
                        """);

        assertThat(read.metrics()).containsExactlyInAnyOrder("a_bucket", "b:c:d", "e");
        assertThat(read.labels()).containsExactlyInAnyOrder("le", "job", "id", "image");
        assertThat(read.matchers())
                .containsExactly(
                        new PromQl.Matcher("a_bucket", "kind", "=", "x{}"),
                        new PromQl.Matcher("a_bucket", "path", "!~", "y"));
    }

    /// What a regular expression has of the names that it is for.
    private static boolean isMetricPrefix(String name) {
        return name.endsWith("_") && known().stream().anyMatch(k -> k.contains(name));
    }

    private static boolean isHistogram(String name) {
        return PAGE.metrics().stream()
                .anyMatch(m -> m.type().equals("histogram") && m.name().equals(name));
    }

    private static Set<String> known() {
        Set<String> known = new HashSet<>(SERIES.keySet());
        known.addAll(Deployed.recordedSeries());
        known.addAll(OTHERS);
        return known;
    }
}

package io.github.writeprobe.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.deploy.MetricsPage.Metric;
import io.github.writeprobe.metrics.BuildInfoLabels;
import io.github.writeprobe.metrics.MetricsRegistry;
import io.github.writeprobe.metrics.PathSeriesScope;
import io.github.writeprobe.report.Reports;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The page lists what the code exports, no more and no less.
class ExportedMetricsTest {
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^([a-z_]+?)(?:_bucket|_sum|_count)?(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    private final List<Metric> page = MetricsPage.read().metrics();
    private final String exported =
            new String(
                    new MetricsRegistry(
                                    Reports::node,
                                    () -> Duration.ofMinutes(20),
                                    PathSeriesScope.ALL,
                                    new BuildInfoLabels("0.1.0", "0", "25"),
                                    Clock.systemUTC())
                            .scrape("")
                            .body(),
                    UTF_8);

    private Map<String, String> types() {
        return TYPE.matcher(exported)
                .results()
                .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
    }

    @Test
    void everyMetricOfThePageIsExportedWithItsType() {
        assertThat(page).hasSizeGreaterThan(25);
        assertThat(types())
                .containsAllEntriesOf(
                        page.stream().collect(Collectors.toMap(Metric::name, Metric::type)));
    }

    /// Of a histogram, Micrometer exports the recent maximum too.
    @Test
    void everyMetricOfOursIsOnThePage() {
        Set<String> known =
                page.stream()
                        .flatMap(m ->
                                m.type().equals("histogram")
                                        ? Stream.of(m.name(), m.name() + "_max")
                                        : Stream.of(m.name()))
                        .collect(Collectors.toSet());
        assertThat(types().keySet().stream().filter(n -> n.startsWith("writeprobe_")))
                .isSubsetOf(known);
    }

    @Test
    void everyMetricOfOursHasTheLabelsOfThePage() {
        Map<String, Set<String>> labels = new TreeMap<>();
        for (MatchResult sample : SAMPLE.matcher(exported).results().toList()) {
            Set<String> found = labels.computeIfAbsent(sample.group(1), n -> new TreeSet<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().map(l -> l.group(1)).forEach(found::add);
            }
        }
        for (Metric metric : page) {
            if (metric.name().startsWith("writeprobe_")) {
                Set<String> expected = new HashSet<>(metric.labels());
                if (metric.type().equals("histogram")) {
                    expected.add("le");
                }
                assertThat(labels.get(metric.name())).as(metric.name()).isEqualTo(expected);
            }
        }
    }
}

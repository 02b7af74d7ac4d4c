package io.github.writeprobe.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ChangeOrigin;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.monitor.Trigger;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.report.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares whole responses of `/metrics` with golden files. `-Dgolden.update=true` rewrites them.
class MetricsRegistryTest {
    private static final Path GOLDEN =
            Path.of("src/test/resources/io/github/writeprobe/metrics").toAbsolutePath();
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicReference<Report> report = new AtomicReference<>(report("empty"));
    private final MetricsRegistry metrics =
            new MetricsRegistry(
                    report::get,
                    () -> Duration.ofSeconds(1415),
                    PathSeriesScope.ALL,
                    new BuildInfoLabels("0.1.0", "0123456789ab", "25"),
                    Clock.fixed(NOON, ZoneOffset.UTC));

    private static Report report(String name) {
        return name.equals("node") ? Reports.node() : requireNonNull(Reports.all().get(name));
    }

    private String text() {
        return new String(metrics.scrape("").body(), UTF_8);
    }

    /// The metrics of writeprobe, without those that every Java process has.
    private String agentMetrics() {
        return Arrays.stream(text().split("\n", -1))
                        .filter(l -> l.startsWith("writeprobe_") || l.contains(" writeprobe_"))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "mixed", "hostile", "node"})
    void theExpositionIsTheGoldenFile(String name) throws IOException {
        report.set(report(name));
        metrics.probed(probeResult(), 3);
        metrics.probed(
                ProbeResult.failed(
                        WitnessName.EXEC,
                        ProbeIdentity.SERVICE,
                        NOON,
                        Duration.ofSeconds(5),
                        new WriteResult.Inconclusive(InconclusiveCause.TIMED_OUT, "")),
                11);
        metrics.cycleCompleted(WitnessName.EXEC, Duration.ofMillis(40));
        metrics.verdictChanged(Trigger.START, Duration.ofMillis(90));
        metrics.mountTableChanged(ChangeOrigin.HOST);
        metrics.eventReceived();
        metrics.eventReceived();
        metrics.reconnected();
        Path golden = GOLDEN.resolve(name + ".metrics");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, agentMetrics());
        }
        assertThat(agentMetrics()).isEqualTo(Files.readString(golden));
    }

    private static ProbeResult probeResult() {
        return new ProbeResult(
                WitnessName.EXEC,
                ProbeIdentity.SERVICE,
                NOON,
                Duration.ofMillis(75),
                MountTable.EMPTY,
                List.of(
                        observation("/", new WriteResult.Writable()),
                        observation("/nowhere", new WriteResult.Absent()),
                        observation(
                                "/x",
                                new WriteResult.Inconclusive(InconclusiveCause.SPECIAL_FILE, ""))),
                Optional.empty(),
                List.of(),
                KernelFacts.NONE,
                Optional.empty());
    }

    private static PathObservation observation(String path, WriteResult write) {
        return new PathObservation(
                WitnessName.EXEC,
                ProbeIdentity.SERVICE,
                OptionalInt.of(0),
                path,
                path,
                write,
                new FileExecutionResult.Untested(""));
    }

    @Test
    void aContainerThatIsGoneLeavesNoSeries() {
        report.set(report("mixed"));
        assertThat(agentMetrics()).contains("container=\"web\"");
        report.set(report("empty"));
        assertThat(agentMetrics()).doesNotContain("container=");
    }

    /// A pod that was created again has another uid, and a replaced container another id.
    @Test
    void containersOfOneNameHaveSeriesOfTheirOwn() {
        report.set(Reports.node());
        assertThat(samples("writeprobe_container_compliant"))
                .filteredOn(l -> l.contains("container=\"nginx\""))
                .hasSize(5)
                .allMatch(l -> l.contains("namespace=\"shop\""))
                .filteredOn(l -> l.contains("pod=\"db-0\""))
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(samples("writeprobe_container_info"))
                .filteredOn(l -> l.contains("pod=\"db-0\""))
                .allMatch(l -> l.contains("container_id=\"containerd://"));
    }

    /// Whoever creates a container can set its labels and name, but not its id.
    @Test
    void containersWithAllNamesInCommonHaveSeriesOfTheirOwn() {
        String first = "ab".repeat(32);
        String second = "ab".repeat(31) + "cd";
        report.set(
                Reports.report(
                        Reports.node().engines(),
                        Reports.inPod("web-0", "u", first),
                        Reports.inPod("web-0", "u", second),
                        Reports.inPod("web-0", "u", "cd".repeat(32))));
        assertThat(samples("writeprobe_container_compliant"))
                .hasSize(3)
                .anyMatch(l -> l.contains("id=\"cdcdcdcdcdcd\""))
                // The first twelve digits of the two ids are the same.
                .anyMatch(l -> l.contains("id=\"" + first + "\""))
                .anyMatch(l -> l.contains("id=\"" + second + "\""));
    }

    @Test
    void aHostWithoutPodsHasNoLabelsOfPods() {
        report.set(report("mixed"));
        assertThat(samples("writeprobe_container_info"))
                .isNotEmpty()
                .noneMatch(l -> l.contains("pod=") || l.contains("namespace="));
        report.set(Reports.node());
        assertThat(samples("writeprobe_container_info"))
                .filteredOn(l -> l.contains("container=\"api\""))
                .singleElement()
                .asString()
                .contains("namespace=\"\"", "pod=\"\"", "uid=\"\"");
    }

    @Test
    void aReloadDecidesWhichPathsHaveSeries() {
        report.set(report("mixed"));
        assertThat(samples("writeprobe_path_info")).anyMatch(l -> l.contains("path=\"/tmp\""));
        metrics.configReloaded(PathSeriesScope.FINDINGS);
        assertThat(samples("writeprobe_path_info"))
                .anyMatch(l -> l.contains("container=\"api\"") && l.contains("path=\"/data\""))
                .anyMatch(l -> l.contains("container=\"legacy-billing\"")) // a waived finding
                .noneMatch(l -> l.contains("container=\"web\""));
        metrics.configReloaded(PathSeriesScope.NONE);
        assertThat(agentMetrics())
                .doesNotContain("writeprobe_path_")
                .contains("writeprobe_finding");
    }

    private List<String> samples(String metric) {
        return text().lines().filter(l -> l.startsWith(metric + "{")).toList();
    }

    @Test
    void openMetricsIsServedWhenRequested() {
        report.set(report("mixed"));
        ScrapeResponse exposition =
                metrics.scrape(
                        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2");
        assertThat(exposition.contentType()).startsWith("application/openmetrics-text");
        assertThat(new String(exposition.body(), UTF_8)).endsWith("# EOF\n");
        assertThat(metrics.scrape("").contentType()).startsWith("text/plain");
    }

    /// The Accept header of a Prometheus that prefers protobuf.
    @Test
    void anUnsupportedFormatIsNotAnnounced() {
        ScrapeResponse exposition =
                metrics.scrape(
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1");
        assertThat(exposition.contentType()).startsWith("application/openmetrics-text");
    }

    @Test
    void everyFamilyHasHelp() {
        report.set(report("mixed"));
        List<String> lines = List.of(text().split("\n", -1));
        List<String> families =
                lines.stream()
                        .filter(l -> l.startsWith("# TYPE "))
                        .map(l -> l.split(" ", 4)[2])
                        .toList();
        assertThat(families).isNotEmpty();
        assertThat(families)
                .allSatisfy(
                        f -> assertThat(lines).anyMatch(l -> l.matches("# HELP " + f + " \\S.*")));
    }

    @Test
    void aFailedReloadIsExposed() {
        metrics.configReloadFailed();
        assertThat(agentMetrics())
                .contains("writeprobe_config_last_reload_successful 0.0\n")
                .contains("writeprobe_config_last_reload_success_timestamp_seconds 1.7954352E9\n");
        metrics.configReloaded(PathSeriesScope.ALL);
        assertThat(agentMetrics()).contains("writeprobe_config_last_reload_successful 1.0\n");
    }

    /// Prometheus rejects a scrape with two samples of one series as a whole.
    @Test
    void noSeriesIsDuplicated() {
        SampleSet samples = new SampleSet();
        samples.add(MetricDefinition.ENGINE_UP, 1, "x".repeat(5_000));
        samples.add(MetricDefinition.ENGINE_UP, 0, "x".repeat(5_000));
        assertThat(labels(samples)).hasSize(1);
    }

    @Test
    void aLongLabelIsTruncatedAndStaysUnique() {
        SampleSet samples = new SampleSet();
        String start = "/" + "x".repeat(1022);
        samples.add(MetricDefinition.ENGINE_UP, 1, start + "x");
        samples.add(MetricDefinition.ENGINE_UP, 1, start + "xa");
        samples.add(MetricDefinition.ENGINE_UP, 1, start + "xb");
        samples.add(MetricDefinition.ENGINE_UP, 1, start + "\ud83d\ude00");
        assertThat(labels(samples))
                .hasSize(4)
                .contains(start + "x")
                .anyMatch(l -> l.matches(start + "x…[0-9a-f]{16}"))
                .anyMatch(l -> l.matches(start + "…[0-9a-f]{16}"))
                .allMatch(l -> l.length() <= 1024 + 1 + 16);
    }

    private static List<String> labels(SampleSet samples) {
        return samples.snapshots().stream()
                .flatMap(s -> s.getDataPoints().stream())
                .map(p -> String.valueOf(p.getLabels().get("engine")))
                .toList();
    }
}

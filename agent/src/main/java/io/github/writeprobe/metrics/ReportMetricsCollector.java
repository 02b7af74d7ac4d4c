package io.github.writeprobe.metrics;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.report.ReportWording;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;

/// Makes series from the report. A container that is gone is not in the report, so its series end.
final class ReportMetricsCollector implements MultiCollector {
    private final Supplier<Report> reports;
    private final Supplier<Duration> maxAge;
    private final Supplier<PathSeriesScope> paths;
    private final BuildInfoLabels build;
    private volatile Optional<CachedSnapshots> latest = Optional.empty();

    ReportMetricsCollector(
            Supplier<Report> reports,
            Supplier<Duration> maxAge,
            Supplier<PathSeriesScope> paths,
            BuildInfoLabels build) {
        this.reports = reports;
        this.maxAge = maxAge;
        this.paths = paths;
        this.build = build;
    }

    /// A report and its series. Most scrapes get the same report as the previous scrape.
    private record CachedSnapshots(
            Report report, Duration maxAge, PathSeriesScope paths, MetricSnapshots snapshots) {
        @SuppressWarnings("ReferenceEquality") // comparing by value would take too long
        boolean isOf(Report current, Duration currentMaxAge, PathSeriesScope currentPaths) {
            return report == current && maxAge.equals(currentMaxAge) && paths == currentPaths;
        }
    }

    @Override
    public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
        return Arrays.stream(MetricDefinition.values())
                .map(f -> MetricFamilyDescriptor.of(f.type(), f.metadata(), f.labels()))
                .toList();
    }

    @Override
    public MetricSnapshots collect() {
        Report report = reports.get();
        Duration age = maxAge.get();
        PathSeriesScope series = paths.get();
        CachedSnapshots cached =
                latest.filter(c -> c.isOf(report, age, series))
                        .orElseGet(() ->
                                new CachedSnapshots(
                                        report, age, series, snapshots(report, age, series)));
        latest = Optional.of(cached);
        return cached.snapshots();
    }

    private MetricSnapshots snapshots(Report report, Duration age, PathSeriesScope series) {
        SampleSet samples = samples(report, build, series);
        samples.add(MetricDefinition.VERDICT_MAX_AGE, age.toMillis() / 1000.0);
        return samples.snapshots();
    }

    /// The series of any report, also of one that no agent made.
    static SampleSet samples(Report report, BuildInfoLabels build, PathSeriesScope paths) {
        SampleSet samples = new SampleSet();
        samples.add(
                MetricDefinition.BUILD_INFO, 1, build.version(), build.revision(), build.java());
        Map<String, String> runtimes = new HashMap<>();
        for (EngineReport engine : report.engines()) {
            runtimes.put(engine.host(), engine.runtime());
            samples.add(MetricDefinition.ENGINE_UP, engine.isUp(), engine.host());
            for (ExcludedContainer.Reason reason : ExcludedContainer.Reason.values()) {
                samples.add(
                        MetricDefinition.CONTAINERS_LEFT_OUT,
                        (double) engine.excludedCount(reason),
                        engine.host(),
                        reason.label());
            }
        }
        ContainerSeriesLabels labels = new ContainerSeriesLabels(report);
        for (ContainerReport container : report.containers()) {
            String runtime = runtimes.getOrDefault(container.container().engine(), "");
            Labels own = labels.of(container.container());
            addInfo(samples, container.container(), own, runtime);
            add(samples, container, own);
            paths.of(container).forEach(path -> add(samples, path, own));
        }
        return samples;
    }

    private static void addInfo(
            SampleSet samples, Container container, Labels labels, String runtime) {
        WorkloadLabels workload = container.workload();
        samples.add(
                MetricDefinition.CONTAINER_INFO,
                1,
                labels,
                runtime.isEmpty() ? container.id() : runtime + "://" + container.id(),
                container.image(),
                container.engine(),
                workload.composeProject(),
                workload.composeService(),
                workload.swarmService());
    }

    private static void add(SampleSet samples, ContainerReport report, Labels labels) {
        samples.add(
                MetricDefinition.CONTAINER_COMPLIANT,
                report.verdict() == Verdict.COMPLIANT,
                labels);
        samples.add(MetricDefinition.CONTAINER_VERIFIED, report.unproved().isEmpty(), labels);
        samples.add(
                MetricDefinition.CONTAINER_ROOTFS_DECLARED_READONLY,
                report.container().readonlyRootfs(),
                labels);
        report.probedAt()
                .ifPresent(at ->
                        samples.add(MetricDefinition.CONTAINER_LAST_PROBE, seconds(at), labels));
        for (Finding finding : report.findings()) {
            add(samples, finding, labels);
        }
    }

    private static void add(SampleSet samples, PathReport path, Labels labels) {
        samples.add(
                MetricDefinition.PATH_INFO,
                1,
                labels,
                path.path(),
                path.kind().label(),
                path.persistence().label(),
                path.declaredWritable().map(ReportWording::access).orElse("undeclared"));
        for (ProbeIdentity identity : ProbeIdentity.values()) {
            value(path, identity, ReportMetricsCollector::writable)
                    .ifPresent(v ->
                            samples.add(
                                    MetricDefinition.PATH_WRITABLE,
                                    v,
                                    labels,
                                    path.path(),
                                    identity.label()));
            value(path, identity, ReportMetricsCollector::executable)
                    .ifPresent(v ->
                            samples.add(
                                    MetricDefinition.PATH_EXECUTABLE,
                                    v,
                                    labels,
                                    path.path(),
                                    identity.label()));
        }
    }

    private static OptionalDouble value(
            PathReport path,
            ProbeIdentity identity,
            Function<PathObservation, Optional<Boolean>> what) {
        return path.observations().stream()
                .filter(o -> o.identity() == identity)
                // If witnesses disagree, procfs counts.
                .sorted(Comparator.comparing(o -> o.witness() != WitnessName.PROCFS))
                .flatMap(o -> what.apply(o).stream())
                .mapToDouble(v -> v ? 1 : 0)
                .findFirst();
    }

    private static Optional<Boolean> writable(PathObservation observation) {
        return switch (observation.write()) {
            case WriteResult.Writable() -> Optional.of(true);
            case WriteResult.Refused refused -> Optional.of(false);
            case WriteResult.Absent absent -> Optional.empty();
            case WriteResult.Inconclusive inconclusive -> Optional.empty();
        };
    }

    private static Optional<Boolean> executable(PathObservation observation) {
        return switch (observation.execute()) {
            case FileExecutionResult.Ran() -> Optional.of(true);
            case FileExecutionResult.Refused refused -> Optional.of(false);
            case FileExecutionResult.Untested untested -> Optional.empty();
        };
    }

    private static void add(SampleSet samples, Finding finding, Labels labels) {
        samples.add(
                MetricDefinition.FINDING,
                1,
                labels,
                finding.path(),
                finding.kind().label(),
                finding.severity().label(),
                Boolean.toString(finding.isWaived()));
        finding.waiver()
                .flatMap(WaiverNote::expires)
                .ifPresent(last ->
                        samples.add(
                                MetricDefinition.WAIVER_EXPIRY,
                                seconds(last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()),
                                labels,
                                finding.path(),
                                finding.kind().label(),
                                finding.waiver().map(WaiverNote::owner).orElse("")));
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }
}

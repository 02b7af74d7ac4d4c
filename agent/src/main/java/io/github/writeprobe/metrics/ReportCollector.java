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
import io.github.writeprobe.model.Workload;
import io.github.writeprobe.probes.FileExecution;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
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
final class ReportCollector implements MultiCollector {
    private final Supplier<Report> reports;
    private final Supplier<Duration> maxAge;
    private final Supplier<PathSeries> paths;
    private final BuildInfoLabels build;
    private volatile Optional<CachedSnapshots> latest = Optional.empty();

    ReportCollector(
            Supplier<Report> reports,
            Supplier<Duration> maxAge,
            Supplier<PathSeries> paths,
            BuildInfoLabels build) {
        this.reports = reports;
        this.maxAge = maxAge;
        this.paths = paths;
        this.build = build;
    }

    /// A report and its series. Most scrapes get the same report as the previous scrape.
    private record CachedSnapshots(
            Report report, Duration maxAge, PathSeries paths, MetricSnapshots snapshots) {
        @SuppressWarnings("ReferenceEquality") // comparing by value would take too long
        boolean isOf(Report current, Duration currentMaxAge, PathSeries currentPaths) {
            return report == current && maxAge.equals(currentMaxAge) && paths == currentPaths;
        }
    }

    @Override
    public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
        return Arrays.stream(MetricFamily.values())
                .map(f -> MetricFamilyDescriptor.of(f.type(), f.metadata(), f.labels()))
                .toList();
    }

    @Override
    public MetricSnapshots collect() {
        Report report = reports.get();
        Duration age = maxAge.get();
        PathSeries series = paths.get();
        CachedSnapshots cached =
                latest.filter(c -> c.isOf(report, age, series))
                        .orElseGet(() ->
                                new CachedSnapshots(
                                        report, age, series, snapshots(report, age, series)));
        latest = Optional.of(cached);
        return cached.snapshots();
    }

    private MetricSnapshots snapshots(Report report, Duration age, PathSeries series) {
        SampleSet samples = samples(report, build, series);
        samples.add(MetricFamily.VERDICT_MAX_AGE, age.toMillis() / 1000.0);
        return samples.snapshots();
    }

    /// The series of any report, also of one that no agent made.
    static SampleSet samples(Report report, BuildInfoLabels build, PathSeries paths) {
        SampleSet samples = new SampleSet();
        samples.add(MetricFamily.BUILD_INFO, 1, build.version(), build.revision(), build.java());
        Map<String, String> runtimes = new HashMap<>();
        for (EngineReport engine : report.engines()) {
            runtimes.put(engine.host(), engine.runtime());
            samples.add(MetricFamily.ENGINE_UP, engine.isUp(), engine.host());
            for (ExcludedContainer.Reason reason : ExcludedContainer.Reason.values()) {
                samples.add(
                        MetricFamily.CONTAINERS_LEFT_OUT,
                        (double) engine.excludedCount(reason),
                        engine.host(),
                        reason.label());
            }
        }
        ContainerLabels labels = new ContainerLabels(report);
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
        Workload workload = container.workload();
        samples.add(
                MetricFamily.CONTAINER_INFO,
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
                MetricFamily.CONTAINER_COMPLIANT, report.verdict() == Verdict.COMPLIANT, labels);
        samples.add(MetricFamily.CONTAINER_VERIFIED, report.unproved().isEmpty(), labels);
        samples.add(
                MetricFamily.CONTAINER_ROOTFS_DECLARED_READONLY,
                report.container().readonlyRootfs(),
                labels);
        report.probedAt()
                .ifPresent(
                        at -> samples.add(MetricFamily.CONTAINER_LAST_PROBE, seconds(at), labels));
        for (Finding finding : report.findings()) {
            add(samples, finding, labels);
        }
    }

    private static void add(SampleSet samples, PathReport path, Labels labels) {
        samples.add(
                MetricFamily.PATH_INFO,
                1,
                labels,
                path.path(),
                path.kind().label(),
                path.persistence().label(),
                path.declaredWritable().map(ReportWording::access).orElse("undeclared"));
        for (Identity identity : Identity.values()) {
            value(path, identity, ReportCollector::writable)
                    .ifPresent(v ->
                            samples.add(
                                    MetricFamily.PATH_WRITABLE,
                                    v,
                                    labels,
                                    path.path(),
                                    identity.label()));
            value(path, identity, ReportCollector::executable)
                    .ifPresent(v ->
                            samples.add(
                                    MetricFamily.PATH_EXECUTABLE,
                                    v,
                                    labels,
                                    path.path(),
                                    identity.label()));
        }
    }

    private static OptionalDouble value(
            PathReport path, Identity identity, Function<Observation, Optional<Boolean>> what) {
        return path.observations().stream()
                .filter(o -> o.identity() == identity)
                // If witnesses disagree, procfs counts.
                .sorted(Comparator.comparing(o -> o.witness() != WitnessName.PROCFS))
                .flatMap(o -> what.apply(o).stream())
                .mapToDouble(v -> v ? 1 : 0)
                .findFirst();
    }

    private static Optional<Boolean> writable(Observation observation) {
        return switch (observation.write()) {
            case Write.Writable() -> Optional.of(true);
            case Write.Refused refused -> Optional.of(false);
            case Write.Absent absent -> Optional.empty();
            case Write.Inconclusive inconclusive -> Optional.empty();
        };
    }

    private static Optional<Boolean> executable(Observation observation) {
        return switch (observation.execute()) {
            case FileExecution.Ran() -> Optional.of(true);
            case FileExecution.Refused refused -> Optional.of(false);
            case FileExecution.Untested untested -> Optional.empty();
        };
    }

    private static void add(SampleSet samples, Finding finding, Labels labels) {
        samples.add(
                MetricFamily.FINDING,
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
                                MetricFamily.WAIVER_EXPIRY,
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

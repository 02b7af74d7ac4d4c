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
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;

/// Makes series from the report. A container that is gone is not in the report, so its series end.
final class ReportCollector implements MultiCollector {
    private final Supplier<Report> reports;
    private final Supplier<Duration> maxAge;
    private final BuildInfoLabels build;
    private volatile Optional<CachedSnapshots> latest = Optional.empty();

    ReportCollector(Supplier<Report> reports, Supplier<Duration> maxAge, BuildInfoLabels build) {
        this.reports = reports;
        this.maxAge = maxAge;
        this.build = build;
    }

    /// A report and its series. Most scrapes get the same report as the previous scrape.
    private record CachedSnapshots(Report report, MetricSnapshots snapshots) {}

    @Override
    public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
        return Arrays.stream(MetricFamily.values())
                .map(f -> MetricFamilyDescriptor.of(f.type(), f.metadata(), f.labels()))
                .toList();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // comparing by value would take too long
    public MetricSnapshots collect() {
        Report report = reports.get();
        CachedSnapshots cached =
                latest.filter(w -> w.report() == report).orElseGet(() -> toSnapshots(report));
        latest = Optional.of(cached);
        return cached.snapshots();
    }

    private CachedSnapshots toSnapshots(Report report) {
        SampleSet samples = samples(report, build);
        samples.add(MetricFamily.VERDICT_MAX_AGE, maxAge.get().toMillis() / 1000.0);
        return new CachedSnapshots(report, samples.snapshots());
    }

    /// The series of any report, also of one that no agent made.
    static SampleSet samples(Report report, BuildInfoLabels build) {
        SampleSet samples = new SampleSet();
        samples.add(MetricFamily.BUILD_INFO, 1, build.version(), build.revision(), build.java());
        for (EngineReport engine : report.engines()) {
            samples.add(MetricFamily.ENGINE_UP, engine.isUp(), engine.host());
            for (ExcludedContainer.Reason reason : ExcludedContainer.Reason.values()) {
                samples.add(
                        MetricFamily.CONTAINERS_LEFT_OUT,
                        (double) engine.excludedCount(reason),
                        engine.host(),
                        reason.label());
            }
        }
        for (ContainerReport container : report.containers()) {
            add(samples, container);
        }
        return samples;
    }

    private static void add(SampleSet samples, ContainerReport report) {
        Container container = report.container();
        Workload workload = container.workload();
        String name = container.name();
        String id = container.id();
        samples.add(
                MetricFamily.CONTAINER_INFO,
                1,
                name,
                id,
                container.image(),
                container.engine(),
                workload.composeProject(),
                workload.composeService(),
                workload.swarmService(),
                workload.pod(),
                workload.namespace(),
                workload.kubernetesContainer());
        samples.add(
                MetricFamily.CONTAINER_COMPLIANT, report.verdict() == Verdict.COMPLIANT, name, id);
        samples.add(MetricFamily.CONTAINER_VERIFIED, report.unproved().isEmpty(), name, id);
        samples.add(
                MetricFamily.CONTAINER_ROOTFS_DECLARED_READONLY,
                container.readonlyRootfs(),
                name,
                id);
        report.probedAt()
                .ifPresent(at ->
                        samples.add(MetricFamily.CONTAINER_LAST_PROBE, seconds(at), name, id));
        for (PathReport path : report.paths()) {
            add(samples, path, name, id);
        }
        for (Finding finding : report.findings()) {
            add(samples, finding, name, id);
        }
    }

    private static void add(SampleSet samples, PathReport path, String name, String id) {
        samples.add(
                MetricFamily.PATH_INFO,
                1,
                name,
                id,
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
                                    name,
                                    id,
                                    path.path(),
                                    identity.label()));
            value(path, identity, ReportCollector::executable)
                    .ifPresent(v ->
                            samples.add(
                                    MetricFamily.PATH_EXECUTABLE,
                                    v,
                                    name,
                                    id,
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

    private static void add(SampleSet samples, Finding finding, String name, String id) {
        samples.add(
                MetricFamily.FINDING,
                1,
                name,
                id,
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
                                name,
                                id,
                                finding.path(),
                                finding.kind().label(),
                                finding.waiver().map(WaiverNote::owner).orElse("")));
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }
}

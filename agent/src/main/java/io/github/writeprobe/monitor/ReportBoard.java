package io.github.writeprobe.monitor;

import io.github.writeprobe.judge.SharedFilesystemAnnotator;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// The current state of all engines and containers. The monitor updates it, and a report can be
/// read at any time from any thread.
///
/// Ages are computed when the report is read. So if the monitor hangs, its last verdicts still
/// become out of date.
public final class ReportBoard {
    private final String toolVersion;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<String, EngineEntries> engines = new LinkedHashMap<>();
    private final VerdictChangeHistory history = new VerdictChangeHistory();
    private MonitorSettings settings;
    private Instant passStarted;
    private Duration passTook = Duration.ZERO;
    private Optional<CachedReport> shown = Optional.empty();

    public ReportBoard(String toolVersion, MonitorSettings settings, Clock clock) {
        this(toolVersion, settings, clock, System::nanoTime);
    }

    /// @param clock for the times in the report
    /// @param nanoTime for ages: like [System#nanoTime()]
    ReportBoard(String toolVersion, MonitorSettings settings, Clock clock, LongSupplier nanoTime) {
        this.toolVersion = toolVersion;
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.passStarted = clock.instant();
    }

    /// A cached report, and the time until which nothing else in it becomes out of date.
    private record CachedReport(Report report, long until) {}

    /// @param probedAt when the witnesses were started; empty if they were not
    private record Entry(ContainerReport report, OptionalLong probedAt) {}

    /// The part of one engine.
    private static final class EngineEntries {
        private EngineReport engine;
        private long contact;
        private boolean passed;
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        EngineEntries(EngineReport engine, long contact) {
            this.engine = engine;
            this.contact = contact;
        }
    }

    synchronized void open(String host, String trouble) {
        shown = Optional.empty();
        engines.put(
                host,
                new EngineEntries(
                        new EngineReport(host, "", "", List.of(), Optional.of(trouble)),
                        nanoTime.getAsLong()));
    }

    synchronized void close(String host) {
        shown = Optional.empty();
        engines.remove(host);
    }

    synchronized void engine(EngineReport report) {
        shown = Optional.empty();
        entriesOf(report.host()).engine = report;
    }

    /// The engine has answered a request that shows which containers run.
    synchronized void contact(String host, long at) {
        EngineEntries entries = entriesOf(host);
        if (silent(entries, at)) {
            shown = Optional.empty();
        }
        entries.contact = at;
    }

    /// @return the report as it is shown
    synchronized ContainerReport put(ContainerReport report, OptionalLong probedAt) {
        confirm(report, probedAt);
        return fresh(
                new Entry(report, probedAt),
                entriesOf(report.container().engine()),
                nanoTime.getAsLong());
    }

    /// Replaces a report with one that has the same verdict, of a later probe.
    synchronized void confirm(ContainerReport report, OptionalLong probedAt) {
        shown = Optional.empty();
        entriesOf(report.container().engine())
                .entries
                .put(report.container().id(), new Entry(report, probedAt));
    }

    synchronized void remove(String host, String id) {
        shown = Optional.empty();
        entriesOf(host).entries.remove(id);
    }

    /// A cycle over an engine is complete.
    synchronized void cycleCompleted(String host, Duration took) {
        shown = Optional.empty();
        entriesOf(host).passed = true;
        passTook = took;
        passStarted = clock.instant().minus(took);
    }

    synchronized void settings(MonitorSettings now) {
        shown = Optional.empty();
        settings = now;
    }

    private EngineEntries entriesOf(String host) {
        EngineEntries entries = engines.get(host);
        if (entries == null) {
            throw new IllegalArgumentException("no engine " + host);
        }
        return entries;
    }

    /// The current settings.
    public synchronized MonitorSettings settings() {
        return settings;
    }

    /// The changes of verdicts since the start.
    public VerdictChangeHistory history() {
        return history;
    }

    /// The engines over which no cycle is complete yet, with the reason.
    public synchronized List<EngineReport> enginesWithoutCycle() {
        return engines.values().stream().filter(p -> !p.passed).map(p -> p.engine).toList();
    }

    /// The report at this moment. A container whose result is out of date is unverified, never
    /// compliant.
    ///
    /// @return the same instance as long as nothing has changed
    public synchronized Report report() {
        long now = nanoTime.getAsLong();
        if (shown.filter(s -> now - s.until() <= 0).isEmpty()) {
            shown = Optional.of(show(now));
        }
        return shown.get().report();
    }

    /// The containers at this moment, in no order. A container whose result is out of date is
    /// unverified.
    synchronized List<ContainerReport> containers() {
        long now = nanoTime.getAsLong();
        List<ContainerReport> containers = new ArrayList<>();
        for (EngineEntries entries : engines.values()) {
            for (Entry entry : entries.entries.values()) {
                containers.add(fresh(entry, entries, now));
            }
        }
        return containers;
    }

    private CachedReport show(long now) {
        List<ContainerReport> containers = new ArrayList<>();
        long fresh = settings.maxAge().plus(settings.patience()).toNanos();
        for (EngineEntries entries : engines.values()) {
            fresh = soonest(fresh, entries.contact + settings.patience().toNanos() - now);
            for (Entry entry : entries.entries.values()) {
                containers.add(fresh(entry, entries, now));
                if (entry.probedAt().isPresent()) {
                    long end = entry.probedAt().getAsLong() + settings.maxAge().toNanos();
                    fresh = soonest(fresh, end - now);
                }
            }
        }
        Report report =
                new Report(
                        toolVersion,
                        engines.values().stream().map(p -> p.engine).toList(),
                        passStarted,
                        passTook,
                        SharedFilesystemAnnotator.annotate(containers));
        return new CachedReport(report, now + fresh);
    }

    /// Something that is already out of date needs no further update.
    private static long soonest(long soonest, long next) {
        return next < 0 ? soonest : Math.min(soonest, next);
    }

    private boolean silent(EngineEntries entries, long now) {
        return now - entries.contact > settings.patience().toNanos();
    }

    private ContainerReport fresh(Entry entry, EngineEntries entries, long now) {
        if (silent(entries, now)) {
            return entry.report()
                    .withUnproved(
                            "no answer from the engine since "
                                    + ago(now - entries.contact)
                                    + "; the result is out of date");
        }
        boolean stale =
                entry.probedAt().isPresent()
                        && now - entry.probedAt().getAsLong() > settings.maxAge().toNanos();
        return stale
                ? entry.report()
                        .withUnproved(
                                "no probe since "
                                        + ago(now - entry.probedAt().getAsLong())
                                        + "; the result is out of date")
                : entry.report();
    }

    private Instant ago(long nanos) {
        return clock.instant().minusNanos(nanos).truncatedTo(ChronoUnit.SECONDS);
    }
}

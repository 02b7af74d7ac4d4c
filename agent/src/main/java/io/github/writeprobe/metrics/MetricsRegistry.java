package io.github.writeprobe.metrics;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.ChangeOrigin;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.monitor.MonitorListener;
import io.github.writeprobe.monitor.Trigger;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// All exported metrics: those of the report first, and then those of the agent itself.
///
/// Every series that is known in advance exists from the start, with the value 0: the first
/// increment of a series that did not exist before has no rate.
public final class MetricsRegistry implements MonitorListener {
    private static final Duration[] BUCKETS =
            Stream.of(1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    /// In bytes: the usual length of the series that are not of the report.
    private static final int OTHERS_LENGTH = 1 << 15;

    private static final Duration IDLE = Duration.ofSeconds(60);

    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Map<WitnessName, WitnessMeters> byWitness = new EnumMap<>(WitnessName.class);
    private final Counter events =
            counter(
                    "writeprobe.engine.events",
                    "Engine events that the agent received and reacts to.");
    private final Counter reconnects =
            counter(
                    "writeprobe.engine.reconnects",
                    "Times that an engine's event stream was lost and opened again.");
    private volatile boolean lastReloadSuccessful = true;
    private final Clock clock;
    private volatile Instant lastReloadSuccess;
    private volatile PathSeriesScope paths;
    private final ReportExposition ofReport;

    /// A platform thread. In a virtual thread, a `BufferedWriter` begins with a small buffer and
    /// lets it grow by each character that does not fit, which copies and discards some 60 MB for
    /// each response.
    private final ExecutorService writerThread;

    /// @param reports supplies the current report
    /// @param maxAge the age at which a verdict is stale
    /// @param paths the paths that have series at first
    public MetricsRegistry(
            Supplier<Report> reports,
            Supplier<Duration> maxAge,
            PathSeriesScope paths,
            BuildInfoLabels build,
            Clock clock) {
        this.paths = paths;
        this.clock = clock;
        this.lastReloadSuccess = clock.instant();
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("metrics").factory());
        one.allowCoreThreadTimeOut(true);
        this.writerThread = one;
        meters.throwExceptionOnRegistrationFailure();
        for (WitnessName witness : WitnessName.values()) {
            byWitness.put(witness, new WitnessMeters(probes(witness), probeDuration(witness)));
            cycleDuration(witness);
            for (InconclusiveCause cause : InconclusiveCause.values()) {
                failures(witness, cause);
            }
        }
        for (Trigger trigger : Trigger.values()) {
            detectionLatency(trigger);
        }
        for (ChangeOrigin origin : ChangeOrigin.values()) {
            mountChanges(origin);
        }
        Gauge.builder(
                        "writeprobe.config.last.reload.successful",
                        () -> lastReloadSuccessful ? 1 : 0)
                .description(
                        "Whether the last reload of the configuration succeeded (1) or failed (0).")
                .strongReference(true)
                .register(meters);
        Gauge.builder(
                        "writeprobe.config.last.reload.success.timestamp",
                        () -> lastReloadSuccess.toEpochMilli() / 1000.0)
                .baseUnit("seconds")
                .description(
                        "When the current configuration was loaded, in seconds since the"
                                + " epoch.")
                .strongReference(true)
                .register(meters);
        ofReport =
                new ReportExposition(
                        new ReportMetricsCollector(reports, maxAge, () -> this.paths, build));
        PrometheusRegistry registry = meters.getPrometheusRegistry();
        ProcessMetrics.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
    }

    /// Kept, because they are used for each container in each cycle, and looking one up costs as
    /// much as some system calls.
    private record WitnessMeters(Counter probes, Timer probeDuration) {}

    private Counter counter(String name, String help) {
        return Counter.builder(name).description(help).register(meters);
    }

    private Counter mountChanges(ChangeOrigin origin) {
        return Counter.builder("writeprobe.mount.changes")
                .description(
                        "Changes of containers' mount tables, compared with the previous read, by"
                                + " where the process ran that made them.")
                .tag("origin", origin.label())
                .register(meters);
    }

    private Counter probes(WitnessName witness) {
        return Counter.builder("writeprobe.probes")
                .description("Attempts by one witness, as one identity, to write at one path.")
                .tag("witness", witness.label())
                .register(meters);
    }

    private Counter failures(WitnessName witness, InconclusiveCause cause) {
        return Counter.builder("writeprobe.probe.failures")
                .description("Inconclusive attempts, by cause.")
                .tag("witness", witness.label())
                .tag("cause", cause.label())
                .register(meters);
    }

    private Timer probeDuration(WitnessName witness) {
        return timer(
                "writeprobe.probe.duration",
                "Time that a witness took for all paths of one container, as one identity.",
                "witness",
                witness.label());
    }

    private Timer cycleDuration(WitnessName witness) {
        return timer(
                "writeprobe.cycle.duration",
                "Time of one cycle over one engine, until the last container was probed.",
                "witness",
                witness.label());
    }

    private Timer detectionLatency(Trigger trigger) {
        return timer(
                "writeprobe.detection.latency",
                "Time from an event, or for poll from the previous probe of the container, until"
                        + " the verdict.",
                "trigger",
                trigger.label());
    }

    private Timer timer(String name, String help, String label, String value) {
        return Timer.builder(name)
                .description(help)
                .tag(label, value)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    @Override
    public void probed(ProbeResult result, int asked) {
        WitnessName witness = result.witness();
        WitnessMeters used = requireNonNull(byWitness.get(witness));
        used.probeDuration().record(result.took());
        if (result.observations().isEmpty()) {
            used.probes().increment(asked);
            result.trouble().ifPresent(t -> failures(witness, t.cause()).increment(asked));
            return;
        }
        used.probes().increment(result.triedCount());
        for (PathObservation observation : result.observations()) {
            if (observation.write()
                    instanceof WriteResult.Inconclusive(InconclusiveCause cause, String detail)) {
                failures(witness, cause).increment();
            }
        }
    }

    @Override
    public void cycleCompleted(WitnessName witness, Duration took) {
        cycleDuration(witness).record(took);
    }

    @Override
    public void verdictChanged(Trigger trigger, Duration latency) {
        detectionLatency(trigger).record(latency);
    }

    @Override
    public void mountTableChanged(ChangeOrigin origin) {
        mountChanges(origin).increment();
    }

    @Override
    public void eventReceived() {
        events.increment();
    }

    @Override
    public void reconnected() {
        reconnects.increment();
    }

    /// A new configuration is in use.
    ///
    /// @param series the paths that have series from now on
    public void configReloaded(PathSeriesScope series) {
        paths = series;
        lastReloadSuccess = clock.instant();
        lastReloadSuccessful = true;
    }

    /// A reload failed, and the previous configuration stays in use.
    public void configReloadFailed() {
        lastReloadSuccessful = false;
    }

    /// The best format that the client accepts. Prometheus may prefer protobuf, which is not
    /// available here; it always accepts a text format too.
    private ExpositionFormatWriter writer(String accept) {
        ExpositionFormatWriter best = formats.findWriter(accept);
        if (best.isAvailable()) {
            return best;
        }
        ExpositionFormatWriter openMetrics = formats.getOpenMetricsTextFormatWriter();
        return openMetrics.accepts(accept) ? openMetrics : formats.getPrometheusTextFormatWriter();
    }

    /// @param accept the request's Accept header; empty for none
    public ScrapeResponse scrape(String accept) {
        try {
            return writerThread.submit(() -> write(accept)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private ScrapeResponse write(String accept) {
        ExpositionFormatWriter writer = writer(accept);
        ByteArrayOutputStream others = new ByteArrayOutputStream(OTHERS_LENGTH);
        byte[] report;
        try {
            report = ofReport.text(writer);
            writer.write(others, meters.getPrometheusRegistry().scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] body = Arrays.copyOf(report, report.length + others.size());
        System.arraycopy(others.toByteArray(), 0, body, report.length, others.size());
        return new ScrapeResponse(writer.getContentType(), body);
    }
}

package io.github.writeprobe.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.ReportFormat;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Writer;

/// The report as metrics for node_exporter's textfile collector, with the same names as the
/// agent's.
///
/// A file does not expire, so `writeprobe_verdict_max_age_seconds` is not in it. The time at which
/// each container was probed is.
public final class PrometheusTextfileFormat implements ReportFormat {
    private final BuildInfoLabels build;
    private final PathSeriesScope paths;

    /// @param paths the paths that have series
    public PrometheusTextfileFormat(BuildInfoLabels build, PathSeriesScope paths) {
        this.build = build;
        this.paths = paths;
    }

    @Override
    public void write(Report report, Writer out) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 14);
        PrometheusTextFormatWriter.create()
                .write(text, ReportMetricsCollector.samples(report, build, paths).snapshots());
        out.write(text.toString(UTF_8));
        out.flush();
    }
}

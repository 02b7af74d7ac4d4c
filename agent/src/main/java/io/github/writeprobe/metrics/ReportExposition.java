package io.github.writeprobe.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// The series of the report as text, which is nearly all of a response. They are written once for
/// all scrapes until the report changes.
final class ReportExposition {
    /// The last line in the format OpenMetrics. The other series follow here.
    private static final byte[] END = "# EOF\n".getBytes(UTF_8);

    private final ReportMetricsCollector collector;
    private volatile Optional<Text> latest = Optional.empty();

    ReportExposition(ReportMetricsCollector collector) {
        this.collector = collector;
        // Checks that the names are valid, and that none is there twice.
        new PrometheusRegistry().register(collector);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Text(MetricSnapshots snapshots, String contentType, byte[] bytes) {
        @SuppressWarnings("ReferenceEquality") // comparing by value would take too long
        boolean isOf(MetricSnapshots current, String currentContentType) {
            return snapshots == current && contentType.equals(currentContentType);
        }
    }

    /// @return the text, which must not be modified; without an end line, so that others follow
    byte[] text(ExpositionFormatWriter writer) throws IOException {
        MetricSnapshots snapshots = collector.collect();
        String contentType = writer.getContentType();
        Optional<Text> before = latest.filter(t -> t.isOf(snapshots, contentType));
        if (before.isPresent()) {
            return before.get().bytes();
        }
        // As large as the last text: to grow by doubling would allocate three times as much.
        int length = latest.map(t -> t.bytes().length).orElse(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + (length >> 4) + (1 << 12));
        writer.write(out, snapshots);
        Text now = new Text(snapshots, contentType, withoutEnd(out.toByteArray()));
        latest = Optional.of(now);
        return now.bytes();
    }

    private static byte[] withoutEnd(byte[] text) {
        int end = text.length - END.length;
        return end >= 0 && Arrays.equals(text, end, text.length, END, 0, END.length)
                ? Arrays.copyOf(text, end)
                : text;
    }
}

package io.github.writeprobe.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values by family and labels.
///
/// A label set occurs only once, whatever paths a container has: Prometheus rejects a whole scrape
/// with a duplicate series.
final class SampleSet {
    /// Labels are untrusted texts, and Prometheus stores all of them in memory.
    private static final int MAX_LABEL_LENGTH = 1024;

    /// In bytes of a SHA-256. Two texts do not have the same 64 bits by accident. An attacker who
    /// constructs such texts only hides one path of a container behind another path of the same
    /// container.
    private static final int DIGEST_BYTES = 8;

    private final Map<MetricDefinition, Map<Labels, Double>> values =
            new EnumMap<>(MetricDefinition.class);

    void add(MetricDefinition family, double value, String... labels) {
        add(family, value, Labels.EMPTY, labels);
    }

    void add(MetricDefinition family, boolean value, String... labels) {
        add(family, value ? 1 : 0, labels);
    }

    /// @param container made by [ContainerSeriesLabels]
    /// @param labels the values of the family's own labels
    void add(MetricDefinition family, double value, Labels container, String... labels) {
        if (labels.length != family.ownLabels().size()
                || container.isEmpty() == family.isOfContainer()) {
            throw new IllegalArgumentException(family + " has other labels");
        }
        Labels all =
                labels.length == 0
                        ? container
                        : container.merge(Labels.of(family.ownLabels(), truncated(labels)));
        values.computeIfAbsent(family, f -> new LinkedHashMap<>()).putIfAbsent(all, value);
    }

    void add(MetricDefinition family, boolean value, Labels container, String... labels) {
        add(family, value ? 1 : 0, container, labels);
    }

    private static List<String> truncated(String... texts) {
        return Arrays.stream(texts).map(SampleSet::truncated).toList();
    }

    /// A text that is too long is truncated and ends with a digest, so that different texts stay
    /// different.
    static String truncated(String text) {
        if (text.length() <= MAX_LABEL_LENGTH) {
            return text;
        }
        int end =
                Character.isHighSurrogate(text.charAt(MAX_LABEL_LENGTH - 1))
                        ? MAX_LABEL_LENGTH - 1
                        : MAX_LABEL_LENGTH;
        return text.substring(0, end) + "…" + digest(text);
    }

    private static String digest(String text) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(all, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    MetricSnapshots snapshots() {
        return new MetricSnapshots(
                values.entrySet().stream().map(e -> snapshot(e.getKey(), e.getValue())).toList());
    }

    private static MetricSnapshot snapshot(MetricDefinition family, Map<Labels, Double> values) {
        return family.type() == MetricType.INFO
                ? new InfoSnapshot(
                        family.metadata(),
                        values.keySet().stream()
                                .map(InfoSnapshot.InfoDataPointSnapshot::new)
                                .toList())
                : new GaugeSnapshot(
                        family.metadata(),
                        values.entrySet().stream()
                                .map(e ->
                                        new GaugeSnapshot.GaugeDataPointSnapshot(
                                                e.getValue(), e.getKey(), null))
                                .toList());
    }
}

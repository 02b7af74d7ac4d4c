package io.github.writeprobe.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `docs/metrics.md` as a list: a section for each metric, and a table with the values of labels.
record MetricsPage(List<Metric> metrics, Map<String, Set<String>> labels) {
    /// The labels whose values are all in the table.
    static final Set<String> CLOSED =
            Set.of("kind", "severity", "waived", "witness", "trigger", "identity", "persistence");

    private static final Pattern SECTION =
            Pattern.compile("(?ms)^### `([a-z_]+)`\n(.*?)(?=^##|\\z)");
    private static final Pattern FIELD = Pattern.compile("(?ms)^- \\*\\*(.+?):\\*\\* (.*?)$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[a-z_`, ]+`) \\| (.*) \\|$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern QUERY = Pattern.compile("(?ms)^```promql\n(.*?)^```$");

    record Metric(
            String name,
            String type,
            Set<String> labels,
            Set<String> fields,
            List<String> queries) {
        /// The names under which it is scraped.
        Stream<String> series() {
            return type.equals("histogram")
                    ? Stream.of("_bucket", "_sum", "_count").map(name::concat)
                    : Stream.of(name);
        }
    }

    static MetricsPage read() {
        String page = Deployed.text("docs/metrics.md");
        List<Metric> metrics = new ArrayList<>();
        for (MatchResult section : SECTION.matcher(page).results().toList()) {
            Map<String, String> fields =
                    FIELD.matcher(section.group(2))
                            .results()
                            .collect(Collectors.toMap(f -> f.group(1), f -> f.group(2)));
            metrics.add(
                    new Metric(
                            section.group(1),
                            fields.getOrDefault("Type", ""),
                            quoted(fields.getOrDefault("Labels", "")),
                            fields.keySet(),
                            queries(section.group(2))));
        }
        Map<String, Set<String>> labels = new HashMap<>();
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            for (String label : quoted(row.group(1))) {
                labels.put(label, quoted(row.group(2)));
            }
        }
        return new MetricsPage(metrics, labels);
    }

    static List<String> queries(String markdown) {
        return QUERY.matcher(markdown).results().map(q -> q.group(1)).toList();
    }

    /// What is scraped, with the labels of each.
    Map<String, Set<String>> series() {
        Map<String, Set<String>> series = new HashMap<>();
        for (Metric metric : metrics) {
            metric.series()
                    .forEach(name -> {
                        Set<String> all = new HashSet<>(metric.labels());
                        if (name.endsWith("_bucket")) {
                            all.add("le");
                        }
                        series.put(name, all);
                    });
        }
        return series;
    }

    private static Set<String> quoted(String text) {
        return QUOTED.matcher(text).results().map(q -> q.group(1)).collect(Collectors.toSet());
    }
}

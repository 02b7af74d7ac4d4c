package io.github.writeprobe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The files that an operator deploys, and the pages about them.
final class Deployed {
    static final List<String> RULES =
            List.of(
                    "config/prometheus/alerts.yml",
                    "config/prometheus/recording.yml",
                    "config/prometheus/fleet.yml");
    static final List<String> RULE_TESTS =
            List.of(
                    "config/prometheus/alerts_test.yml",
                    "config/prometheus/recording_test.yml",
                    "config/prometheus/fleet_test.yml");
    static final String ALERTMANAGER = "config/alertmanager/alertmanager.yml";
    static final String DASHBOARD = "config/grafana/writeprobe.json";
    static final String RUNBOOK = "docs/alerts.md";
    static final List<String> PAGES =
            List.of(RUNBOOK, "docs/monitoring.md", "docs/metrics.md", "docs/fleet.md");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Deployed() {}

    static String text(String file) {
        try {
            return Files.readString(Path.of("..").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A JSON or YAML file.
    static JsonNode tree(String file) {
        try {
            return file.endsWith(".json")
                    ? JSON.readTree(text(file))
                    : JSON.valueToTree(
                            new Load(LoadSettings.builder().build()).loadFromString(text(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> rules() {
        return RULES.stream()
                .flatMap(f -> tree(f).get("groups").valueStream())
                .flatMap(g -> g.get("rules").valueStream())
                .toList();
    }

    static List<JsonNode> alerts() {
        return rules().stream().filter(r -> r.has("alert")).toList();
    }

    static List<String> recordedSeries() {
        return rules().stream()
                .filter(r -> r.has("record"))
                .map(r -> r.get("record").asText())
                .toList();
    }

    static Stream<JsonNode> panels() {
        return tree(DASHBOARD).get("panels").valueStream();
    }
}

package io.github.writeprobe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The dashboard can be imported anywhere, and says of each panel what it shows. How it looks, only
/// Grafana knows.
class DashboardTest {
    private static final String DATASOURCE = "${datasource}";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z_]+)");
    private static final Set<String> BUILT_IN =
            Set.of("__rate_interval", "__interval", "__range", "__all");

    record Panel(String title, JsonNode node) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Panel> panels() {
        return Deployed.panels()
                .filter(p -> !p.get("type").asText().equals("row"))
                .map(p -> new Panel(p.path("title").asText(), p))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("panels")
    void aPanelDescribesWhatItShows(Panel panel) {
        assertThat(panel.title()).isNotBlank();
        assertThat(panel.node().path("description").asText()).endsWith(".");
        assertThat(panel.node().at("/fieldConfig/defaults/unit").asText()).isNotBlank();
        assertThat(panel.node().get("targets").valueStream().map(t -> t.get("refId").asText()))
                .isNotEmpty()
                .doesNotHaveDuplicates();
        assertThat(panel.node().get("targets").valueStream())
                .allMatch(t -> !t.path("expr").asText().isBlank());
    }

    @Test
    void noDatasourceIsNamed() {
        assertThat(Deployed.tree(Deployed.DASHBOARD).findValues("datasource"))
                .hasSizeGreaterThan(panels().size())
                .allMatch(
                        d -> Set.of(DATASOURCE, "-- Grafana --").contains(d.path("uid").asText()));
        assertThat(panels()).allMatch(p -> p.node().has("datasource"));
    }

    @Test
    void everyVariableThatIsUsedExistsAndEveryOneIsUsed() {
        JsonNode dashboard = Deployed.tree(Deployed.DASHBOARD);
        Set<String> used =
                Stream.of("expr", "uid", "query")
                        .flatMap(f -> dashboard.findValues(f).stream())
                        .flatMap(q ->
                                VARIABLE.matcher(
                                                q.isTextual()
                                                        ? q.asText()
                                                        : q.path("query").asText())
                                        .results())
                        .map(v -> v.group(1))
                        .filter(v -> !BUILT_IN.contains(v))
                        .collect(Collectors.toSet());

        assertThat(dashboard.at("/templating/list").valueStream().map(v -> v.get("name").asText()))
                .containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void panelsHaveNumbersOfTheirOwnAndDoNotLieOnEachOther() {
        Set<String> squares = new HashSet<>();
        Set<Integer> ids = new HashSet<>();

        assertThat(Deployed.panels())
                .allSatisfy(p -> {
                    assertThat(ids.add(p.get("id").asInt())).isTrue();
                    JsonNode at = p.get("gridPos");
                    for (int x = at.get("x").asInt();
                            x < at.get("x").asInt() + at.get("w").asInt();
                            x++) {
                        for (int y = at.get("y").asInt();
                                y < at.get("y").asInt() + at.get("h").asInt();
                                y++) {
                            assertThat(x).isLessThan(24);
                            assertThat(squares.add(x + "," + y)).isTrue();
                        }
                    }
                });
    }

    @Test
    void grafanaTenReadsIt() {
        JsonNode dashboard = Deployed.tree(Deployed.DASHBOARD);

        assertThat(dashboard.get("schemaVersion").asInt()).isBetween(36, 38);
        assertThat(dashboard.get("id").isNull()).isTrue();
        assertThat(dashboard.get("uid").asText()).isEqualTo("writeprobe");
    }
}

package io.github.writeprobe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `-Dgolden.update=true` makes the file anew.
class PrometheusRuleTest {
    @Test
    void theFileIsMadeFromTheRules() throws Exception {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(
                    Path.of("..").resolve(PrometheusRuleFile.PATH), PrometheusRuleFile.ofRules());
        }
        assertThat(Deployed.text(PrometheusRuleFile.PATH)).isEqualTo(PrometheusRuleFile.ofRules());
    }

    /// Its text could mean something else at another depth.
    @Test
    void itHasTheSameRules() {
        assertThat(groups(Deployed.tree(PrometheusRuleFile.PATH).at("/spec/groups")))
                .isEqualTo(
                        Deployed.RULES.stream()
                                .flatMap(file -> groups(Deployed.tree(file).get("groups")).stream())
                                .toList());
    }

    private static List<JsonNode> groups(JsonNode list) {
        return list.valueStream().toList();
    }
}

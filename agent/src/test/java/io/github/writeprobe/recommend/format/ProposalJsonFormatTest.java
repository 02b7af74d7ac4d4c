package io.github.writeprobe.recommend.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.prove.ProofResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProposalJsonFormatTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String schemaText = Files.readString(Path.of("../config/proposal.schema.json"));
    private final Schema schema =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schemaText, InputFormat.JSON);

    ProposalJsonFormatTest() throws IOException {}

    @ParameterizedTest
    @ValueSource(strings = {"none", "nothing", "web", "shop", "swarm", "pods", "mounts", "hostile"})
    void everyProposalIsAsTheSchemaDescribes(String name) {
        assertThat(errors(text(name))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/schema, \"writeprobe/report/v1\"",
        "/tool/name, \"other\"",
        "/proposals/0/extra, 1",
        "/proposals/0/readOnly, false",
        "/proposals/0/watchedSeconds, -1",
        "/proposals/0/container/id, \"web\"",
        "/proposals/0/container/composeProject, \"\"",
        "/proposals/0/provisions/0/kind, \"guess\"",
        "/proposals/0/provisions/0/bytes, 0",
        "/proposals/0/provisions/1/mode, \"777\"",
        "/proposals/0/provisions/1/uid, -1",
        "/proposals/0/provisions/1/path, \"run\"",
        "/proposals/0/provisions/1/evidence, []",
        "/proposals/0/provisions/1/evidence/0/source, \"rumour\"",
        "/proposals/0/proof/outcome, \"likely\"",
        "/proposals/0/proof/exercise, \"prayer\"",
    })
    void theSchemaRefusesWhatIsWrong(String place, String value) throws IOException {
        ObjectNode document = (ObjectNode) MAPPER.readTree(text("web"));
        int slash = place.lastIndexOf('/');
        JsonNode parent = document.at(place.substring(0, slash));
        String key = place.substring(slash + 1);
        assertThat(parent.isMissingNode()).isFalse();
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), MAPPER.readTree(value));
        } else {
            ((ObjectNode) parent).set(key, MAPPER.readTree(value));
        }
        assertThat(errors(MAPPER.writeValueAsString(document))).isNotEmpty();
    }

    @Test
    void theSchemaKnowsAllValues() throws IOException {
        assertThat(enumValues("/$defs/source/enum"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(WriteEvidenceSource.values())
                                .map(WriteEvidenceSource::label)
                                .toList());
        assertThat(enumValues("/$defs/proof/properties/outcome/enum"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ProofResult.Outcome.values())
                                .map(ProofResult.Outcome::label)
                                .toList());
        assertThat(enumValues("/$defs/proof/properties/exercise/enum"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ProofResult.Exercise.values())
                                .map(e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .toList());
        assertThat(enumValues("/$defs/kept/properties/mount/enum"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(MountKind.values()).map(MountKind::label).toList());
    }

    @Test
    void hostilePathsAreExact() throws IOException {
        JsonNode provisions = MAPPER.readTree(text("hostile")).at("/proposals/0/provisions");
        assertThat(
                        StreamSupport.stream(provisions.spliterator(), false)
                                .filter(p -> p.get("kind").asText().equals("kept"))
                                .map(p -> p.get("path").asText()))
                .isEqualTo(SampleRecommendations.PATHS);
    }

    @Test
    void itIsVisibleAscii() {
        assertThat(text("hostile")).matches("[\\x20-\\x7e\\n]*");
    }

    private static String text(String name) {
        return SampleRecommendations.text(new ProposalJsonFormat("1.2.3"), name);
    }

    private List<Error> errors(String json) {
        return schema.validate(json, InputFormat.JSON);
    }

    private List<String> enumValues(String place) throws IOException {
        return StreamSupport.stream(MAPPER.readTree(schemaText).at(place).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}

package io.github.writeprobe.report;

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
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.InconclusiveCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormatTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String schemaText = read(Path.of("../config/report.schema.json"));
    private final Schema schema =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schemaText, InputFormat.JSON);

    @ParameterizedTest
    @ValueSource(strings = {"empty", "compliant", "mixed", "hostile"})
    void everyReportIsAsTheSchemaDescribes(String name) {
        assertThat(errors(Rendered.text(new JsonFormat(), name))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/schema, \"writeprobe/report/v2\"",
        "/tool/name, \"other\"",
        "/startedAt, \"yesterday\"",
        "/durationSeconds, -1",
        "/summary/compliant, \"2\"",
        "/summary/findings/wrong, 1",
        "/summary/extra, 1",
        "/engines/0/version, \"\"",
        "/engines/1/error, 3",
        "/containers/0/id, \"abc\"",
        "/containers/0/verdict, \"ok\"",
        "/containers/0/privileged, null",
        "/containers/0/composeProject, \"\"",
        "/containers/0/extra, 1",
        "/containers/0/witnesses/0/name, \"rumour\"",
        "/containers/0/paths/0/declared, \"maybe\"",
        "/containers/0/paths/0/mount/kind, \"nfs\"",
        "/containers/0/paths/0/expectation/access, \"none\"",
        "/containers/0/paths/0/observations/0/write, \"perhaps\"",
        "/containers/0/paths/0/observations/0/write, \"refused\"",
        "/containers/0/paths/0/observations/0/errno, \"EROFS\"",
        "/containers/0/paths/0/observations/0/execute, \"yes\"",
        "/containers/0/findings/0/kind, \"odd\"",
        "/containers/0/findings/0/severity, \"urgent\"",
        "/containers/0/findings/0/waiver, {}",
        "/containers/5/findings/0/waiver/expires, \"2027-02-31\"",
    })
    void theSchemaRefusesAWrongValue(String pointer, String value) throws IOException {
        JsonNode report = MAPPER.readTree(Rendered.text(new JsonFormat(), "mixed"));
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = report.at(pointer.substring(0, slash));
        assertThat(parent.isObject()).isTrue();
        ((ObjectNode) parent).set(pointer.substring(slash + 1), MAPPER.readTree(value));
        assertThat(errors(report.toString())).isNotEmpty();
    }

    @Test
    void theSchemaRefusesEveryObjectThatLacksARequiredField() throws IOException {
        JsonNode root = MAPPER.readTree(schemaText);
        JsonNode report = MAPPER.readTree(Rendered.text(new JsonFormat(), "mixed"));
        for (JsonNode required : root.at("/$defs/container/required")) {
            assertRefusedWithout(report, "/containers/0", required.asText());
        }
        for (JsonNode required : root.at("/$defs/finding/required")) {
            assertRefusedWithout(report, "/containers/0/findings/0", required.asText());
        }
        for (JsonNode required : root.at("/$defs/observation/required")) {
            assertRefusedWithout(report, "/containers/0/paths/0/observations/0", required.asText());
        }
        for (JsonNode required : root.at("/required")) {
            assertRefusedWithout(report, "", required.asText());
        }
    }

    private void assertRefusedWithout(JsonNode report, String pointer, String field) {
        JsonNode copy = report.deepCopy();
        ((ObjectNode) copy.at(pointer)).remove(field);
        assertThat(errors(copy.toString())).as(pointer + "/" + field).isNotEmpty();
    }

    @Test
    void everyLabelOfTheModelIsInTheSchema() throws IOException {
        JsonNode defs = MAPPER.readTree(schemaText).get("$defs");
        assertThat(labels(defs.at("/kind/enum")))
                .containsExactlyElementsOf(
                        Arrays.stream(FindingKind.values()).map(FindingKind::label).toList());
        assertThat(labels(defs.at("/observation/properties/errno/enum")))
                .containsAll(Arrays.stream(Errno.values()).map(Errno::name).toList());
        assertThat(labels(defs.at("/observation/properties/inconclusive/properties/cause/enum")))
                .containsExactlyElementsOf(
                        Arrays.stream(InconclusiveCause.values())
                                .map(InconclusiveCause::label)
                                .toList());
    }

    @Test
    void untrustedTextIsExactExceptLoneSurrogates() throws IOException {
        JsonNode report = MAPPER.readTree(Rendered.text(new JsonFormat(), "hostile"));
        ArrayNode leftovers = (ArrayNode) report.at("/containers/0/leftovers");
        assertThat(leftovers.get(0).asText())
                .isEqualTo(HostileReport.ATTACK.replace('\ud83d', '\ufffd'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed", "hostile"})
    void outputIsVisibleAscii(String name) {
        assertThat(Rendered.text(new JsonFormat(), name)).matches("[\n -~]*").startsWith("{");
    }

    private List<String> errors(String json) {
        return schema
                .validate(
                        json,
                        InputFormat.JSON,
                        context ->
                                context.executionConfig(
                                        config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Error::toString)
                .toList();
    }

    private static List<String> labels(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}

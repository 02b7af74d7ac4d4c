package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// The schema, which editors use, accepts and refuses what the reader does.
class ConfigurationSchemaTest {
    private static final Path CONFIG = Path.of("../config");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT = TestFiles.text(CONFIG.resolve("writeprobe.schema.json"));
    private static final Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(TEXT, InputFormat.JSON);

    /// Limits with units, dates, and how YAML writes the values that the schema sees as JSON.
    private static final List<String> NOT_EXPRESSIBLE_IN_A_SCHEMA =
            List.of(
                    "invalid-date-that-is-none.yml",
                    "invalid-duration-out-of-bounds.yml",
                    "invalid-engine-host-port.yml",
                    "invalid-integer-in-hexadecimal.yml",
                    "invalid-listen-address-port.yml",
                    "invalid-merge-key.yml");

    static List<Path> valid() {
        List<Path> files = new ArrayList<>(TestFiles.withPrefix("valid-"));
        files.add(CONFIG.resolve("writeprobe.yml"));
        return files;
    }

    @ParameterizedTest
    @MethodSource("valid")
    void acceptsWhatTheReaderAccepts(Path file) throws Exception {
        assertThat(errors(load(file))).isEmpty();
    }

    @Test
    void acceptsWhatTheWriterWrites() throws Exception {
        Configuration complete =
                ConfigurationReader.read(TestFiles.folder().resolve("valid-complete.yml"));

        assertThat(errors(load(ConfigurationWriter.render(complete)))).isEmpty();
    }

    @Test
    void refusesWhatTheReaderRefusesButForWhatNoSchemaCanExpress() {
        Predicate<Path> accepted =
                file -> {
                    try {
                        return errors(load(file)).isEmpty();
                    } catch (YamlEngineException | JsonProcessingException e) {
                        return false;
                    }
                };

        assertThat(TestFiles.withPrefix("invalid-").stream().filter(accepted))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyElementsOf(NOT_EXPRESSIBLE_IN_A_SCHEMA);
    }

    @Test
    void hasTheKeysOfTheReader() throws Exception {
        JsonNode schema = JSON.readTree(TEXT);
        List<String> fields = new ArrayList<>(keys(schema, "/$defs/match"));
        fields.add("label:KEY");

        assertThat(keys(schema, "")).isEqualTo(ConfigurationKeys.TOP);
        assertThat(keys(schema, "/properties/engine")).isEqualTo(ConfigurationKeys.ENGINE);
        assertThat(keys(schema, "/properties/probe")).isEqualTo(ConfigurationKeys.PROBE);
        assertThat(keys(schema, "/properties/policy")).isEqualTo(ConfigurationKeys.POLICY);
        assertThat(keys(schema, "/properties/metrics")).isEqualTo(ConfigurationKeys.METRICS);
        assertThat(keys(schema, "/properties/web")).isEqualTo(ConfigurationKeys.WEB);
        assertThat(keys(schema, "/$defs/rule")).isEqualTo(ConfigurationKeys.RULE);
        assertThat(keys(schema, "/$defs/waiver")).isEqualTo(ConfigurationKeys.WAIVER);
        assertThat(fields).isEqualTo(ConfigurationKeys.MATCH);
    }

    @Test
    void hasTheDefaultsOfTheShippedFile() throws Exception {
        JsonNode shipped = load(CONFIG.resolve("writeprobe.yml"));
        JsonNode sections = JSON.readTree(TEXT).at("/properties");

        for (String section : ConfigurationKeys.TOP) {
            sections.get(section)
                    .get("properties")
                    .properties()
                    .forEach(key ->
                            assertThat(key.getValue().get("default"))
                                    .as(key.getKey())
                                    .isEqualTo(shipped.get(section).get(key.getKey())));
        }
    }

    @Test
    void describesEveryKey() throws Exception {
        for (String place :
                List.of(
                        "/properties/probe",
                        "/properties/policy",
                        "/properties/metrics",
                        "/$defs/match")) {
            assertThat(JSON.readTree(TEXT).at(place + "/properties"))
                    .allSatisfy(key -> assertThat(key.path("description").asText()).isNotBlank());
        }
    }

    private static List<String> keys(JsonNode schema, String place) {
        List<String> keys = new ArrayList<>();
        schema.at(place + "/properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static List<Error> errors(JsonNode document) throws JsonProcessingException {
        return SCHEMA.validate(JSON.writeValueAsString(document), InputFormat.JSON);
    }

    private static JsonNode load(Path file) {
        return load(TestFiles.text(file));
    }

    private static JsonNode load(String yaml) {
        LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
        return JSON.valueToTree(new Load(settings).loadFromString(yaml));
    }
}

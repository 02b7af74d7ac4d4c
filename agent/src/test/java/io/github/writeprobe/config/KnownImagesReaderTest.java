package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.writeprobe.recommend.known.AnyImageHints;
import io.github.writeprobe.recommend.known.KnownImage;
import io.github.writeprobe.recommend.known.KnownImageCriteria;
import io.github.writeprobe.recommend.known.KnownImageCriteria.Field;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.known.KnownPath;
import io.github.writeprobe.recommend.known.KnownSetting;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.MountPlacementRules;
import io.github.writeprobe.recommend.known.MountPlacementRules.DataSign;
import io.github.writeprobe.recommend.known.PathHint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class KnownImagesReaderTest {
    private static final Path CONFIG = Path.of("../config");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT = TestFiles.text(CONFIG.resolve("known-images.schema.json"));
    private static final Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(TEXT, InputFormat.JSON);

    @Test
    void everyKeyIsRead() throws ConfigurationException {
        KnownImage image =
                new KnownImage(
                        "spooler",
                        "our runbook",
                        List.of(
                                new KnownImageCriteria(
                                        Map.of(
                                                Field.IMAGE,
                                                "spool*",
                                                Field.ENVIRONMENT,
                                                "SPOOL=1")),
                                new KnownImageCriteria(
                                        Map.of(
                                                Field.COMMAND, "spoold",
                                                Field.LABEL, "com.example.spool",
                                                Field.FILE, "/etc/spool.conf",
                                                Field.WRITTEN, "*/spool/*"))),
                        List.of(
                                new KnownPath(
                                        "/var/spool/orders",
                                        Lifetime.PERSISTENT,
                                        "orders",
                                        true,
                                        true),
                                new KnownPath(
                                        "/var/spool/*/tmp", Lifetime.EPHEMERAL, "", false, false)),
                        List.of(
                                new KnownSetting(
                                        "SPOOL_TRACE",
                                        "0",
                                        true,
                                        true,
                                        List.of("*/trace/*"),
                                        List.of("--no-trace"),
                                        "no traces")),
                        List.of("Ask the spool team"));
        AnyImageHints hints =
                new AnyImageHints(
                        List.of(
                                new PathHint("*.order", Lifetime.PERSISTENT, "an order"),
                                new PathHint("/srv/junk/*", Lifetime.INCIDENTAL, "junk"),
                                new PathHint("*.trace", Lifetime.LOG, "a trace")),
                        new MountPlacementRules(
                                List.of("/shared"),
                                List.of("/scratch"),
                                List.of("/state/run"),
                                List.of("/home2/*"),
                                List.of("/run/spooler"),
                                List.of(new DataSign("SPOOL_VERSION", "the spooler's data"))),
                        List.of("with-secrets"));

        assertThat(KnownImagesReader.read(folder().resolve("valid-complete.yml")))
                .isEqualTo(new KnownImages(List.of(image), hints));
    }

    @Test
    void everyKeyMayBeLeftOut() throws ConfigurationException {
        assertThat(KnownImagesReader.read(folder().resolve("valid-empty.yml")))
                .isEqualTo(KnownImages.EMPTY);
        assertThat(KnownImagesReader.read("", "x.yml")).isEqualTo(KnownImages.EMPTY);
    }

    @Test
    void theShippedFileIsTheOneInConfig() throws ConfigurationException {
        assertThat(KnownImagesReader.builtIn())
                .isEqualTo(KnownImagesReader.read(CONFIG.resolve("known-images.yml")));
    }

    static List<Path> invalid() {
        return TestFiles.withPrefix(folder(), "invalid-");
    }

    /// One invalid file per part, `invalid-PART.yml`, and its exact messages, `invalid-PART.txt`.
    @ParameterizedTest
    @MethodSource("invalid")
    void eachMistakeIsPlacedAndMended(Path file) throws IOException {
        String name = file.getFileName().toString();
        Path expected = sources().resolve(name.replace(".yml", ".txt"));
        String mistakes = String.join("\n", mistakes(file)) + "\n";
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(expected, mistakes);
        }
        assertThat(mistakes).isEqualTo(TestFiles.text(expected));
    }

    @Test
    void aMissingFileIsReported(@TempDir Path empty) {
        assertThat(mistakes(empty.resolve("none.yml")))
                .singleElement()
                .asString()
                .endsWith("none.yml: does not exist; check the path");
    }

    static List<Path> valid() {
        List<Path> files = new ArrayList<>(TestFiles.withPrefix(folder(), "valid-"));
        files.add(CONFIG.resolve("known-images.yml"));
        return files;
    }

    @ParameterizedTest
    @MethodSource("valid")
    void theSchemaAcceptsWhatTheReaderAccepts(Path file) throws Exception {
        assertThat(errors(file)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void theSchemaRefusesWhatTheReaderRefuses(Path file) throws Exception {
        assertThat(errors(file)).isNotEmpty();
    }

    @Test
    void theSchemaHasTheKeysOfTheReader() throws Exception {
        assertThat(keys("")).isEqualTo(KnownImagesFileKeys.TOP);
        assertThat(keys("/$defs/image")).isEqualTo(KnownImagesFileKeys.IMAGE);
        assertThat(keys("/$defs/sign")).isEqualTo(KnownImagesFileKeys.MATCH);
        assertThat(keys("/$defs/image/properties/paths/items")).isEqualTo(KnownImagesFileKeys.PATH);
        assertThat(keys("/$defs/image/properties/settings/items"))
                .isEqualTo(KnownImagesFileKeys.SETTING);
        assertThat(keys("/properties/hints")).isEqualTo(KnownImagesFileKeys.HINTS);
        assertThat(keys("/$defs/hint")).isEqualTo(KnownImagesFileKeys.HINT);
        assertThat(keys("/properties/hints/properties/directories"))
                .isEqualTo(KnownImagesFileKeys.DIRECTORIES);
    }

    /// A `#` after a space begins a comment, and would truncate a source.
    @Test
    void noTextOfTheShippedFileIsCutShortByItsHash() {
        assertThat(TestFiles.text(CONFIG.resolve("known-images.yml")).lines())
                .noneMatch(line ->
                        line.contains(" #") && !line.matches("\\s*#.*") && !line.contains("\""));
    }

    @Test
    void everyKeyIsDescribed() {
        String page = TestFiles.text(Path.of("../docs/recommend.md"));
        for (List<String> keys :
                List.of(
                        KnownImagesFileKeys.TOP,
                        KnownImagesFileKeys.IMAGE,
                        KnownImagesFileKeys.MATCH,
                        KnownImagesFileKeys.PATH,
                        KnownImagesFileKeys.SETTING,
                        KnownImagesFileKeys.HINTS,
                        KnownImagesFileKeys.DIRECTORIES,
                        KnownImagesFileKeys.DATA)) {
            assertThat(keys).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
        }
    }

    @Test
    void examplesInTheDocumentationAreValid() {
        String page = TestFiles.text(Path.of("../docs/recommend.md"));
        List<String> examples =
                Pattern.compile("(?ms)^```yaml\n((?:images|hints):.*?)^```$")
                        .matcher(page)
                        .results()
                        .map(m -> m.group(1))
                        .toList();
        assertThat(examples)
                .isNotEmpty()
                .allSatisfy(e -> assertThat(KnownImagesReader.read(e, "recommend.md")).isNotNull());
    }

    private static Path folder() {
        return TestFiles.folder().resolve("known");
    }

    private static Path sources() {
        return Path.of("src/test/resources/io/github/writeprobe/config/known").toAbsolutePath();
    }

    private static List<String> mistakes(Path file) {
        String name = file.getFileName().toString();
        return catchThrowableOfType(
                        ConfigurationException.class,
                        () -> {
                            if (Files.exists(file)) {
                                KnownImagesReader.read(TestFiles.text(file), name);
                            } else {
                                KnownImagesReader.read(file);
                            }
                        })
                .mistakes();
    }

    private static List<String> keys(String place) throws JsonProcessingException {
        List<String> keys = new ArrayList<>();
        JSON.readTree(TEXT).at(place + "/properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static List<Error> errors(Path file)
            throws JsonProcessingException, YamlEngineException {
        LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
        JsonNode document =
                JSON.valueToTree(new Load(settings).loadFromString(TestFiles.text(file)));
        return SCHEMA.validate(JSON.writeValueAsString(document), InputFormat.JSON);
    }
}

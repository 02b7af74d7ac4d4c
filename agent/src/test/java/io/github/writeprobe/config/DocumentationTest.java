package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.writeprobe.OpenSsl;
import io.github.writeprobe.docs.Documents;
import io.github.writeprobe.docs.Documents.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Configuration in the documents is valid. Other YAML blocks are for other programs.
class DocumentationTest {
    private static final Path DOCS = Documents.ROOT.resolve("docs");
    private static final Set<String> KNOWN_IMAGES = Set.of("images", "hints");

    /// Blocks for other programs: Compose, Prometheus, Kustomize, GitHub, and a GitLab job.
    /// `ExamplesIT` checks what of it can be checked here.
    private static final Set<String> KEYS_OF_OTHER_TOOLS =
            Set.of("services", "scrape_configs", "remote_write", "kind", "jobs", "audit");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @TempDir static Path certificates;

    @BeforeAll
    static void makeCertificates() throws IOException {
        OpenSsl openssl = new OpenSsl(certificates);
        openssl.authority("ca");
        openssl.signed("server", "ca", "subjectAltName=DNS:localhost");
    }

    static Stream<Block> examples() {
        return Documents.blocks().stream().filter(b -> b.language().equals("yaml"));
    }

    private static Set<String> keys(Block example) {
        Object yaml = new Load(LoadSettings.builder().build()).loadFromString(example.text());
        return ((Map<?, ?>) yaml)
                .keySet().stream().map(String::valueOf).collect(Collectors.toSet());
    }

    private static boolean isWeb(Block example) {
        return WebConfigFileKeys.TOP.containsAll(keys(example));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsValid(Block example) {
        assertThatCode(() -> read(example)).doesNotThrowAnyException();
    }

    /// A web configuration is read with the certificates that it names.
    private static void read(Block example) throws ConfigurationException {
        Set<String> keys = keys(example);
        if (ConfigurationKeys.TOP.containsAll(keys)) {
            ConfigurationReader.read(example.text(), example.where());
        } else if (isWeb(example)) {
            WebConfigFileReader.read(
                    example.text(), example.where(), certificates.resolve("web.yml"));
        } else if (KNOWN_IMAGES.containsAll(keys)) {
            KnownImagesReader.read(example.text(), example.where());
        } else {
            assertThat(keys)
                    .as("whose configuration it is")
                    .anyMatch(KEYS_OF_OTHER_TOOLS::contains);
        }
    }

    @Test
    void aWebConfigurationIsAmongThem() {
        assertThat(examples()).anyMatch(DocumentationTest::isWeb);
    }

    @Test
    void everyKeyOfAWebConfigurationIsDescribed() {
        String page = TestFiles.text(DOCS.resolve("web.md"));

        assertThat(
                        Stream.of(
                                        WebConfigFileKeys.TOP,
                                        WebConfigFileKeys.TLS,
                                        WebConfigFileKeys.HTTP,
                                        WebConfigFileKeys.HEADERS.keySet(),
                                        WebConfigFileKeys.RATE_LIMIT)
                                .flatMap(Collection::stream))
                .allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }

    static Stream<Arguments> sections() {
        return Stream.of(
                Arguments.of("## `engine`", ConfigurationKeys.ENGINE),
                Arguments.of("## `probe`", ConfigurationKeys.PROBE),
                Arguments.of("## `policy`", ConfigurationKeys.POLICY),
                Arguments.of("### Rules", ConfigurationKeys.RULE),
                Arguments.of("### Matching", ConfigurationKeys.MATCH),
                Arguments.of("### Waivers", ConfigurationKeys.WAIVER),
                Arguments.of("## `metrics`", ConfigurationKeys.METRICS),
                Arguments.of("## `web`", ConfigurationKeys.WEB));
    }

    /// In the first column of the table below its section's heading.
    @ParameterizedTest
    @MethodSource("sections")
    void everyKeyHasARowInItsSection(String heading, List<String> keys) {
        List<String> section =
                TestFiles.text(DOCS.resolve("policy.md"))
                        .lines()
                        .dropWhile(line -> !line.equals(heading))
                        .skip(1)
                        .takeWhile(line -> !line.startsWith("#"))
                        .toList();
        Set<String> described =
                section.stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.split("\\|", -1)[1])
                        .flatMap(cell -> CODE.matcher(cell).results())
                        .map(word -> word.group(1))
                        .collect(Collectors.toSet());
        assertThat(described).isEqualTo(Set.copyOf(keys));
    }

    @Test
    void everySectionHasAHeading() {
        assertThat(TestFiles.text(DOCS.resolve("policy.md")).lines())
                .containsAll(
                        ConfigurationKeys.TOP.stream().map(key -> "## `" + key + "`").toList());
    }
}

package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.writeprobe.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Configuration in the documentation is configuration that works.
class DocumentationTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^(<!-- web configuration -->\n)?```yaml\n(.*?)^```$");
    private static final Pattern CONFIGURATION =
            Pattern.compile("(?s)(?:\\s*(?:#[^\n]*)?\n)*(?:engine|probe|policy|web):.*");

    @TempDir static Path certificates;

    @BeforeAll
    static void makeCertificates() throws IOException {
        OpenSsl openssl = new OpenSsl(certificates);
        openssl.authority("ca");
        openssl.signed("server", "ca", "subjectAltName=DNS:localhost");
    }

    /// @param web whether it is marked as a web configuration
    record Example(String name, String text, boolean web) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        try (Stream<Path> pages = Files.walk(DOCS)) {
            for (Path page : pages.filter(p -> p.toString().endsWith(".md")).sorted().toList()) {
                String text = TestFiles.text(page);
                BLOCK.matcher(text)
                        .results()
                        .filter(b -> isWeb(b) || CONFIGURATION.matcher(b.group(2)).matches())
                        .forEach(b ->
                                examples.add(
                                        new Example(place(page, text, b), b.group(2), isWeb(b))));
            }
        }
        return examples;
    }

    private static boolean isWeb(MatchResult block) {
        return block.group(1) != null;
    }

    private static String place(Path page, String text, MatchResult block) {
        return page.getFileName() + ":" + Position.after(text.substring(0, block.start())).line();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsValid(Example example) {
        assertThatCode(() -> read(example)).doesNotThrowAnyException();
    }

    /// A web configuration is read beside the certificates that it names.
    private static void read(Example example) throws ConfigurationException {
        if (example.web()) {
            WebConfigurationReader.read(
                    example.text(), example.name(), certificates.resolve("web.yml"));
        } else {
            ConfigurationReader.read(example.text(), example.name());
        }
    }

    @Test
    void aWebConfigurationIsAmongThem() throws IOException {
        assertThat(examples()).anyMatch(Example::web);
    }

    @Test
    void everyKeyOfAWebConfigurationIsDescribed() {
        String page = TestFiles.text(DOCS.resolve("web.md"));

        assertThat(
                        Stream.of(
                                        WebKeys.TOP,
                                        WebKeys.TLS,
                                        WebKeys.HTTP,
                                        WebKeys.HEADERS.keySet(),
                                        WebKeys.RATE_LIMIT)
                                .flatMap(Collection::stream))
                .allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }

    @Test
    void everyKeyIsDescribed() {
        String page = TestFiles.text(DOCS.resolve("policy.md"));

        assertThat(
                        Stream.of(
                                        Keys.TOP,
                                        Keys.ENGINE,
                                        Keys.PROBE,
                                        Keys.POLICY,
                                        Keys.RULE,
                                        Keys.WAIVER,
                                        Keys.MATCH,
                                        Keys.WEB)
                                .flatMap(List::stream))
                .allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }
}

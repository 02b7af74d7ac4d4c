package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Configuration in the documentation is configuration that works.
class DocumentationTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");
    private static final Pattern CONFIGURATION =
            Pattern.compile("(?s)(?:\\s*(?:#[^\n]*)?\n)*(?:engine|probe|policy|web):.*");

    record Example(String name, String text) {
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
                        .filter(b -> CONFIGURATION.matcher(b.group(1)).matches())
                        .forEach(b -> examples.add(new Example(place(page, text, b), b.group(1))));
            }
        }
        return examples;
    }

    private static String place(Path page, String text, MatchResult block) {
        return page.getFileName() + ":" + Position.after(text.substring(0, block.start())).line();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsValid(Example example) {
        assertThatCode(() -> ConfigurationReader.read(example.text(), example.name()))
                .doesNotThrowAnyException();
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

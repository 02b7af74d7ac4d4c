package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One invalid file per rule, `invalid-RULE.yml`, and its exact messages, `invalid-RULE.txt`.
class InvalidFilesTest {
    static List<Path> files() {
        return TestFiles.withPrefix("invalid-");
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachMistakeIsPlacedAndMended(Path file) {
        String name = file.getFileName().toString();
        Path expected = file.resolveSibling(name.replace(".yml", ".txt"));

        assertThat(String.join("\n", mistakes(file)) + "\n")
                .isEqualTo(withKeys(TestFiles.text(expected)));
    }

    /// `KEYS(SECTION)` stands for all keys of a section, so that a new key changes no file that is
    /// not about it.
    private static String withKeys(String text) {
        return text.replace("KEYS(probe)", list(ConfigurationKeys.PROBE))
                .replace("KEYS(policy)", list(ConfigurationKeys.POLICY));
    }

    private static String list(List<String> keys) {
        return String.join(", ", keys.subList(0, keys.size() - 1)) + " or " + keys.getLast();
    }

    @Test
    void keysAreListedInTheirOrder() {
        assertThat(list(List.of("b", "a", "c"))).isEqualTo("b, a or c");
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachMistakeIsOneLineThatATerminalCanShow(Path file) {
        assertThat(mistakes(file))
                .allSatisfy(line -> assertThat(line).doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    void tenMistakesAreReportedAtOnce() {
        assertThat(mistakes(TestFiles.folder().resolve("invalid-ten-mistakes.yml"))).hasSize(10);
    }

    private static List<String> mistakes(Path file) {
        String name = file.getFileName().toString();
        return catchThrowableOfType(
                        ConfigurationException.class,
                        () -> ConfigurationReader.read(TestFiles.text(file), name))
                .mistakes();
    }
}

package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are meant to exhaust or break the reader.
class HostileFilesTest {
    private static final Charset UTF = StandardCharsets.UTF_8;
    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    private static final int ROUNDS = 3000;

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "!!seq [", "&a [", "[[", "{[", "- - "})
    void deepNestingIsRefusedBeforeTheStackIsExhausted(String open) {
        assertThat(mistakes(open.repeat(1_000_000 / open.length())))
                .singleElement()
                .asString()
                .startsWith("x.yml:1:")
                .endsWith(": nested more than 32 levels deep");
    }

    /// The parser reads in chunks of some thousand characters.
    @Test
    void aCharacterOfTwoHalvesMayStandAnywhere() {
        for (int i = 1000; i < 1060; i++) {
            String text = "# " + "x".repeat(i) + "\ud83d\ude00\nprobe: {interval: 1}\n";
            assertThat(mistakes(text)).hasSize(1);
        }
    }

    @Test
    void aliasesDoNotMultiply() {
        StringBuilder laughs = new StringBuilder("a: &a [lol, lol, lol, lol, lol, lol, lol]\n");
        for (char c = 'b'; c < 'k'; c++) {
            String before = "*" + (char) (c - 1);
            laughs.append(c).append(": &").append(c).append(" [");
            laughs.append(String.join(", ", List.of(before, before, before, before, before)));
            laughs.append("]\n");
        }

        assertThat(mistakes(laughs.toString()))
                .hasSize(10)
                .allMatch(m -> m.contains("unknown key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"&a {<<: *a}", "&a {<<: [*a, 5]}", "{<<: 5}", "{ ? << : {}}"})
    void mergesAreRefusedBeforeTheyMultiply(String probe) {
        assertThat(mistakes("probe: " + probe))
                .singleElement()
                .asString()
                .endsWith(": merge keys are not supported; write the merged keys instead");
    }

    @Test
    void aliasesAreNumbered() {
        String rule = "    - {match: {}, noexec: *p}\n";

        assertThat(mistakes("probe: {paths: &p [/a]}\npolicy:\n  rules:\n" + rule.repeat(101)))
                .containsExactly("x.yml:104:27: more than 100 aliases");
    }

    @Test
    void anAnchorWithinItselfIsRefused() {
        assertThat(mistakes("probe:\n  paths: &a [*a]\n"))
                .containsExactly("x.yml:2:10: probe.paths[0]: found a list, expected a string");
    }

    @Test
    void moreThanAHundredMistakesAreCounted() {
        StringBuilder junk = new StringBuilder();
        for (int i = 0; i < 250; i++) {
            junk.append("key").append(i).append(": 1\n");
        }

        assertThat(mistakes(junk.toString()))
                .hasSize(101)
                .last()
                .isEqualTo("x.yml: 150 more mistakes are not listed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"k: 1\n", "'", "\"\\", "# \n", "&a ", "? a\n", "a,", "\t", "%a\n", "| "})
    void repetitionIsReadInBoundedTime(String part) {
        String text = part.repeat((1 << 20) / part.length());

        Assertions.assertTimeoutPreemptively(TIME_LIMIT, () -> outcome(text.getBytes(UTF)));
    }

    /// A file with any change is read, or its mistakes are reported.
    @Test
    void mutilatedFilesAreReadOrRefusedButNeverBreakTheReader() {
        Random random = new Random(20_261_123);
        List<Path> seeds = new ArrayList<>(TestFiles.withPrefix("valid-"));
        seeds.addAll(TestFiles.withPrefix("invalid-"));
        byte[] fragments = "\0\t\n \"'#&*!|>%@`[]{},:?-\\<\u0080~019az".getBytes(UTF);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = TestFiles.text(seeds.get(random.nextInt(seeds.size()))).getBytes(UTF);
            for (int mutation = random.nextInt(8); mutation >= 0; mutation--) {
                bytes[random.nextInt(bytes.length)] = fragments[random.nextInt(fragments.length)];
            }
            assertThat(outcome(bytes))
                    .as(new String(bytes, UTF))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isNull(),
                            e -> assertThat(e).isInstanceOf(ConfigurationException.class));
        }
    }

    private static Throwable outcome(byte[] bytes) {
        return catchThrowable(() -> ConfigurationReader.read(bytes, "x.yml"));
    }

    private static List<String> mistakes(String text) {
        return outcome(text.getBytes(UTF)) instanceof ConfigurationException e
                ? e.mistakes()
                : List.of();
    }
}

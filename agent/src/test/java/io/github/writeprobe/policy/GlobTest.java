package io.github.writeprobe.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "'', a, false",
        "a, '', false",
        "*, '', true",
        "**, '', true",
        "*, a/b, true",
        "?, '', false",
        "?, a, true",
        "?, ab, false",
        "?*, '', false",
        "a, a, true",
        "a, A, false",
        "a, ab, false",
        "ab, a, false",
        "a*, a, true",
        "*a, bca, true",
        "*a, bcab, false",
        "a*c, abbbc, true",
        "a*c, abbbd, false",
        "a*b*c, aXbYbZc, true",
        "postgres:*, postgres:16, true",
        "postgres:*, docker.io/postgres:16, false",
        "*/cadvisor:*, gcr.io/cadvisor/cadvisor:v0.49, true",
        "a.c, abc, false",
        "[a], a, false",
        "a\\*, a*, false"
    })
    void aStarIsAnyTextAndAQuestionMarkOneCharacter(String pattern, String text, boolean matches) {
        assertThat(Glob.matches(pattern, text)).isEqualTo(matches);
    }

    @Test
    void agreesWithTheRegularExpressionThatMeansTheSame() {
        Random random = new Random(20_261_123);
        for (int round = 0; round < 20_000; round++) {
            String pattern = text(random, "ab*?");
            String text = text(random, "ab");
            String expression = pattern.replace("*", ".*").replace('?', '.');
            assertThat(Glob.matches(pattern, text))
                    .as(pattern + " " + text)
                    .isEqualTo(Pattern.matches(expression, text));
        }
    }

    private static String text(Random random, String alphabet) {
        return random.ints(random.nextInt(9), 0, alphabet.length())
                .collect(
                        StringBuilder::new,
                        (text, i) -> text.append(alphabet.charAt(i)),
                        StringBuilder::append)
                .toString();
    }

    @Test
    void aPatternMadeToTakeForeverDoesNot() {
        String pattern = "*a".repeat(500) + "b";
        String text = "a".repeat(20_000);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertThat(Glob.matches(pattern, text)).isFalse());
    }
}

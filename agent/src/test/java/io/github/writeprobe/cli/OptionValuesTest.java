package io.github.writeprobe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Options whose values are words.
class OptionValuesTest {
    private static final String FORMATS =
            Arrays.stream(AuditCommand.Format.values())
                    .map(AuditCommand.Format::toString)
                    .collect(Collectors.joining(", "));

    private static Stream<Arguments> unknownValues() {
        return Stream.of(
                Arguments.of("agent", "--log.format", "xml", "text, json"),
                Arguments.of("agent", "--log.level", "loud", "debug, info, warn, error"),
                Arguments.of("audit", "--format", "yaml", FORMATS),
                Arguments.of("audit", "--fail-on", "urgent", "critical, high, medium, low"),
                Arguments.of("audit", "--witness", "oracle", "auto, exec, procfs, sidecar"));
    }

    @ParameterizedTest
    @MethodSource("unknownValues")
    void anUnknownValueIsAnsweredWithTheAllowedOnes(
            String command, String option, String value, String allowed) {
        InProcess.Result result = InProcess.run(Map.of(), command, option, value);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines())
                .containsExactly(
                        "writeprobe: Invalid value for option '%s': expected one of %s, but was '%s'. See 'writeprobe %s --help'."
                                .formatted(option, allowed, value, command));
    }

    @Test
    void theHelpNamesEveryFormat() {
        String help = InProcess.run(Map.of(), "audit", "--help").out().replaceAll("\\s+", " ");
        assertThat(help).contains("One of " + FORMATS + ".").contains("table, json, sarif");
    }
}

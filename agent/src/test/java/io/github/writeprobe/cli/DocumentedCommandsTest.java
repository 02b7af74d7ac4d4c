package io.github.writeprobe.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.writeprobe.docs.Documents;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentedCommandsTest {
    static Stream<Documents.Command> commands() {
        return Documents.commands().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theCommandLineParsesDocumentedCommands(Documents.Command command) {
        assertThatCode(() ->
                        Main.commandLine(CommandContext.ofProcess())
                                .parseArgs(command.words().toArray(String[]::new)))
                .doesNotThrowAnyException();
    }
}

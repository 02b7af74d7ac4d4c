package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Errors of `agent` for wrong options and configuration files.
class AgentCommandTest {
    @TempDir Path directory;

    private static List<String> usageErrors(String... args) {
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            assertThat(Main.commandLine(CommandContext.ofProcess()).execute(args)).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        return err.toString(UTF_8).lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config.check", "--log.level=info"})
    void mistakesOfTheFileAndOfTheCommandLineAreReportedAtOnce(String option) throws Exception {
        Path file = directory.resolve("bad.yml");
        Files.writeString(
                file,
                """
                engine: {hosts: [foo://bar, unix:///ok, /run/docker.sock]}
                probe: {interval: soon}
                """);
        assertThat(
                        usageErrors(
                                "agent",
                                option,
                                "--web.listen-address",
                                "foo",
                                "--config.file",
                                file.toString()))
                .satisfiesExactly(
                        l -> assertThat(l).startsWith("writeprobe: --web.listen-address foo: "),
                        l -> assertThat(l).contains("bad.yml:1:18: engine.hosts[0]: found"),
                        l -> assertThat(l).contains("bad.yml:1:41: engine.hosts[2]: found"),
                        l -> assertThat(l).contains("bad.yml:2:19: probe.interval: found"));
    }

    @Test
    void configCheckRefusesAHostThatTheAgentWouldRefuse() throws Exception {
        Path file = Files.writeString(directory.resolve("h.yml"), "engine: {hosts: [foo://bar]}\n");
        assertThat(usageErrors("config", "check", file.toString()))
                .singleElement()
                .asString()
                .contains("h.yml:1:18: engine.hosts[0]: found \"foo://bar\"");
    }
}

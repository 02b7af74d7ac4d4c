package io.github.writeprobe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.writeprobe.Child;
import io.github.writeprobe.host.Shutdown;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(120)
class AgentLogConfiguratorTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MANY = 20_000;

    /// A program that logs according to its arguments, and ends.
    static final class Daemon {
        private static final Logger LOG =
                LoggerFactory.getLogger("io.github.writeprobe.cli.Daemon");

        public static void main(String[] args) throws Exception {
            AgentLogConfigurator.Level level =
                    AgentLogConfigurator.Level.valueOf(args[0].toUpperCase(Locale.ROOT));
            Terminal terminal = new Terminal(System.getenv());
            AgentLogConfigurator.Format format =
                    args[1].isEmpty()
                            ? AgentLogConfigurator.Format.defaultFor(terminal)
                            : AgentLogConfigurator.Format.valueOf(args[1].toUpperCase(Locale.ROOT));
            AgentLogConfigurator log = AgentLogConfigurator.start(level, format, terminal);
            Shutdown shutdown = Shutdown.install(Duration.ofSeconds(2), log::flush);
            shutdown.closeOnExit("part", Duration.ofSeconds(1), () -> LOG.warn("closing the part"));
            switch (args[2]) {
                case "levels" -> {
                    LOG.debug("own debug");
                    LOG.info("own info");
                    LOG.warn("own warn");
                    LOG.error("own error");
                    Logger library = LoggerFactory.getLogger("org.apache.hc.client5.Wire");
                    library.debug("library debug");
                    library.info("library info");
                    library.warn("library warn");
                    library.error("library error");
                    var jdk = java.util.logging.Logger.getLogger("sun.some");
                    jdk.info("jdk info");
                    jdk.warning("jdk warn");
                }
                case "thread" -> {
                    Thread thread =
                            new Thread(() -> {
                                throw new IllegalStateException("as the test wants it");
                            });
                    thread.start();
                    thread.join();
                }
                default -> {
                    for (int i = 0; i < MANY; i++) {
                        LOG.atInfo().addKeyValue("number", i).log("a line that fills a pipe");
                    }
                    System.out.println("done");
                    if (args[2].equals("wait")) {
                        shutdown.await();
                        Thread.sleep(100_000);
                    }
                }
            }
        }
    }

    private static List<String> run(Consumer<ProcessBuilder> settings, String... args)
            throws Exception {
        try (Child child = Child.start(Child.command(Daemon.class, args), settings)) {
            List<String> errors = child.errors();
            assertThat(child.code()).isZero();
            return errors;
        }
    }

    private static List<JsonNode> parse(List<String> lines) throws Exception {
        List<JsonNode> parsed = new ArrayList<>();
        for (String line : lines) {
            parsed.add(MAPPER.readTree(line));
        }
        return parsed;
    }

    @ParameterizedTest
    @EnumSource
    void librariesLogFromWarningsOnWhateverTheLevel(AgentLogConfigurator.Level level)
            throws Exception {
        List<String> messages =
                parse(run(settings -> {}, level.toString(), "json", "levels")).stream()
                        .map(line -> line.get("msg").asText())
                        .toList();
        List<String> expected =
                switch (level) {
                    case DEBUG ->
                            List.of(
                                    "own debug",
                                    "own info",
                                    "own warn",
                                    "own error",
                                    "library warn",
                                    "library error",
                                    "jdk warn",
                                    "closing the part");
                    case INFO ->
                            List.of(
                                    "own info",
                                    "own warn",
                                    "own error",
                                    "library warn",
                                    "library error",
                                    "jdk warn",
                                    "closing the part");
                    case WARN ->
                            List.of(
                                    "own warn",
                                    "own error",
                                    "library warn",
                                    "library error",
                                    "jdk warn",
                                    "closing the part");
                    case ERROR -> List.of("own error", "library error");
                };
        assertThat(messages).containsExactlyElementsOf(expected);
    }

    @Test
    void formatDependsOnTheTerminal() throws Exception {
        String esc = "\u001b[";
        assertThat(
                        run(
                                b -> b.environment().put("WRITEPROBE_STDERR_TTY", "0"),
                                "warn",
                                "",
                                "levels"))
                .allMatch(l -> l.startsWith("{\"time\":"));
        Consumer<ProcessBuilder> terminal =
                b -> {
                    b.environment().put("WRITEPROBE_STDERR_TTY", "1");
                    b.environment().put("TERM", "xterm");
                    b.environment().remove("NO_COLOR");
                };
        assertThat(run(terminal, "warn", "", "levels"))
                .allMatch(l -> l.matches("20\\d\\d-.*"))
                .anyMatch(l -> l.contains(esc + "31mERROR"));
        assertThat(
                        run(
                                terminal.andThen(b -> b.environment().put("NO_COLOR", "1")),
                                "warn",
                                "",
                                "levels"))
                .allMatch(l -> l.matches("20\\d\\d-.*"))
                .noneMatch(l -> l.contains(esc));
        assertThat(run(b -> b.environment().put("TERM", "xterm"), "warn", "text", "levels"))
                .allMatch(l -> l.matches("20\\d\\d-.*"))
                .noneMatch(l -> l.contains(esc));
    }

    @Test
    void aThreadThatDiesIsALineOfTheLog() throws Exception {
        JsonNode line =
                parse(run(settings -> {}, "info", "json", "thread")).stream()
                        .filter(l -> l.get("level").asText().equals("error"))
                        .findFirst()
                        .orElseThrow();
        assertThat(line.get("error").get("message").asText()).isEqualTo("as the test wants it");
    }

    @Test
    void aFullDeviceStopsNothing() throws Exception {
        run(b -> b.redirectError(Redirect.to(new File("/dev/full"))), "info", "json", "many");
    }

    @Test
    void aClosedStandardErrorStopsNothing() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>&-", "sh"));
        command.addAll(Child.command(Daemon.class, "info", "text", "many"));
        try (Child child = Child.start(command, b -> {})) {
            assertThat(child.line()).isEqualTo("done");
            assertThat(child.code()).isZero();
        }
    }

    @Test
    void aReaderThatIsGoneStopsNothing() throws Exception {
        try (Child child = Child.start(Daemon.class, "info", "text", "many")) {
            child.process().getErrorStream().close();
            assertThat(child.line()).isEqualTo("done");
            assertThat(child.code()).isZero();
        }
    }

    /// The pipe is full long before SIGTERM, and its reader has stopped reading.
    @ParameterizedTest
    @ValueSource(strings = {"json", "text"})
    void aReaderThatStandsStillHoldsUpNeitherWorkNorEnd(String format) throws Exception {
        try (Child child = Child.start(Daemon.class, "info", format, "wait")) {
            assertThat(child.line()).isEqualTo("done");
            long signalled = System.nanoTime();
            child.kill("TERM");
            assertThat(child.code()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - signalled))
                    .isLessThan(Duration.ofSeconds(5));
        }
    }
}

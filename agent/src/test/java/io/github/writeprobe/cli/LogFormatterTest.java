package io.github.writeprobe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.writeprobe.text.TerminalStyle;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.spi.LoggingEventBuilder;

/// The lines of the log, with trusted and untrusted values.
class LogFormatterTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Instant TIME = Instant.parse("2026-11-24T02:03:04.005Z");
    private static final LogFormatter TEXT =
            new TextLogFormatter(TerminalStyle.PLAIN, ZoneId.of("Europe/Berlin"));
    private static final LogFormatter COLOURED =
            new TextLogFormatter(new TerminalStyle(true, true, 80), ZoneId.of("UTC"));
    private static final LogFormatter JSON = new JsonLogFormatter();

    /// Has terminal escapes, line breaks and characters that change the direction of text, and is
    /// not valid Unicode.
    private static final String ATTACK =
            "\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n2026-11-24 ERROR\u0000\u007f\u0085\u2028"
                    + "\u202egnp.exe\u2066\u200b\ufeff\ud83d\"' level=error {} \\";

    private static ILoggingEvent event(Consumer<LoggingEventBuilder> logging) {
        return event(Level.INFO, logging);
    }

    private static ILoggingEvent event(Level level, Consumer<LoggingEventBuilder> logging) {
        LoggerContext context = new LoggerContext();
        Logger logger = context.getLogger("io.github.writeprobe.Some");
        logger.setLevel(Level.TRACE);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        logger.addAppender(events);
        LoggingEventBuilder builder =
                logger.atLevel(org.slf4j.event.Level.valueOf(level.toString()));
        logging.accept(builder);
        ch.qos.logback.classic.spi.LoggingEvent event =
                (ch.qos.logback.classic.spi.LoggingEvent) events.list.getFirst();
        event.setInstant(TIME);
        return event;
    }

    private static JsonNode json(Consumer<LoggingEventBuilder> logging) throws Exception {
        return MAPPER.readTree(JSON.format(event(logging)));
    }

    @Test
    void textIsTimeLevelMessageAndPairs() {
        assertThat(
                        TEXT.format(
                                event(log ->
                                        log.addKeyValue("container", "web")
                                                .addKeyValue("paths", 12)
                                                .log("probed {}", "it"))))
                .isEqualTo(
                        "2026-11-24T03:03:04.005+01:00 INFO  probed it  container=web paths=12\n");
    }

    @Test
    void textQuotesWhatIsNotOneWord() {
        assertThat(
                        TEXT.format(
                                event(log ->
                                        log.addKeyValue("a", "")
                                                .addKeyValue("b", "two words")
                                                .addKeyValue("c", "x=y")
                                                .addKeyValue("d", "\"\\")
                                                .addKeyValue("e", "a\nb")
                                                .addKeyValue("f", (Object) null)
                                                .addKeyValue("g", "/tmp/ä")
                                                .log("m"))))
                .endsWith(
                        "INFO  m  a=\"\" b=\"two words\" c=\"x=y\" d=\"\\\"\\\\\" e=\"a\\nb\" f=null g=/tmp/ä\n");
    }

    @Test
    void textListsWithoutBracketsAndLeavesEvidenceToExplain() {
        assertThat(
                        TEXT.format(
                                event(log ->
                                        log.addKeyValue("findings", List.of("drift /", "exposed /"))
                                                .addKeyValue("evidence", List.of("mount table: 1"))
                                                .addKeyValue("one", List.of("/"))
                                                .addKeyValue("none", List.of())
                                                .log("m"))))
                .endsWith("INFO  m  findings=\"drift /, exposed /\" one=/ none=\"\"\n");
    }

    @Test
    void textIsColouredOnATerminalByLevel() {
        assertThat(COLOURED.format(event(Level.ERROR, log -> log.log("m"))))
                .contains("\u001b[31mERROR\u001b[0m m");
        assertThat(COLOURED.format(event(Level.WARN, log -> log.log("m"))))
                .contains("\u001b[33mWARN \u001b[0m m");
        assertThat(COLOURED.format(event(Level.INFO, log -> log.log("m"))))
                .isEqualTo("2026-11-24T02:03:04.005Z INFO  m\n");
    }

    @Test
    void aStackTraceInTextIsIndentedAndPlain() {
        Exception e = new IllegalStateException(ATTACK, new Exception("cause\nERROR forged"));
        List<String> lines = TEXT.format(event(log -> log.setCause(e).log("m"))).lines().toList();
        assertThat(lines.getFirst()).endsWith("INFO  m");
        assertThat(lines.subList(1, lines.size()))
                .allMatch(l -> l.startsWith("    "))
                .anyMatch(l -> l.contains("Caused by: java.lang.Exception: cause"))
                .anyMatch(l -> l.contains("at io.github.writeprobe.cli.LogFormatterTest"))
                .anyMatch(l -> l.matches(" +\\.\\.\\. [0-9]+ more"));
        assertThat(String.join("", lines)).doesNotContain("\u001b", "\u202e", "\u009b");
    }

    @Test
    void jsonIsFlatAndKeepsNumbersTruthsAndLists() throws Exception {
        String line =
                JSON.format(
                        event(log ->
                                log.addKeyValue("container", "web")
                                        .addKeyValue("count", 3)
                                        .addKeyValue("big", 1L << 40)
                                        .addKeyValue("seconds", 0.25)
                                        .addKeyValue("exact", new BigDecimal("1.10"))
                                        .addKeyValue("nan", Double.NaN)
                                        .addKeyValue("up", true)
                                        .addKeyValue("none", (Object) null)
                                        .addKeyValue("maybe", Optional.of(7))
                                        .addKeyValue("not", Optional.empty())
                                        .addKeyValue("paths", List.of("/", "/tmp"))
                                        .addKeyValue("array", new Object[] {1, "b"})
                                        .addKeyValue("path", Path.of("/a/b"))
                                        .addKeyValue("took", Duration.ofSeconds(2))
                                        .log("probed {}", "it")));
        assertThat(line)
                .isEqualTo(
                        "{\"time\":\"2026-11-24T02:03:04.005Z\",\"level\":\"info\","
                                + "\"logger\":\"io.github.writeprobe.Some\",\"msg\":\"probed it\","
                                + "\"container\":\"web\",\"count\":3,\"big\":1099511627776,"
                                + "\"seconds\":0.25,\"exact\":1.10,\"nan\":\"NaN\",\"up\":true,"
                                + "\"none\":null,\"maybe\":7,\"not\":null,\"paths\":[\"/\",\"/tmp\"],"
                                + "\"array\":[1,\"b\"],\"path\":\"/a/b\",\"took\":\"PT2S\"}\n");
    }

    @Test
    void aKeyThatIsTakenGetsAnUnderscore() throws Exception {
        JsonNode line =
                json(log ->
                        log.addKeyValue("level", "high")
                                .addKeyValue("error", "none")
                                .addKeyValue("a", 1)
                                .addKeyValue("a", 2)
                                .addKeyValue("a", 3)
                                .log("m"));
        assertThat(line.get("level").asText()).isEqualTo("info");
        assertThat(line.get("level_").asText()).isEqualTo("high");
        assertThat(line.get("error_").asText()).isEqualTo("none");
        assertThat(line.get("a").asInt()).isEqualTo(1);
        assertThat(line.get("a_").asInt()).isEqualTo(2);
        assertThat(line.get("a__").asInt()).isEqualTo(3);
    }

    @Test
    void anExceptionInJsonIsTypeMessageAndStack() throws Exception {
        JsonNode error =
                json(log -> log.setCause(new IllegalStateException("why\nso")).log("m"))
                        .get("error");
        assertThat(error.get("type").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.get("message").asText()).isEqualTo("why\nso");
        assertThat(error.get("stack").asText()).contains("LogFormatterTest.java:");
    }

    @Test
    void jsonCarriesTheExactTextOfAStranger() throws Exception {
        JsonNode line = json(log -> log.addKeyValue("container", ATTACK).log("seen {}", ATTACK));
        String valid = ATTACK.replace("\ud83d", "\ufffd");
        assertThat(line.get("container").asText()).isEqualTo(valid);
        assertThat(line.get("msg").asText()).isEqualTo("seen " + valid);
    }

    private static Stream<LogFormatter> formats() {
        return Stream.of(TEXT, COLOURED, JSON);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aStrangersTextStaysOnItsLine(LogFormatter format) {
        String line =
                format.format(
                        event(log ->
                                log.addKeyValue("container", ATTACK)
                                        .addKeyValue(ATTACK, List.of(ATTACK))
                                        .log("seen {}", ATTACK)));
        assertThat(line).endsWith("\n").hasLineCount(1);
        assertThat(line.strip().replaceAll("\u001b\\[[0-9]+m", ""))
                .matches(l -> l.codePoints().noneMatch(Character::isISOControl))
                .doesNotContain("\u2028", "\u202e", "\u2066", "\u200b", "\ufeff");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(line)).isTrue();
    }

    /// The cause is at the end of a stack trace, and matters most.
    @ParameterizedTest
    @MethodSource("formats")
    void aDeepStackDoesNotHideItsCause(LogFormatter format) {
        StackOverflowError deep = new StackOverflowError("deep");
        StackTraceElement[] frames = new StackTraceElement[1_000];
        Arrays.fill(frames, new StackTraceElement("some.Class", "method", "Class.java", 1));
        deep.setStackTrace(frames);
        Exception e = new Exception("top", new Exception("middle", deep));
        e.addSuppressed(new Exception("beside"));
        e.addSuppressed(new Exception("round", e));
        assertThat(format.format(event(log -> log.setCause(e).log("m"))))
                .contains("Exception: top", "Caused by: java.lang.Exception: middle")
                .contains("Caused by: java.lang.StackOverflowError: deep")
                .contains("Suppressed: java.lang.Exception: beside")
                .hasSizeLessThan(16_384);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aLineIsBounded(LogFormatter format) {
        String endless = "n".repeat(1_000_000);
        String line =
                format.format(
                        event(log ->
                                log.addKeyValue("a", endless)
                                        .setCause(new Exception(endless))
                                        .log(endless)));
        assertThat(line).hasSizeLessThan(16_384);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatCannotBeWrittenDownDoesNoHarm(LogFormatter format) {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        Object broken =
                new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("as the test wants it");
                    }
                };
        String line =
                format.format(
                        event(log ->
                                log.addKeyValue("itself", itself)
                                        .addKeyValue("broken", broken)
                                        .log((String) null)));
        assertThat(line).contains("IllegalStateException from toString").hasLineCount(1);
    }
}

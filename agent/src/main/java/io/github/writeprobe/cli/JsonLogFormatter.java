package io.github.writeprobe.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.github.writeprobe.text.UntrustedText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// One JSON object per line, in printable ASCII. The key-value pairs are on the same level as
/// `time`, `level`, `logger`, `msg` and `error`. A key that is already used gets underscores
/// appended.
final class JsonLogFormatter implements LogFormatter {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Set<String> RESERVED_KEYS =
            Set.of("time", "level", "logger", "msg", "error");

    /// A list may contain itself, or a million elements.
    private static final int MAX_DEPTH = 4;

    private static final int MAX_ELEMENTS = 100;

    @Override
    public String format(ILoggingEvent event) {
        StringWriter line = new StringWriter(300);
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
            json.writeStringField("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
            writeText("logger", event.getLoggerName(), json);
            writeText("msg", LogEventTruncator.message(event), json);
            Set<String> usedKeys = new HashSet<>(RESERVED_KEYS);
            for (KeyValuePair pair : LogEventTruncator.pairs(event)) {
                String key = UntrustedText.wellFormed(pair.key);
                while (!usedKeys.add(key)) {
                    key += "_";
                }
                json.writeFieldName(key);
                writeValue(pair.value, MAX_DEPTH, json);
            }
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                json.writeObjectFieldStart("error");
                writeText("type", thrown.getClassName(), json);
                writeText("message", LogEventTruncator.text(thrown.getMessage()), json);
                writeText("stack", LogEventTruncator.stack(thrown), json);
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Jackson does not escape DEL, which is a control character.
        return line.toString().replace("\u007f", "\\u007F") + "\n";
    }

    private static void writeText(String name, String value, JsonGenerator json)
            throws IOException {
        json.writeStringField(name, UntrustedText.wellFormed(value));
    }

    private static void writeValue(@Nullable Object value, int depth, JsonGenerator json)
            throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Boolean bool -> json.writeBoolean(bool);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Short number -> json.writeNumber(number);
            case Byte number -> json.writeNumber(number);
            case BigInteger number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case Double number when Double.isFinite(number) -> json.writeNumber(number);
            case Float number when Float.isFinite(number) -> json.writeNumber(number);
            case Optional<?> optional -> writeValue(optional.orElse(null), depth, json);
            case Collection<?> values when depth > 0 -> writeList(values, depth - 1, json);
            case Object[] values when depth > 0 ->
                    writeList(Arrays.asList(values), depth - 1, json);
            default -> json.writeString(UntrustedText.wellFormed(LogEventTruncator.text(value)));
        }
    }

    private static void writeList(Collection<?> values, int depth, JsonGenerator json)
            throws IOException {
        List<?> first = values.stream().limit(MAX_ELEMENTS).toList();
        json.writeStartArray();
        for (Object value : first) {
            writeValue(value, depth, json);
        }
        if (first.size() < values.size()) {
            json.writeString("…");
        }
        json.writeEndArray();
    }
}

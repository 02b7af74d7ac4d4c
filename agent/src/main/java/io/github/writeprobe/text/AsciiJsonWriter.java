package io.github.writeprobe.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes one JSON document, indented, in printable ASCII: logs and terminals can show it, and it
/// is the same in every encoding that is based on ASCII.
public final class AsciiJsonWriter {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build()
                    .setCharacterEscapes(new DeleteEscapes());

    private final JsonGenerator generator;

    private AsciiJsonWriter(JsonGenerator generator) {
        this.generator = generator;
    }

    /// Writes the content of an object or of an element of an array.
    public interface Body<T> {
        void write(T value) throws IOException;
    }

    public static void write(Writer out, Body<AsciiJsonWriter> body) throws IOException {
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                                Separators.createDefaultInstance()
                                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                                        .withObjectEmptySeparator("")
                                        .withArrayEmptySeparator("")
                                        .withRootSeparator(""))
                        .withObjectIndenter(indent)
                        .withArrayIndenter(indent);
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            generator.setPrettyPrinter(printer);
            generator.writeStartObject();
            body.write(new AsciiJsonWriter(generator));
            generator.writeEndObject();
        }
        out.write('\n');
        out.flush();
    }

    public void text(String name, String value) throws IOException {
        generator.writeStringField(name, UntrustedText.wellFormed(value));
    }

    /// Omits the field if the value is empty.
    public void textIfAny(String name, String value) throws IOException {
        if (!value.isEmpty()) {
            text(name, value);
        }
    }

    /// Writes null if there is no value.
    public void textOrNull(String name, Optional<String> value) throws IOException {
        generator.writeFieldName(name);
        generator.writeString(value.map(UntrustedText::wellFormed).orElse(null));
    }

    public void texts(String name, Collection<String> values) throws IOException {
        array(name, values, value -> generator.writeString(UntrustedText.wellFormed(value)));
    }

    public void number(String name, long value) throws IOException {
        generator.writeNumberField(name, value);
    }

    public void bool(String name, boolean value) throws IOException {
        generator.writeBooleanField(name, value);
    }

    public void nullValue(String name) throws IOException {
        generator.writeNullField(name);
    }

    /// Writes a time in ISO 8601, to the millisecond.
    public void instant(String name, Instant value) throws IOException {
        text(name, value.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    /// Writes a duration as a decimal number of seconds, to the microsecond.
    public void seconds(String name, Duration value) throws IOException {
        BigDecimal seconds =
                BigDecimal.valueOf(value.toNanos(), 9)
                        .setScale(6, RoundingMode.HALF_UP)
                        .stripTrailingZeros();
        generator.writeFieldName(name);
        generator.writeNumber(seconds.toPlainString());
    }

    public void object(String name, Body<AsciiJsonWriter> body) throws IOException {
        generator.writeObjectFieldStart(name);
        body.write(this);
        generator.writeEndObject();
    }

    public <T> void objects(String name, Collection<T> values, Body<T> body) throws IOException {
        array(
                name,
                values,
                value -> {
                    generator.writeStartObject();
                    body.write(value);
                    generator.writeEndObject();
                });
    }

    private <T> void array(String name, Collection<T> values, Body<T> body) throws IOException {
        generator.writeArrayFieldStart(name);
        for (T value : values) {
            body.write(value);
        }
        generator.writeEndArray();
    }

    /// Jackson does not escape DEL, which is a control character.
    private static final class DeleteEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1;
        private static final int DEL = 0x7f;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes[DEL] = ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return null;
        }
    }
}

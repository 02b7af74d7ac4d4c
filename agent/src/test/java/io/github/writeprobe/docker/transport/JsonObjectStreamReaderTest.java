package io.github.writeprobe.docker.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectStreamReaderTest {
    private static List<String> read(InputStream in, int maxBytes) throws IOException {
        return read(JsonObjectStreamReader.stream(in, maxBytes));
    }

    private static List<String> read(JsonObjectStreamReader objects) throws IOException {
        List<String> read = new ArrayList<>();
        Optional<JsonObjectStreamReader.Element> object = objects.next();
        while (object.isPresent()) {
            read.add(object.get().json().toString());
            object = objects.next();
        }
        return read;
    }

    private static List<String> read(String text) throws IOException {
        return read(new ByteArrayInputStream(text.getBytes(UTF_8)), 1000);
    }

    /// A stream that delivers one byte at a time, as a connection may.
    private static InputStream byteByByte(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(1, length));
            }
        };
    }

    @Test
    void anySeparatorBetweenObjectsIsAccepted() throws Exception {
        assertThat(read("{\"a\":1}{\"b\":2}\n\r\n \t{\"c\":3}\u001e{\"d\":4}\n\n"))
                .containsExactly("{\"a\":1}", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}");
        assertThat(read("")).isEmpty();
        assertThat(read("\n\n")).isEmpty();
    }

    @Test
    void anObjectMayTakeSeveralLines() throws Exception {
        assertThat(read("{\n  \"a\": {\n    \"b\": [ {} ]\n  }\n}\n{}"))
                .containsExactly("{\"a\":{\"b\":[{}]}}", "{}");
    }

    @Test
    void bracesAndQuotesInTextsAreText() throws Exception {
        String object = "{\"}\":\"{\\\"}\\\\\",\"b\":\"\\\\\\\"{\"}";
        assertThat(read(object + object)).containsExactly(object, object);
    }

    @Test
    void anyByteMayBeTheLastThatHasCome() throws Exception {
        String object = "{\"name\":\"é€😀\",\"b\":\"\\u00e9\"}";
        assertThat(read(byteByByte(object + "\n" + object), 1000))
                .containsExactly(
                        "{\"name\":\"é€😀\",\"b\":\"é\"}", "{\"name\":\"é€😀\",\"b\":\"é\"}");
    }

    @Test
    void anObjectMayBeAsLongAsItMayAndNoLonger() throws Exception {
        String ten = "{\"a\":1234}";
        assertThat(read(byteByByte(ten + ten), 10)).hasSize(2);
        assertThat(read(byteByByte(ten + "{\"a\":1}" + ten + ten + "{}"), 9))
                .containsExactly(ten, "{\"a\":1}", ten, ten, "{}");
        assertThat(read(byteByByte(ten + "{\"a\":1}" + "{\"b\":\"c\",\"a\":1}" + "{}"), 8))
                .containsExactly("{}", "{\"a\":1}", "{\"b\":\"c\"}", "{}");
        assertThatThrownBy(() -> read(byteByByte("{" + " ".repeat(9216) + "}"), 9))
                .isInstanceOf(JsonObjectStreamReader.Unreadable.class);
    }

    @Test
    void keepAliveNewlinesDoNotCountTowardsTheLimit() throws Exception {
        assertThat(read(byteByByte("\n".repeat(5000) + "{}"), 10)).containsExactly("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "[{}]", "{]}", "{\"a\" 1}", "{}}", "null", "{\"a\":1,}", "\u0000"})
    void anythingElseIsUnreadable(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(JsonObjectStreamReader.Unreadable.class);
    }

    @Test
    void aDeepNestIsUnreadableAndNoStackOverflow() {
        String deep = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
        assertThatThrownBy(() -> read(byteByByte(deep), 1 << 20))
                .isInstanceOf(JsonObjectStreamReader.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}{\"a\":", "{\"}", "{\"\\"})
    void anEndInTheMiddleIsNoEnd(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(EOFException.class);
    }

    private static List<JsonObjectStreamReader.Element> elements(String text, int maxBytes)
            throws IOException {
        JsonObjectStreamReader objects = JsonObjectStreamReader.array(byteByByte(text), maxBytes);
        List<JsonObjectStreamReader.Element> read = new ArrayList<>();
        Optional<JsonObjectStreamReader.Element> object = objects.next();
        while (object.isPresent()) {
            read.add(object.get());
            object = objects.next();
        }
        return read;
    }

    @Test
    void theElementsOfAnArrayAreReadOneByOne() throws Exception {
        assertThat(elements(" [{\"a\":[1,{}]} ,\n{}, {\"b\":\"],\"}]\n", 1000))
                .extracting(e -> e.json().toString())
                .containsExactly("{\"a\":[1,{}]}", "{}", "{\"b\":\"],\"}");
        assertThat(elements("[]", 10)).isEmpty();
    }

    @Test
    void ofAnElementThatIsTooLongTheBeginningIsRead() throws Exception {
        String text =
                "[{\"Id\":\"a\",\"Names\":[\"/x\"],\"Labels\":{\"b\":\"%s\"},\"State\":\"y\"},{\"Id\":\"c\"}]"
                        .formatted("}]{".repeat(100));
        List<JsonObjectStreamReader.Element> read = elements(text, 100);
        assertThat(read)
                .extracting(JsonObjectStreamReader.Element::complete)
                .containsExactly(false, true);
        assertThat(read)
                .extracting(e -> e.json().toString())
                .containsExactly(
                        "{\"Id\":\"a\",\"Names\":[\"/x\"],\"Labels\":{}}", "{\"Id\":\"c\"}");
    }

    @Test
    void anElementThatMakesNoSenseCostsOnlyItself() throws Exception {
        assertThat(elements("[{\"Id\":\"a\",7},{\"Id\":\"b\"}]", 100))
                .extracting(e -> e.json().toString())
                .containsExactly("{\"Id\":\"a\"}", "{\"Id\":\"b\"}");
    }

    @Test
    void aNumberThatMayHaveMoreDigitsIsNotBelieved() {
        assertThat(EngineJsonParser.parsePrefix("{\"a\":1,\"b\":12".getBytes(UTF_8)).toString())
                .isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "x", "null", "[7]", "[\"a\"]", "[{}x]", "[[]]"})
    void whatIsNoArrayOfObjectsIsUnreadable(String text) {
        assertThatThrownBy(() -> elements(text, 100))
                .isInstanceOf(JsonObjectStreamReader.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[{}", "[{},", "[{\"a\":", "[{}, {"})
    void anArrayThatBreaksOffIsNoArray(String text) {
        assertThatThrownBy(() -> elements(text, 100)).isInstanceOf(EOFException.class);
    }
}

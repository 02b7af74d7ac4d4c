package io.github.writeprobe.docker.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/// Configures how an engine's JSON is read.
///
/// By default, Jackson limits the length of a string (20,000,000 characters) and of a name
/// (50,000), and rejects the whole document if one is longer. Docker does not limit labels. The
/// input here is already limited in bytes, so these limits are raised.
final class EngineJsonParser {
    static final JsonMapper MAPPER =
            new JsonMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxStringLength(Integer.MAX_VALUE)
                                            .maxNameLength(Integer.MAX_VALUE)
                                            .build())
                            .build());

    private EngineJsonParser() {}

    /// Reads the fields of an object that is incomplete or invalid, up to the place of the error.
    /// The value of each of these fields is complete.
    static ObjectNode parsePrefix(byte[] bytes) {
        ObjectNode object = MAPPER.createObjectNode();
        try (JsonParser parser = MAPPER.createParser(bytes)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                fill(object, parser);
            }
        } catch (IOException brokenOff) {
            return object;
        }
        return object;
    }

    private static void fill(ObjectNode object, JsonParser parser) throws IOException {
        Runnable pending = () -> {};
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            pending.run();
            pending = () -> {};
            String name = parser.currentName();
            switch (parser.nextToken()) {
                case START_OBJECT -> fill(object.putObject(name), parser);
                case START_ARRAY -> fill(object.putArray(name), parser);
                case VALUE_STRING -> object.put(name, parser.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> {
                    // A number is complete only if something follows it.
                    JsonNode value = parser.readValueAsTree();
                    pending = () -> object.set(name, value);
                }
                case null, default -> {}
            }
        }
        pending.run();
    }

    private static void fill(ArrayNode array, JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        while (token != null && token != JsonToken.END_ARRAY) {
            switch (token) {
                case START_OBJECT -> fill(array.addObject(), parser);
                case START_ARRAY -> fill(array.addArray(), parser);
                case VALUE_STRING -> array.add(parser.getText());
                default -> {}
            }
            token = parser.nextToken();
        }
    }
}

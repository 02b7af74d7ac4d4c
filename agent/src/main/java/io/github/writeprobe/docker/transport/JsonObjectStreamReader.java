package io.github.writeprobe.docker.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads JSON objects from a stream. Each is returned as soon as its closing brace has arrived, and
/// only one is in memory.
///
/// In a stream, the objects may be separated by nothing, white space, empty lines that keep a
/// connection alive, or the record separators of RFC 7464. They may also be the elements of one
/// array.
public final class JsonObjectStreamReader {
    private static final int CHUNK = 8192;
    private static final int RECORD_SEPARATOR = 0x1e;

    /// An object in a stream that is this many times longer than the limit is treated as endless.
    /// An array has an end, or its reader has a deadline.
    private static final int MAX_LENGTH_FACTOR = 1024;

    private final InputStream in;
    private final int maxBytes;
    private final boolean array;
    private final byte[] chunk = new byte[CHUNK];
    private boolean begun;
    private int next;
    private int end;

    /// The input is not a JSON object.
    public static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(String reason) {
            super(reason);
        }
    }

    /// An object.
    ///
    /// @param json the fields that could be read if the object is incomplete
    /// @param complete whether the whole object was read
    public record Element(JsonNode json, boolean complete) {}

    private JsonObjectStreamReader(InputStream in, int maxBytes, boolean array) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.array = array;
    }

    /// Reads a stream of objects.
    ///
    /// @param maxBytes the number of bytes to read of one object; of a longer one only the
    ///   beginning is read
    public static JsonObjectStreamReader stream(InputStream in, int maxBytes) {
        return new JsonObjectStreamReader(in, maxBytes, false);
    }

    /// Reads the elements of an array. An invalid element affects only itself, as long as its
    /// braces match.
    ///
    /// @param maxBytes as for [#stream]
    static JsonObjectStreamReader array(InputStream in, int maxBytes) {
        return new JsonObjectStreamReader(in, maxBytes, true);
    }

    /// Waits for the next object.
    ///
    /// @return empty at the end
    /// @throws Unreadable if the input is anything else
    /// @throws EOFException if the input ends inside an object or array
    public Optional<Element> next() throws IOException {
        Optional<byte[]> object = nextObjectBytes();
        return object.isEmpty() ? Optional.empty() : Optional.of(element(object.get()));
    }

    private Element element(byte[] object) throws IOException {
        if (object.length > maxBytes) {
            return new Element(EngineJsonParser.parsePrefix(object), false);
        }
        try {
            return new Element(EngineJsonParser.MAPPER.readTree(object), true);
        } catch (JsonProcessingException e) {
            if (array) {
                return new Element(EngineJsonParser.parsePrefix(object), false);
            }
            throw new Unreadable("not JSON");
        }
    }

    /// The bytes of the next object; empty at the end.
    private Optional<byte[]> nextObjectBytes() throws IOException {
        if (array && !begun && nextSignificantByte() != '[') {
            throw new Unreadable("no array begins here");
        }
        begun = true;
        int first = nextSignificantByte();
        if (first < 0 && array) {
            throw new EOFException("the end came in the middle of an array");
        }
        if (first < 0 || (array && first == ']')) {
            return Optional.empty();
        }
        if (first != '{') {
            throw new Unreadable("no object begins here");
        }
        return Optional.of(readObject());
    }

    /// The next byte that is not a separator.
    private int nextSignificantByte() throws IOException {
        int first = read();
        while (isSeparator(first)) {
            first = read();
        }
        return first;
    }

    private boolean isSeparator(int b) {
        return switch (b) {
            case ' ', '\t', '\r', '\n' -> true;
            case RECORD_SEPARATOR -> !array;
            case ',' -> array && begun;
            default -> false;
        };
    }

    /// Reads one object by counting braces; of a too long object, only the beginning. No byte of a
    /// multi-byte UTF-8 sequence equals a brace.
    private byte[] readObject() throws IOException {
        long length = 1;
        ByteArrayOutputStream object = new ByteArrayOutputStream(CHUNK);
        object.write('{');
        int depth = 1;
        boolean quoted = false;
        boolean escaped = false;
        while (depth > 0) {
            if (!fillBuffer()) {
                throw new EOFException("the end came in the middle of an object");
            }
            int from = next;
            while (depth > 0 && next < end) {
                int b = chunk[next++];
                if (escaped) {
                    escaped = false;
                } else if (quoted) {
                    escaped = b == '\\';
                    quoted = b != '"';
                } else {
                    quoted = b == '"';
                    depth += b == '{' ? 1 : b == '}' ? -1 : 0;
                }
            }
            length += next - from;
            if (length > (long) MAX_LENGTH_FACTOR * maxBytes && !array) {
                throw new Unreadable("an object that does not end");
            }
            int room = maxBytes + 1 - object.size();
            object.write(chunk, from, Math.max(0, Math.min(room, next - from)));
        }
        return object.toByteArray();
    }

    private int read() throws IOException {
        return fillBuffer() ? Byte.toUnsignedInt(chunk[next++]) : -1;
    }

    /// @return false at the end
    private boolean fillBuffer() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, in.read(chunk));
        }
        return next < end;
    }
}

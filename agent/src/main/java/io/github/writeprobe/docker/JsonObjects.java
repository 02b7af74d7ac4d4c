package io.github.writeprobe.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// JSON objects one after another, as they come: each is read as soon as its last brace is there,
/// and no more than one is in memory.
///
/// In a stream it does not matter what parts them: nothing, white space, empty lines that keep a
/// connection alive, or the record separators of RFC 7464. They may also be the elements of one
/// array.
final class JsonObjects {
    private static final int CHUNK = 8192;
    private static final int RECORD_SEPARATOR = 0x1e;

    /// So many times as long as an object of a stream may be, and there is no end of it. An array
    /// has an end, or runs into the deadline of who reads it.
    private static final int MAX_LENGTH_FACTOR = 1024;

    private final InputStream in;
    private final int maxBytes;
    private final boolean array;
    private final byte[] chunk = new byte[CHUNK];
    private boolean begun;
    private int next;
    private int end;

    /// Something that is no JSON object.
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(String reason) {
            super(reason);
        }
    }

    /// An object.
    ///
    /// @param json of one that is not whole, what could be read of its beginning
    /// @param complete whether all of it is there
    record Element(JsonNode json, boolean complete) {}

    private JsonObjects(InputStream in, int maxBytes, boolean array) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.array = array;
    }

    /// Of a stream.
    ///
    /// @param maxBytes that are read of one object; of a longer one only the beginning is
    static JsonObjects stream(InputStream in, int maxBytes) {
        return new JsonObjects(in, maxBytes, false);
    }

    /// The elements of an array. One that makes no sense costs only itself, as long as its braces
    /// match.
    ///
    /// @param maxBytes as above
    static JsonObjects array(InputStream in, int maxBytes) {
        return new JsonObjects(in, maxBytes, true);
    }

    /// Waits for the next object.
    ///
    /// @return empty at the end
    /// @throws Unreadable if there is anything else
    /// @throws EOFException if the end comes in the middle
    Optional<Element> next() throws IOException {
        Optional<byte[]> object = nextObjectBytes();
        return object.isEmpty() ? Optional.empty() : Optional.of(element(object.get()));
    }

    private Element element(byte[] object) throws IOException {
        if (object.length > maxBytes) {
            return new Element(JsonReading.parsePrefix(object), false);
        }
        try {
            return new Element(JsonReading.MAPPER.readTree(object), true);
        } catch (JsonProcessingException e) {
            if (array) {
                return new Element(JsonReading.parsePrefix(object), false);
            }
            throw new Unreadable("no JSON");
        }
    }

    /// An object as it came; empty at the end.
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

    /// The next byte that does not only part objects.
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

    /// One object, by its braces; of one that is too long, the beginning. No byte of a longer UTF-8
    /// sequence looks like one.
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
                throw new Unreadable("an object without end");
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

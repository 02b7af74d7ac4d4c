package io.github.writeprobe.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// JSON objects one after another, as they come: each is read as soon as its last brace is there.
///
/// What parts them does not matter: nothing, white space, empty lines that keep a connection alive,
/// or the record separators of RFC 7464.
final class JsonObjects {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int CHUNK = 8192;
    private static final int RECORD_SEPARATOR = 0x1e;

    /// So many times as long as an object may be, and there is no end of it.
    private static final int ENDLESS = 64;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] chunk = new byte[CHUNK];
    private int next;
    private int end;

    /// Something that is no JSON object.
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(String why) {
            super(why);
        }
    }

    /// @param maxBytes of one object; a longer one is passed over
    JsonObjects(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /// Waits for the next object.
    ///
    /// @return empty at the end
    /// @throws Unreadable if there is anything else
    /// @throws EOFException if the end comes in the middle of an object
    Optional<JsonNode> next() throws IOException {
        while (true) {
            Optional<byte[]> object = bytes();
            if (object.isEmpty()) {
                return Optional.empty();
            }
            if (object.get().length <= maxBytes) {
                return Optional.of(parsed(object.get()));
            }
        }
    }

    private static JsonNode parsed(byte[] object) throws Unreadable, IOException {
        try {
            return JSON.readTree(object);
        } catch (JsonProcessingException e) {
            throw new Unreadable("no JSON");
        }
    }

    /// An object as it came; empty at the end.
    private Optional<byte[]> bytes() throws IOException {
        int first = read();
        while (parts(first)) {
            first = read();
        }
        if (first < 0) {
            return Optional.empty();
        }
        if (first != '{') {
            throw new Unreadable("no object begins here");
        }
        return Optional.of(rest());
    }

    private static boolean parts(int b) {
        return switch (b) {
            case ' ', '\t', '\r', '\n', RECORD_SEPARATOR -> true;
            default -> false;
        };
    }

    /// One object, by its braces; of one that is too long, the beginning. No byte of a longer UTF-8
    /// sequence looks like one.
    private byte[] rest() throws IOException {
        long length = 1;
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.write('{');
        int depth = 1;
        boolean quoted = false;
        boolean escaped = false;
        while (depth > 0) {
            int b = read();
            if (b < 0) {
                throw new EOFException("the end came in the middle of an object");
            }
            if (++length > (long) ENDLESS * maxBytes) {
                throw new Unreadable("an object without end");
            }
            if (object.size() <= maxBytes) {
                object.write(b);
            }
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
        return object.toByteArray();
    }

    private int read() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, in.read(chunk));
            if (end == 0) {
                return -1;
            }
        }
        return Byte.toUnsignedInt(chunk[next++]);
    }
}

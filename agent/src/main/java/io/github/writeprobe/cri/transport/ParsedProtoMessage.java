package io.github.writeprobe.cri.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A message in the encoding of Protocol Buffers, read by field numbers.
///
/// Generated classes would refuse a whole list of containers for one label that is not UTF-8. Here
/// each message in a message is read on its own, unknown fields are ignored, and a field that is
/// missing or has another type counts as empty, as in an answer of Docker. The protobuf library
/// itself is not used, because it calls methods that the JDK is about to remove.
///
/// @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
public final class ParsedProtoMessage {
    private static final int TYPE_BITS = 3;
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;
    private static final int MAX_VARINT_BITS = 64;

    private final Map<Integer, List<Object>> fields;

    private ParsedProtoMessage(Map<Integer, List<Object>> fields) {
        this.fields = fields;
    }

    /// @throws IOException if it is not a message
    public static ParsedProtoMessage parse(byte[] bytes) throws IOException {
        Map<Integer, List<Object>> fields = new HashMap<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            while (in.hasRemaining()) {
                long tag = readVarint(in);
                int number = Math.toIntExact(tag >>> TYPE_BITS);
                switch ((int) tag & ((1 << TYPE_BITS) - 1)) {
                    case VARINT -> add(fields, number, readVarint(in));
                    case FIXED_64 -> in.getLong();
                    case LENGTH_DELIMITED -> add(fields, number, readBytes(in));
                    case FIXED_32 -> in.getInt();
                    default -> throw new IOException("unknown type of a field");
                }
            }
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new IOException("not a message", e);
        }
        return new ParsedProtoMessage(fields);
    }

    /// Seven bits in each byte, the lowest first; all bytes but the last have the eighth bit.
    private static long readVarint(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("a number that does not end");
    }

    private static byte[] readBytes(ByteBuffer in) throws IOException {
        long length = readVarint(in);
        if (length < 0 || length > in.remaining()) {
            throw new IOException("a field that is longer than the message");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static void add(Map<Integer, List<Object>> fields, int number, Object value) {
        fields.computeIfAbsent(number, n -> new ArrayList<>(1)).add(value);
    }

    /// A text; empty if there is none.
    public String text(int field) {
        return new String(bytes(field), UTF_8);
    }

    /// The last value counts, as in every reader of this encoding.
    public byte[] bytes(int field) {
        List<byte[]> all = elements(field);
        return all.isEmpty() ? new byte[0] : all.getLast();
    }

    /// A number or the number of an enum's constant; 0 if there is none.
    public long number(int field) {
        long last = 0;
        for (Object value : fields.getOrDefault(field, List.of())) {
            last = value instanceof Long number ? number : last;
        }
        return last;
    }

    public boolean flag(int field) {
        return number(field) != 0;
    }

    /// A message in this one; an empty one if there is none.
    ///
    /// @throws IOException if it is not a message
    public ParsedProtoMessage message(int field) throws IOException {
        return parse(bytes(field));
    }

    /// All values of a repeated field, of texts or messages.
    public List<byte[]> elements(int field) {
        return fields.getOrDefault(field, List.of()).stream()
                .filter(byte[].class::isInstance)
                .map(byte[].class::cast)
                .toList();
    }

    /// A map of texts.
    ///
    /// @throws IOException if an entry of it is not a message
    public Map<String, String> map(int field) throws IOException {
        Map<String, String> map = new LinkedHashMap<>();
        for (byte[] element : elements(field)) {
            ParsedProtoMessage entry = parse(element);
            map.put(entry.text(1), entry.text(2));
        }
        return map;
    }
}

package io.github.writeprobe.cri.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Map;

/// Writes a message in the encoding of Protocol Buffers. A field with its default value is left
/// out, as the encoding wants it.
public final class ProtoBuilder {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public ProtoBuilder text(int field, String value) {
        return value.isEmpty() ? this : bytes(field, value.getBytes(UTF_8));
    }

    /// All values of a repeated field. An empty text is a value, too.
    public ProtoBuilder texts(int field, Iterable<String> values) {
        values.forEach(value -> bytes(field, value.getBytes(UTF_8)));
        return this;
    }

    public ProtoBuilder number(int field, long value) {
        if (value != 0) {
            varint(((long) field << 3) | VARINT);
            varint(value);
        }
        return this;
    }

    public ProtoBuilder flag(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    /// One message, or one element of a repeated field. An empty message is not the same as none.
    public ProtoBuilder message(int field, ProtoBuilder value) {
        return bytes(field, value.toBytes());
    }

    public ProtoBuilder map(int field, Map<String, String> entries) {
        entries.forEach(
                (key, value) -> message(field, new ProtoBuilder().text(1, key).text(2, value)));
        return this;
    }

    /// Any bytes, also such that are no message.
    public ProtoBuilder bytes(int field, byte[] value) {
        varint(((long) field << 3) | LENGTH_DELIMITED);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}

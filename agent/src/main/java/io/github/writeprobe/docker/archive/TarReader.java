package io.github.writeprobe.docker.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/// Parses a tar archive while it is streamed: its entries, and whether it is complete.
///
/// It supports ustar, the extended headers of POSIX.1-2001 (pax), which Docker writes, and GNU's
/// long names. The content of files is skipped.
///
/// @see <a href="https://man.freebsd.org/cgi/man.cgi?query=tar&sektion=5">tar(5)</a>
final class TarReader {
    private static final int BLOCK = 512;

    /// For long names and extended attributes. No engine's archive has more.
    private static final int MAX_EXTENDED_BYTES = 4 << 20;

    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;
    private static final int PREFIX = 345;
    private static final int PREFIX_LENGTH = 155;
    private static final int MODE_BITS = 07777;

    /// @param type as in the header: `0` for a file, `2` for a symbolic link, `5` for a directory,
    ///   …
    /// @param name as in the archive; untrusted
    /// @param mode permission bits, with setuid, setgid and sticky
    /// @param bytes the size of its content
    /// @param target of a link, as in the archive
    /// @param modified in seconds since 1970
    record Entry(
            String name,
            char type,
            int mode,
            long uid,
            long gid,
            long bytes,
            String target,
            long modified) {}

    /// The input is not a tar archive.
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;

        Malformed(String reason) {
            super(reason);
        }
    }

    private final Consumer<Entry> entryConsumer;
    private final byte[] header = new byte[BLOCK];
    private int headerFilled;

    /// The remaining bytes of content, and of the padding after it.
    private long contentLeft;

    private long paddingLeft;
    private char extension;
    private final ByteArrayOutputStream extensionBytes = new ByteArrayOutputStream();
    private PaxRecords pax = PaxRecords.NONE;
    private int zeroBlocks;

    TarReader(Consumer<Entry> entryConsumer) {
        this.entryConsumer = entryConsumer;
    }

    /// Parses the next bytes of the archive.
    void accept(byte[] bytes, int offset, int length) throws Malformed {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (contentLeft > 0) {
                int n = (int) Math.min(contentLeft, end - at);
                if (extension != 0) {
                    extensionBytes.write(bytes, at, n);
                }
                contentLeft -= n;
                at += n;
                if (contentLeft == 0 && extension != 0) {
                    endExtension();
                }
            } else if (paddingLeft > 0) {
                int n = (int) Math.min(paddingLeft, end - at);
                paddingLeft -= n;
                at += n;
            } else {
                int n = Math.min(BLOCK - headerFilled, end - at);
                System.arraycopy(bytes, at, header, headerFilled, n);
                headerFilled += n;
                at += n;
                if (headerFilled == BLOCK) {
                    headerFilled = 0;
                    readHeader();
                }
            }
        }
    }

    /// Whether the end of the archive was read. If an engine fails in the middle, its archive just
    /// stops.
    boolean isComplete() {
        return zeroBlocks >= 2;
    }

    private void readHeader() throws Malformed {
        if (isZeroBlock()) {
            zeroBlocks++;
            return;
        }
        if (zeroBlocks > 0 || number(CHECKSUM, CHECKSUM_LENGTH) != checksum()) {
            throw new Malformed("expected a tar header");
        }
        char type = (char) Byte.toUnsignedInt(header[156]);
        long size = number(124, 12);
        if (type == 'x' || type == 'g' || type == 'L' || type == 'K') {
            if (size > MAX_EXTENDED_BYTES) {
                throw new Malformed("an extended header of " + size + " bytes");
            }
            extension = type;
            expectContent(size);
            if (size == 0) {
                endExtension();
            }
            return;
        }
        boolean empty = type >= '1' && type <= '6';
        long bytes = empty ? 0 : pax.size().orElse(size);
        Entry entry =
                new Entry(
                        pax.path().orElseGet(this::name),
                        type == 0 ? '0' : type,
                        (int) number(100, 8) & MODE_BITS,
                        pax.uid().orElse(number(108, 8)),
                        pax.gid().orElse(number(116, 8)),
                        bytes,
                        pax.target().orElseGet(() -> text(157, 100)),
                        number(136, 12));
        pax = PaxRecords.NONE;
        expectContent(bytes);
        entryConsumer.accept(entry);
    }

    private void expectContent(long size) throws Malformed {
        if (size < 0) {
            throw new Malformed("negative size");
        }
        contentLeft = size;
        paddingLeft = (BLOCK - size % BLOCK) % BLOCK;
    }

    private void endExtension() throws Malformed {
        byte[] value = extensionBytes.toByteArray();
        switch (extension) {
            case 'x' -> pax = pax.with(PaxRecords.parse(value));
            case 'L' -> pax = pax.with(PaxRecords.path(withoutNul(value)));
            case 'K' -> pax = pax.with(PaxRecords.target(withoutNul(value)));
            default -> {}
        }
        extension = 0;
        extensionBytes.reset();
    }

    private static String withoutNul(byte[] value) {
        int length = value.length;
        while (length > 0 && value[length - 1] == 0) {
            length--;
        }
        return new String(value, 0, length, UTF_8);
    }

    private boolean isZeroBlock() {
        for (byte b : header) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /// The sum of the header's bytes, with its own field read as blanks.
    private long checksum() {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            boolean own = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
            sum += own ? ' ' : Byte.toUnsignedInt(header[i]);
        }
        return sum;
    }

    private String name() {
        String name = text(0, 100);
        boolean posix = header[257] == 'u' && header[262] == 0;
        String prefix = posix ? text(PREFIX, PREFIX_LENGTH) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, UTF_8);
    }

    /// Octal digits, or a binary number with the high bit set if the digits do not suffice.
    private long number(int offset, int length) throws Malformed {
        if ((header[offset] & 0x80) != 0) {
            long value = header[offset] & 0x3f;
            boolean fits = (header[offset] & 0x40) == 0;
            for (int i = offset + 1; i < offset + length; i++) {
                fits &= value >>> 55 == 0;
                value = value << 8 | Byte.toUnsignedInt(header[i]);
            }
            if (!fits) {
                throw new Malformed("number out of range");
            }
            return value;
        }
        String digits = text(offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new Malformed("invalid number");
        }
    }
}

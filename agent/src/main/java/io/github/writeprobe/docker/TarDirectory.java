package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// An archive of one empty directory: by it an engine is told whose a directory is.
///
/// The engine's own library for archives, commons-compress, is left out of the program (5 MB).
final class TarDirectory {
    /// Two blocks of nothing end an archive.
    private static final int LENGTH = 3 * 512;

    private static final int NAME = 0;
    private static final int MODE = 100;
    private static final int UID = 108;
    private static final int GID = 116;
    private static final int SIZE = 124;
    private static final int TIME = 136;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;

    /// What seven octal digits hold; more would take another format.
    private static final long MOST = 07777777;

    private final byte[] bytes = new byte[LENGTH];

    private TarDirectory() {}

    static boolean fits(long uid, long gid) {
        return uid >= 0 && gid >= 0 && uid <= MOST && gid <= MOST;
    }

    /// @param name ASCII, less than a hundred characters
    /// @param uid and the group [fit][#fits]
    /// @param seconds since 1970, when it was changed last
    static byte[] of(String name, int mode, long uid, long gid, long seconds) {
        TarDirectory tar = new TarDirectory();
        tar.text(NAME, name + "/");
        tar.number(MODE, 7, mode);
        tar.number(UID, 7, uid);
        tar.number(GID, 7, gid);
        tar.number(SIZE, 11, 0);
        tar.number(TIME, 11, seconds);
        tar.text(TYPE, "5");
        tar.text(MAGIC, "ustar\00000");
        tar.text(CHECKSUM, " ".repeat(8));
        int sum = 0;
        for (byte b : tar.bytes) {
            sum += b & 0xff;
        }
        tar.text(CHECKSUM, "%06o\0 ".formatted(sum));
        return tar.bytes;
    }

    private void number(int offset, int digits, long value) {
        text(offset, ("%0" + digits + "o").formatted(value));
    }

    private void text(int offset, String text) {
        byte[] ascii = text.getBytes(US_ASCII);
        System.arraycopy(ascii, 0, bytes, offset, ascii.length);
    }
}

package io.github.writeprobe.docker.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Creates a tar archive of one empty directory, which sets the owner of a directory through the
/// engine.
///
/// The archive library that docker-java uses, commons-compress, is excluded from the program
/// because of its size (5 MB).
public final class EmptyDirectoryTar {
    /// Two blocks of zeros end an archive.
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

    /// The maximum of seven octal digits. A larger id would need another format.
    private static final long MAX_ID = 07777777;

    private final byte[] bytes = new byte[LENGTH];

    private EmptyDirectoryTar() {}

    public static boolean canHold(long uid, long gid) {
        return uid >= 0 && gid >= 0 && uid <= MAX_ID && gid <= MAX_ID;
    }

    /// @param name ASCII, less than a hundred characters
    /// @param uid and the group have to [fit][#canHold]
    /// @param seconds the time of the last change, since 1970
    public static byte[] of(String name, int mode, long uid, long gid, long seconds) {
        EmptyDirectoryTar tar = new EmptyDirectoryTar();
        tar.putText(NAME, name + "/");
        tar.putOctal(MODE, 7, mode);
        tar.putOctal(UID, 7, uid);
        tar.putOctal(GID, 7, gid);
        tar.putOctal(SIZE, 11, 0);
        tar.putOctal(TIME, 11, seconds);
        tar.putText(TYPE, "5");
        tar.putText(MAGIC, "ustar\00000");
        tar.putText(CHECKSUM, " ".repeat(8));
        int sum = 0;
        for (byte b : tar.bytes) {
            sum += b & 0xff;
        }
        tar.putText(CHECKSUM, "%06o\0 ".formatted(sum));
        return tar.bytes;
    }

    private void putOctal(int offset, int digits, long value) {
        putText(offset, ("%0" + digits + "o").formatted(value));
    }

    private void putText(int offset, String text) {
        byte[] ascii = text.getBytes(US_ASCII);
        System.arraycopy(ascii, 0, bytes, offset, ascii.length);
    }
}

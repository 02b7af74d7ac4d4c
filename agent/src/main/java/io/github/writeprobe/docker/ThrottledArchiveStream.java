package io.github.writeprobe.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// An archive on its way from one container to another, looked at as it passes.
///
/// It takes its time: the original works on the same disk and with the same processors. For as long
/// as a piece has kept the engine busy, and for as long as the highest rate wants, there is a
/// pause.
final class ThrottledArchiveStream extends InputStream {
    /// Between two looks at the room that is left.
    private static final long STEP = 16L << 20;

    private static final long PIECE = 4L << 20;
    private static final long BYTES_PER_SECOND = 64L << 20;
    private static final long PIECE_NANOS = PIECE * 1_000_000_000L / BYTES_PER_SECOND;

    private final InputStream source;
    private final TarReader tar = new TarReader(entry -> {});
    private final long limit;
    private final BooleanSupplier room;
    private long bytes;
    private long nextLook;
    private long nextPause = PIECE;
    private long busySince = System.nanoTime();
    private boolean tooLarge;
    private boolean noRoom;
    private boolean torn;

    /// @param limit in bytes of the archive
    /// @param room whether there is still room for more
    ThrottledArchiveStream(InputStream source, long limit, BooleanSupplier room) {
        this.source = source;
        this.limit = limit;
        this.room = room;
    }

    long bytes() {
        return bytes;
    }

    boolean tooLarge() {
        return tooLarge;
    }

    boolean noRoom() {
        return noRoom;
    }

    /// Whether it ended before its end.
    boolean torn() {
        return torn;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (bytes >= nextLook) {
            nextLook = bytes + STEP;
            if (!room.getAsBoolean()) {
                noRoom = true;
                throw new IOException("no room for a copy");
            }
        }
        if (bytes >= nextPause) {
            nextPause = bytes + PIECE;
            pause();
        }
        int n = source.read(into, offset, length);
        if (n < 0) {
            torn = !tar.whole();
            return n;
        }
        tar.accept(into, offset, n);
        bytes += n;
        if (bytes > limit) {
            tooLarge = true;
            throw new IOException("more than may be copied");
        }
        return n;
    }

    private void pause() throws InterruptedIOException {
        long busy = System.nanoTime() - busySince;
        try {
            Thread.sleep(Duration.ofNanos(Math.max(busy, PIECE_NANOS - busy)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while copying");
        }
        busySince = System.nanoTime();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}

package io.github.writeprobe.docker.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// An archive that is streamed from one container to another and parsed meanwhile.
///
/// It is throttled, because the original uses the same disk and processors. After each chunk it
/// pauses: as long as the chunk has kept the engine busy, and at least as long as the maximum rate
/// requires.
public final class ThrottledArchiveStream extends InputStream {
    /// The number of bytes between two checks of the free space.
    private static final long SPACE_CHECK_BYTES = 16L << 20;

    private static final long CHUNK_BYTES = 4L << 20;
    private static final long BYTES_PER_SECOND = 64L << 20;
    private static final long CHUNK_NANOS = CHUNK_BYTES * 1_000_000_000L / BYTES_PER_SECOND;

    private final InputStream source;
    private final TarReader tar = new TarReader(entry -> {});
    private final long limit;
    private final BooleanSupplier hasSpace;
    private long bytes;
    private long nextSpaceCheck;
    private long nextPause = CHUNK_BYTES;
    private long busySince = System.nanoTime();
    private boolean tooLarge;
    private boolean diskFull;
    private boolean truncated;

    /// @param limit in bytes of the archive
    /// @param hasSpace whether there is enough free space to continue
    public ThrottledArchiveStream(InputStream source, long limit, BooleanSupplier hasSpace) {
        this.source = source;
        this.limit = limit;
        this.hasSpace = hasSpace;
    }

    public long bytes() {
        return bytes;
    }

    public boolean isTooLarge() {
        return tooLarge;
    }

    public boolean isDiskFull() {
        return diskFull;
    }

    /// Whether the archive was incomplete.
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (bytes >= nextSpaceCheck) {
            nextSpaceCheck = bytes + SPACE_CHECK_BYTES;
            if (!hasSpace.getAsBoolean()) {
                diskFull = true;
                throw new IOException("not enough space for a copy");
            }
        }
        if (bytes >= nextPause) {
            nextPause = bytes + CHUNK_BYTES;
            pause();
        }
        int n = source.read(into, offset, length);
        if (n < 0) {
            truncated = !tar.isComplete();
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
            Thread.sleep(Duration.ofNanos(Math.max(busy, CHUNK_NANOS - busy)));
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

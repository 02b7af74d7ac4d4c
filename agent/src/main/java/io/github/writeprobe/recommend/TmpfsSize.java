package io.github.writeprobe.recommend;

/// How large a tmpfs may grow. What was seen is less than what will be: so it is given room.
final class TmpfsSize {
    private static final long MEBIBYTE = 1L << 20;
    private static final long MIN_BYTES = 16 * MEBIBYTE;

    /// For what grows with use: temporary files, logs.
    private static final long MIN_GROWING_BYTES = 64 * MEBIBYTE;

    private static final int HEADROOM_FACTOR = 4;

    private TmpfsSize() {}

    /// @param observedBytes bytes
    /// @return bytes, a power of two
    static long of(long observedBytes, boolean grows) {
        long minBytes = grows ? MIN_GROWING_BYTES : MIN_BYTES;
        long wanted = Math.max(minBytes, observedBytes * HEADROOM_FACTOR);
        long rounded = Long.highestOneBit(wanted);
        return rounded < wanted ? rounded << 1 : rounded;
    }

    static String reason(long observedBytes) {
        return observedBytes == 0
                ? "nothing was measured there, so the size is a guess"
                : ObservationWording.bytes(observedBytes)
                        + " in use there, and the size leaves room for more";
    }
}

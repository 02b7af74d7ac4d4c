package io.github.writeprobe.recommend.propose;

/// The size limit of a tmpfs. It is larger than what was observed, because more may be written
/// later.
final class TmpfsSize {
    private static final long MEBIBYTE = 1L << 20;
    private static final long MIN_BYTES = 16 * MEBIBYTE;

    /// For directories that grow with use: temporary files, logs.
    private static final long MIN_GROWING_BYTES = 64 * MEBIBYTE;

    private static final int HEADROOM_FACTOR = 4;

    private TmpfsSize() {}

    /// @param observedBytes size that was observed
    /// @return a size in bytes, a power of two
    static long of(long observedBytes, boolean grows) {
        long minBytes = grows ? MIN_GROWING_BYTES : MIN_BYTES;
        long wanted = Math.max(minBytes, observedBytes * HEADROOM_FACTOR);
        long rounded = Long.highestOneBit(wanted);
        return rounded < wanted ? rounded << 1 : rounded;
    }

    static String reason(long observedBytes) {
        return observedBytes == 0
                ? "nothing was measured there, so the size is a guess"
                : WriteEvidenceWording.bytes(observedBytes)
                        + " in use there; the size leaves room for more";
    }
}

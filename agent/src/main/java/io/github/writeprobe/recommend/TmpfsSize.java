package io.github.writeprobe.recommend;

/// How large a tmpfs may grow. What was seen is less than what will be: so it is given room.
final class TmpfsSize {
    private static final long MEBIBYTE = 1L << 20;
    private static final long LEAST = 16 * MEBIBYTE;

    /// For what grows with use: temporary files, logs.
    private static final long LEAST_THAT_GROWS = 64 * MEBIBYTE;

    private static final int ROOM = 4;

    private TmpfsSize() {}

    /// @param seen bytes
    /// @return bytes, a power of two
    static long of(long seen, boolean grows) {
        long least = grows ? LEAST_THAT_GROWS : LEAST;
        long wanted = Math.max(least, seen * ROOM);
        long rounded = Long.highestOneBit(wanted);
        return rounded < wanted ? rounded << 1 : rounded;
    }

    static String because(long seen) {
        return seen == 0
                ? "nothing was measured there, so the size is a guess"
                : ObservationWording.bytes(seen)
                        + " in use there, and the size leaves room for more";
    }
}

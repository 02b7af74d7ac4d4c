package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.Provision.Tmpfs;

/// A tmpfs as `--tmpfs` and Compose's `tmpfs:` have it: `PATH:OPTIONS`, cut at the first colon.
final class TmpfsOptions {
    private TmpfsOptions() {}

    static boolean canExpress(String path) {
        return path.indexOf(':') < 0;
    }

    /// The engine adds nosuid and nodev by itself, and noexec too; that one is written out to be
    /// seen.
    static String of(Tmpfs tmpfs) {
        return tmpfs.path()
                + ":mode="
                + Integer.toOctalString(tmpfs.mode())
                + ",uid="
                + tmpfs.uid()
                + ",gid="
                + tmpfs.gid()
                + ",size="
                + size(tmpfs.bytes())
                + (tmpfs.execute() ? ",exec" : ",noexec");
    }

    /// Megabytes as the kernel counts them, where there are whole ones.
    static String size(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "m" : Long.toString(bytes);
    }
}

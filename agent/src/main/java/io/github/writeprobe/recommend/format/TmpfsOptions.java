package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.propose.Provision.Tmpfs;

/// A tmpfs in the syntax of `--tmpfs` and Compose's `tmpfs:`, `PATH:OPTIONS`. The first colon ends
/// the path.
final class TmpfsOptions {
    private TmpfsOptions() {}

    static boolean canExpress(String path) {
        return path.indexOf(':') < 0;
    }

    /// The engine sets nosuid, nodev and noexec by default. noexec is written out so that the
    /// reader sees it.
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

    /// In `m` (MiB) if the size is a whole number of them, otherwise in bytes.
    static String size(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "m" : Long.toString(bytes);
    }
}

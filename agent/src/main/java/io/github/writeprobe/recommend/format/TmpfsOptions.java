package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A tmpfs in the syntax of `--tmpfs` and Compose's `tmpfs:`, `PATH:OPTIONS`. The first colon ends
/// the path.
final class TmpfsOptions {
    private static final Pattern SIZE =
            Pattern.compile("(?:^|,)size=([0-9]{1,12})([kKmMgG]?)(?=,|$)");

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

    /// The size among the options of a tmpfs, with the suffixes of tmpfs(5); empty if there is
    /// none, or if it is a part of the memory.
    static Optional<Long> bytes(String options) {
        Matcher matcher = SIZE.matcher(options);
        return matcher.find()
                ? Optional.of(
                        Long.parseLong(matcher.group(1))
                                << switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                                    case "k" -> 10;
                                    case "m" -> 20;
                                    case "g" -> 30;
                                    default -> 0;
                                })
                : Optional.empty();
    }

    /// In `m` (MiB) if the size is a whole number of them, otherwise in bytes.
    static String size(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "m" : Long.toString(bytes);
    }
}

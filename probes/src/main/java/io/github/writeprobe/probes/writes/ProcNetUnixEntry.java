package io.github.writeprobe.probes.writes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of `/proc/PID/net/unix`: a socket that is bound to a path in the filesystem. See
/// proc_pid_net(5).
///
/// @param name the path as the process gave it, possibly relative to its working directory at that
///   time. A name may contain forged lines, but a process can only lie about its own sockets, since
///   the inodes are compared with those that it has open
record ProcNetUnixEntry(long inode, String name) {
    private static final Pattern LINE =
            Pattern.compile(
                    "\\s*[0-9a-fA-F]+: [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{4}"
                            + " [0-9A-F]{2}\\s+([0-9]{1,18}) ([^@].*)");

    /// @return empty for a socket without a path in the filesystem
    static Optional<ProcNetUnixEntry> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(
                        new ProcNetUnixEntry(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }
}

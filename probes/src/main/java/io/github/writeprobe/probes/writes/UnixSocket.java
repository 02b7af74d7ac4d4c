package io.github.writeprobe.probes.writes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of `/proc/PID/net/unix`: a socket that is bound to a name in the file system. See
/// proc_pid_net(5).
///
/// @param name as the process gave it, relative to its working directory then. A process may write
///   lines of its own in a name: it lies about its own sockets only, since their numbers are
///   compared with what it has open
record UnixSocket(long inode, String name) {
    private static final Pattern LINE =
            Pattern.compile(
                    "\\s*[0-9a-fA-F]+: [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{4}"
                            + " [0-9A-F]{2}\\s+([0-9]{1,18}) ([^@].*)");

    /// @return empty for one without a name, or with one that is in no file system
    static Optional<UnixSocket> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new UnixSocket(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }
}

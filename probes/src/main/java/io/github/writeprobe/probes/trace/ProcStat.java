package io.github.writeprobe.probes.trace;

import java.util.Optional;

/// The first fields of `/proc/PID/stat`: proc_pid_stat(5).
///
/// @param command its name, which may contain anything
/// @param parent the id of its parent; 0 for the first process
/// @param startTicks when it started, in clock ticks since the boot
record ProcStat(int pid, String command, int parent, long startTicks) {
    private static final int PARENT = 1;
    private static final int START = 19;

    /// @return empty if this is no such text
    static Optional<ProcStat> parse(String text) {
        int open = text.indexOf(" (");
        // The name may contain parentheses; no field after it does.
        int close = text.lastIndexOf(") ");
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = text.substring(close + 2).strip().split(" ", -1);
        try {
            return fields.length <= START
                    ? Optional.empty()
                    : Optional.of(
                            new ProcStat(
                                    Integer.parseInt(text.substring(0, open)),
                                    text.substring(open + 2, close),
                                    Integer.parseInt(fields[PARENT]),
                                    Long.parseLong(fields[START])));
        } catch (NumberFormatException notAStat) {
            return Optional.empty();
        }
    }
}

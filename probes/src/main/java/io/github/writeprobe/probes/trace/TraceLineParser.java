package io.github.writeprobe.probes.trace;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses the lines of `trace_pipe`.
///
/// The first field is the name of the command, which any process sets as it likes, also to text
/// that looks like the fields after it, and to a newline. All after it are numbers of the kernel.
/// So a line is read from its end, and the name is not used: `/proc` has it.
final class TraceLineParser {
    private static final Pattern CALL =
            Pattern.compile(
                    "-(?<thread>\\d+) +\\[\\d+] \\S+ +(?<seconds>\\d+)\\.(?<micros>\\d{6}):"
                            + " sys_(?<call>\\w+)(?:\\((?<arguments>.*)"
                            + "| -> 0x(?<result>[0-9a-f]{1,16}))$");
    private static final Pattern ARGUMENT = Pattern.compile("(?:^|, )(\\w+): (?:0x)?([0-9a-f]+)");
    private static final Pattern LOST = Pattern.compile("^CPU:\\d+ \\[LOST (?:(\\d+) )?EVENTS]$");

    private TraceLineParser() {}

    /// @return empty for a line that says nothing about a mount call
    static Optional<TraceEvent> parse(String line) {
        Matcher lost = LOST.matcher(line);
        if (lost.find()) {
            // Without a number, the kernel does not know how many.
            String events = lost.group(1);
            return Optional.of(new TraceEvent.Lost(events == null ? 1 : Long.parseLong(events)));
        }
        Matcher fields = CALL.matcher(line);
        if (!fields.find()) {
            return Optional.empty();
        }
        try {
            return MountSyscall.of(fields.group("call")).map(call -> event(call, fields));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    private static TraceEvent event(MountSyscall call, Matcher fields) {
        int thread = Integer.parseInt(fields.group("thread"));
        long at =
                Long.parseLong(fields.group("seconds")) * 1_000_000_000L
                        + Long.parseLong(fields.group("micros")) * 1_000L;
        String result = fields.group("result");
        return result == null
                ? new TraceEvent.Entered(thread, at, call, flags(call, fields.group("arguments")))
                : new TraceEvent.Returned(thread, at, call, Long.parseUnsignedLong(result, 16));
    }

    private static long flags(MountSyscall call, String arguments) {
        // The last one counts: newer kernels also print paths, which come before it.
        long flags = 0;
        Matcher argument = ARGUMENT.matcher(arguments);
        while (argument.find()) {
            if (argument.group(1).equals(call.argument())) {
                flags = Long.parseUnsignedLong(argument.group(2), 16);
            }
        }
        return flags;
    }
}

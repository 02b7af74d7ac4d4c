package io.github.writeprobe.probes.trace;

import io.github.writeprobe.probes.cache.LruMap;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads at once who made a mount call: most such commands end within a millisecond.
///
/// A process id may be used again. So everything is read from one open `/proc/PID`, which stays
/// with its process, and a process that started after the call is not the caller. Must be used on
/// the thread of its kernel.
final class CallerReader {
    private static final int MAX_ANCESTORS = 16;
    private static final int MAX_KNOWN = 512;
    private static final int MAX_BYTES = 1 << 14;
    private static final int MAX_ARGUMENTS = 64;

    /// `USER_HZ`: what procfs counts time in, on all architectures of [LinuxSyscalls#abi()].
    private static final long NANOS_PER_TICK = 10_000_000;

    private final LinuxSyscalls kernel;
    private final String proc;

    /// Processes that started others, so that a later call of a child still shows them.
    private final Map<Integer, ProcessIdentity> known = new LruMap<>(MAX_KNOWN);

    /// @param proc where procfs is mounted
    CallerReader(LinuxSyscalls kernel, String proc) {
        this.kernel = kernel;
        this.proc = proc;
    }

    /// @param thread that called
    /// @param at when it called, by [System#nanoTime()]
    Caller read(int thread, long at) {
        long directory = kernel.openProcess(proc, thread);
        if (directory < 0) {
            return new Caller.Gone(thread);
        }
        try {
            int fd = (int) directory;
            // In the order in which a process that ends loses them.
            Optional<String> executable = kernel.readLink(fd, "exe");
            String commandLine = text(fd, "cmdline").orElse("");
            Optional<String> namespace = kernel.readLink(fd, "ns/mnt");
            Optional<ProcStat> stat = text(fd, "stat").flatMap(ProcStat::parse);
            if (stat.isEmpty() || startedAfter(stat.get(), at)) {
                return new Caller.Gone(thread);
            }
            ProcessIdentity process = identity(fd, stat.get(), executable, commandLine);
            List<ProcessIdentity> ancestors = ancestors(process, stat.get().parent());
            return new Caller.Seen(process.startedBy(ancestors), namespace, ancestors);
        } finally {
            kernel.close(directory);
        }
    }

    private ProcessIdentity identity(int directory, ProcStat stat) {
        return identity(
                directory,
                stat,
                kernel.readLink(directory, "exe"),
                text(directory, "cmdline").orElse(""));
    }

    private boolean startedAfter(ProcStat stat, long at) {
        long sinceBoot = kernel.sinceBoot() - (System.nanoTime() - at);
        return stat.startTicks() > sinceBoot / NANOS_PER_TICK;
    }

    private ProcessIdentity identity(
            int directory, ProcStat stat, Optional<String> executable, String commandLine) {
        String cgroups = text(directory, "cgroup").orElse("");
        Optional<String> pids = kernel.readLink(directory, "ns/pid");
        Optional<ProcessStatus> status = text(directory, "status").flatMap(ProcessStatus::parse);
        return new ProcessIdentity(
                stat.pid(),
                stat.startTicks(),
                stat.command(),
                executable,
                arguments(commandLine),
                status.map(ProcessStatus::uid),
                ProcessOrigin.of(cgroups, pids));
    }

    private static List<String> arguments(String commandLine) {
        return commandLine.isEmpty()
                ? List.of()
                : Arrays.stream(commandLine.split("\0", MAX_ARGUMENTS + 1))
                        .limit(MAX_ARGUMENTS)
                        .filter(argument -> !argument.isEmpty())
                        .toList();
    }

    private List<ProcessIdentity> ancestors(ProcessIdentity process, int firstParent) {
        List<ProcessIdentity> all = new ArrayList<>();
        ProcessIdentity child = process;
        int parent = firstParent;
        while (parent > 0 && all.size() < MAX_ANCESTORS) {
            Optional<Ancestor> next = ancestor(parent);
            // A parent that started later has the id of one that ended.
            if (next.isEmpty() || next.get().process().startTicks() > child.startTicks()) {
                break;
            }
            child = next.get().process();
            all.add(child);
            parent = next.get().parent();
        }
        return all;
    }

    private record Ancestor(ProcessIdentity process, int parent) {}

    private Optional<Ancestor> ancestor(int pid) {
        long directory = kernel.openProcess(proc, pid);
        if (directory < 0) {
            return Optional.empty();
        }
        try {
            Optional<ProcStat> stat = text((int) directory, "stat").flatMap(ProcStat::parse);
            if (stat.isEmpty()) {
                return Optional.empty();
            }
            ProcessIdentity process =
                    Optional.ofNullable(known.get(pid))
                            .filter(before -> isSame(before, stat.get()))
                            .orElseGet(() -> identity((int) directory, stat.get()));
            known.put(pid, process);
            return Optional.of(new Ancestor(process, stat.get().parent()));
        } finally {
            kernel.close(directory);
        }
    }

    private static boolean isSame(ProcessIdentity before, ProcStat now) {
        return before.startTicks() == now.startTicks() && before.command().equals(now.command());
    }

    private Optional<String> text(int directory, String name) {
        return kernel.readText(directory, name, MAX_BYTES);
    }
}

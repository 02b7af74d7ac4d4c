package io.github.writeprobe.probes.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A trace of this process's own, an instance of tracefs: it has its own buffer and its own events,
/// so that it disturbs no other trace. See `Documentation/trace/ftrace.rst` of the kernel.
///
/// Its name has the id and the start of this process. So the next agent removes the instance of one
/// that was killed, and never that of another one that runs.
final class TraceInstance implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("writeprobe-(\\d+)-(\\d+)(?:-\\d+)?");
    private static final String BUFFER_KIB_PER_CPU = "64";

    /// `FSCONFIG_CMD_RECONFIGURE`: the other commands change no mount.
    private static final String REMOUNTS = "cmd == 7";

    private final Path directory;

    private TraceInstance(Path directory) {
        this.directory = directory;
    }

    /// Why no trace can be made.
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        Unavailable(String reason) {
            super(reason);
        }
    }

    /// Creates an instance with the mount calls on.
    ///
    /// @param tracefs where tracefs is mounted
    /// @param proc where procfs is mounted
    /// @param number tells the instances of one process apart
    static TraceInstance create(Path tracefs, Path proc, int number) throws Unavailable {
        Path instances = tracefs.resolve("instances");
        if (!Files.isDirectory(instances)) {
            throw new Unavailable(
                    "tracefs is not mounted at " + tracefs + ", or this process may not read it");
        }
        List<MountSyscall> calls =
                Stream.of(MountSyscall.values())
                        .filter(c -> Files.exists(event(tracefs, "sys_enter_", c)))
                        .toList();
        if (!calls.contains(MountSyscall.MOUNT)) {
            throw new Unavailable(
                    "the kernel does not trace system calls (CONFIG_FTRACE_SYSCALLS)");
        }
        removeStale(instances, proc);
        Path directory = instances.resolve(name(proc, number));
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new Unavailable("no instance of tracefs can be made: " + reason(e));
        }
        TraceInstance instance = new TraceInstance(directory);
        try {
            instance.configure(calls);
            return instance;
        } catch (IOException e) {
            instance.close();
            throw new Unavailable("the trace cannot be switched on: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return e.getClass().getSimpleName() + " " + message;
    }

    private void configure(List<MountSyscall> calls) throws IOException {
        write("buffer_size_kb", BUFFER_KIB_PER_CPU);
        // The clock of System.nanoTime().
        write("trace_clock", "mono");
        for (MountSyscall call : calls) {
            if (call == MountSyscall.FSCONFIG) {
                write("events/syscalls/sys_enter_fsconfig/filter", REMOUNTS);
            }
            write("events/syscalls/sys_enter_" + call.label() + "/enable", "1");
            write("events/syscalls/sys_exit_" + call.label() + "/enable", "1");
        }
    }

    private static Path event(Path root, String prefix, MountSyscall call) {
        return root.resolve("events/syscalls").resolve(prefix + call.label());
    }

    private void write(String file, String value) throws IOException {
        Files.writeString(directory.resolve(file), value, StandardOpenOption.WRITE);
    }

    private static String name(Path proc, int number) throws Unavailable {
        ProcStat self =
                stat(proc.resolve("self"))
                        .orElseThrow(() -> new Unavailable("procfs is not mounted at " + proc));
        return "writeprobe-" + self.pid() + "-" + self.startTicks() + "-" + number;
    }

    private static Optional<ProcStat> stat(Path process) {
        try {
            return ProcStat.parse(new String(Files.readAllBytes(process.resolve("stat")), UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Removes the instances of agents that have ended without doing so.
    private static void removeStale(Path instances, Path proc) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(instances)) {
            for (Path one : all) {
                Matcher name = NAME.matcher(one.getFileName().toString());
                if (name.matches() && !isRunning(proc, name)) {
                    remove(one);
                }
            }
        } catch (IOException e) {
            // Not readable: creating one fails too, and says so.
        }
    }

    private static boolean isRunning(Path proc, Matcher name) {
        return stat(proc.resolve(name.group(1)))
                .filter(s -> name.group(2).equals(Long.toString(s.startTicks())))
                .isPresent();
    }

    private static void remove(Path instance) {
        try {
            Files.delete(instance);
        } catch (IOException inUse) {
            // Somebody reads it. The next agent tries again.
        }
    }

    /// The file that has the events, once each.
    Path pipe() {
        return directory.resolve("trace_pipe");
    }

    /// Close the pipe before.
    @Override
    public void close() {
        remove(directory);
    }
}

package io.github.writeprobe.recommend.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// The programs that a container runs: what its first process has become, and what it started.
final class RunningProgramReader {
    private static final int MAX_DEPTH = 3;
    private static final int MAX_PROCESSES = 32;

    private RunningProgramReader() {}

    /// @param pid in this PID namespace
    /// @return names as the kernel reports them (`comm`); empty if the process cannot be seen here
    static Set<String> programs(long pid) {
        Set<String> names = new HashSet<>();
        if (pid > 0) {
            ProcessHandle.of(pid).ifPresent(first -> collect(first, 0, names));
        }
        return names;
    }

    private static void collect(ProcessHandle process, int depth, Set<String> names) {
        try {
            names.add(Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip());
        } catch (IOException ended) {
            return;
        }
        if (depth < MAX_DEPTH && names.size() < MAX_PROCESSES) {
            process.children()
                    .limit(MAX_PROCESSES)
                    .forEach(child -> collect(child, depth + 1, names));
        }
    }
}

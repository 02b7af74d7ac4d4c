package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.cache.LruMap;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.Map;
import java.util.Optional;

/// Determines whether a process belongs to the container, and its name, by its PID.
///
/// Other processes also write to a container's mounts, for example those of writeprobe's probes. A
/// process belongs to the container if it is in its mount namespace or its cgroup. It also counts
/// as the container's if it has ended and this can no longer be determined.
final class ProcessMembership {
    private static final int MAX_CACHED = 4096;
    private static final int MAX_BYTES = 1 << 16;
    private static final long MAX_AGE_NANOS = 1_000_000_000L;

    /// @param name empty if it is unknown
    /// @param ended whether the process had ended when it was looked up
    record CachedProcess(boolean member, String name, boolean ended, long readAt) {}

    private final ContainerFilesystem filesystem;
    private final String container;
    private final Optional<String> mountNamespace;
    private final long selfPid = ProcessHandle.current().pid();
    private final Map<Integer, CachedProcess> cached = new LruMap<>(MAX_CACHED);

    /// The last program that each process executed, for processes that end before they can be
    /// inspected.
    private final Map<Integer, String> lastPrograms = new LruMap<>(MAX_CACHED);

    ProcessMembership(ContainerFilesystem filesystem, String container) {
        this.filesystem = filesystem;
        this.container = container;
        this.mountNamespace = mountNamespaceOf(filesystem.target().directory());
    }

    /// Records that a process executed another program.
    void recordExec(int pid, String program) {
        cached.remove(pid);
        lastPrograms.put(pid, program.substring(program.lastIndexOf('/') + 1));
    }

    CachedProcess lookUp(int pid) {
        long now = System.nanoTime();
        CachedProcess last = cached.get(pid);
        if (last != null && now - last.readAt() < MAX_AGE_NANOS) {
            return last;
        }
        CachedProcess current = query(pid, now, Optional.ofNullable(last));
        cached.put(pid, current);
        return current;
    }

    private CachedProcess query(int pid, long now, Optional<CachedProcess> last) {
        if (pid == selfPid) {
            return new CachedProcess(false, "", false, now);
        }
        LinuxSyscalls kernel = filesystem.kernel();
        long directory = kernel.openProcess("/proc", pid);
        if (directory < 0) {
            return endedProcess(pid, now, last);
        }
        try {
            Optional<String> name = processName((int) directory);
            if (name.isEmpty()) {
                return endedProcess(pid, now, last);
            }
            if (mountNamespaceOf((int) directory).isEmpty()) {
                // It is a zombie: it has ended, but has a name until its parent reaps it.
                return endedProcess(
                        pid,
                        now,
                        last.or(() -> Optional.of(new CachedProcess(true, name.get(), true, now))));
            }
            return new CachedProcess(
                    isMember((int) directory) && !isProbe((int) directory), name.get(), false, now);
        } finally {
            kernel.close(directory);
        }
    }

    private CachedProcess endedProcess(int pid, long now, Optional<CachedProcess> last) {
        return last.map(l -> new CachedProcess(l.member(), l.name(), true, now))
                .orElseGet(() ->
                        new CachedProcess(true, lastPrograms.getOrDefault(pid, ""), true, now));
    }

    /// The name of the process whose directory in procfs is open.
    Optional<String> processName(int directory) {
        return filesystem
                .kernel()
                .readText(directory, "comm", MAX_BYTES)
                .map(t -> t.endsWith("\n") ? t.substring(0, t.length() - 1) : t);
    }

    /// Whether the process whose directory in procfs is open belongs to the container.
    boolean isMember(int directory) {
        return sharesMounts(directory)
                || filesystem
                        .kernel()
                        .readText(directory, "cgroup", MAX_BYTES)
                        .filter(t -> t.contains(container))
                        .isPresent();
    }

    /// Whether its command line is that of a probe: `sh -c SCRIPT writeprobe …`, see
    /// [io.github.writeprobe.probes.exec].
    private boolean isProbe(int directory) {
        String[] arguments =
                filesystem
                        .kernel()
                        .readText(directory, "cmdline", MAX_BYTES)
                        .orElse("")
                        .split("\0", 5);
        return arguments.length > 3 && arguments[3].equals("writeprobe");
    }

    private boolean sharesMounts(int directory) {
        return mountNamespace.isPresent() && mountNamespace.equals(mountNamespaceOf(directory));
    }

    private Optional<String> mountNamespaceOf(int directory) {
        return filesystem.fileCalls().readLink(directory, "ns/mnt");
    }
}

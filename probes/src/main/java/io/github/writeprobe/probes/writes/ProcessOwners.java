package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.Kernel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Whose a process is, and what it is called, by its number.
///
/// Others write to a container's mounts too: a writeprobe that tries them, for one. A process
/// counts as the container's if it shares its mounts or its cgroup, or if it has ended and nobody
/// can say.
final class ProcessOwners {
    private static final int MOST = 4096;
    private static final int SMALL = 1 << 16;
    private static final long FRESH = 1_000_000_000L;

    /// @param name empty if nobody knows
    /// @param ended whether it could not be asked any more
    record Known(boolean member, String name, boolean ended, long at) {}

    private final ContainerFilesystem place;
    private final String container;
    private final Optional<String> mounts;
    private final long own = ProcessHandle.current().pid();
    private final Map<Integer, Known> known = recent();

    /// What a process was told to run last, for those that end before they can be asked.
    private final Map<Integer, String> ran = recent();

    ProcessOwners(ContainerFilesystem place, String container) {
        this.place = place;
        this.container = container;
        this.mounts = mountsOf(place.target().directory());
    }

    private static <T> Map<Integer, T> recent() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, T> eldest) {
                return size() > MOST;
            }
        };
    }

    /// It runs another program now.
    void runs(int pid, String program) {
        known.remove(pid);
        ran.put(pid, program.substring(program.lastIndexOf('/') + 1));
    }

    Known of(int pid) {
        long now = System.nanoTime();
        Known last = known.get(pid);
        if (last != null && now - last.at() < FRESH) {
            return last;
        }
        Known fresh = asked(pid, now, Optional.ofNullable(last));
        known.put(pid, fresh);
        return fresh;
    }

    private Known asked(int pid, long now, Optional<Known> last) {
        if (pid == own) {
            return new Known(false, "", false, now);
        }
        Kernel kernel = place.kernel();
        long directory =
                pid <= 0
                        ? -1
                        : kernel.open(
                                Kernel.AT_FDCWD,
                                "/proc/" + pid,
                                Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                                0);
        if (directory < 0) {
            return ended(pid, now, last);
        }
        try {
            Optional<String> name = name((int) directory);
            if (name.isEmpty()) {
                return ended(pid, now, last);
            }
            if (mountsOf((int) directory).isEmpty()) {
                // It has ended, and has a name until its parent takes note of that.
                return ended(
                        pid,
                        now,
                        last.or(() -> Optional.of(new Known(true, name.get(), true, now))));
            }
            return new Known(
                    member((int) directory) && !probe((int) directory), name.get(), false, now);
        } finally {
            kernel.close(directory);
        }
    }

    private Known ended(int pid, long now, Optional<Known> last) {
        return last.map(l -> new Known(l.member(), l.name(), true, now))
                .orElseGet(() -> new Known(true, ran.getOrDefault(pid, ""), true, now));
    }

    /// The name of the process whose directory in procfs is open.
    Optional<String> name(int directory) {
        return place.kernel()
                .text(directory, "comm", SMALL)
                .map(t -> t.endsWith("\n") ? t.substring(0, t.length() - 1) : t);
    }

    /// Whether the process whose directory in procfs is open is the container's.
    boolean member(int directory) {
        return sharesMounts(directory)
                || place.kernel()
                        .text(directory, "cgroup", SMALL)
                        .filter(t -> t.contains(container))
                        .isPresent();
    }

    /// `sh -c SCRIPT writeprobe …`, see [io.github.writeprobe.probes.exec].
    private boolean probe(int directory) {
        String[] arguments =
                place.kernel().text(directory, "cmdline", SMALL).orElse("").split("\0", 5);
        return arguments.length > 3 && arguments[3].equals("writeprobe");
    }

    private boolean sharesMounts(int directory) {
        return mounts.isPresent() && mounts.equals(mountsOf(directory));
    }

    private Optional<String> mountsOf(int directory) {
        return place.calls().target(directory, "ns/mnt");
    }
}

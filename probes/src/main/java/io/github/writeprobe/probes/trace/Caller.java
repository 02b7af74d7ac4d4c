package io.github.writeprobe.probes.trace;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// Who made a mount call: what procfs showed of the process while it was there.
public sealed interface Caller {
    /// @param mountNamespace the target of `/proc/PID/ns/mnt`; empty if the process had left it
    ///   before it could be read
    /// @param ancestors the processes that started it, the nearest first, up to the first process
    ///   of its container or of the host
    record Seen(
            ProcessIdentity process,
            Optional<String> mountNamespace,
            List<ProcessIdentity> ancestors)
            implements Caller {
        public Seen {
            requireNonNull(process);
            requireNonNull(mountNamespace);
            ancestors = List.copyOf(ancestors);
        }
    }

    /// The process had ended before anything could be read. Its id may belong to another process
    /// since.
    ///
    /// @param pid of the thread that called
    record Gone(int pid) implements Caller {}

    default Optional<String> namespace() {
        return this instanceof Seen seen ? seen.mountNamespace() : Optional.empty();
    }

    default int pid() {
        return switch (this) {
            case Seen(var process, var namespace, var ancestors) -> process.pid();
            case Gone(int pid) -> pid;
        };
    }
}

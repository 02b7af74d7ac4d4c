package io.github.writeprobe.probes.container;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;
import java.util.function.Function;

/// The root directory of the mount namespace that a process is in, and the mount table of that
/// namespace.
///
/// The root directory of the process itself, `/proc/PID/root`, can be a different one: chroot(2)
/// needs a capability that engines give to every container. Then `/proc/PID/mountinfo` lists only
/// the mounts below it, and a thread enters the namespace to read the others.
public sealed interface MountNamespaceRoot {
    /// The number of bytes of a mount table that are read. Enough for two thousand mounts with long
    /// names.
    int MAX_TABLE_BYTES = 1 << 20;

    int PATH_FLAGS = LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC;

    /// @param fd the caller closes it
    /// @param file the status of the root directory
    record Open(int fd, FileStatus file, MountTable table) implements MountNamespaceRoot {
        public Open {
            requireNonNull(file);
            requireNonNull(table);
        }
    }

    /// The process has ended, or it cannot be inspected.
    record Gone() implements MountNamespaceRoot {}

    /// The mount table is larger than the limit for one container.
    record TooLarge() implements MountNamespaceRoot {}

    /// The process is in a chroot, and this process may not enter its mount namespace.
    record Chroot() implements MountNamespaceRoot {}

    /// @param process the directory in procfs of the process, open
    /// @param known the previous result, if nothing was mounted since
    /// @param parser parses the table's text; empty if that would take too much memory
    static MountNamespaceRoot open(
            LinuxSyscalls kernel,
            FileMetadataSyscalls files,
            String proc,
            int process,
            Optional<Open> known,
            Function<String, Optional<MountTable>> parser)
            throws InterruptedException {
        long fd = kernel.open(process, "root", PATH_FLAGS, 0);
        Optional<FileStatus> file = fd < 0 ? Optional.empty() : files.status((int) fd);
        if (file.isEmpty()) {
            kernel.close(fd);
            return new Gone();
        }
        if (known.filter(k -> k.file().isSameFileAndMount(file.get())).isPresent()) {
            return new Open((int) fd, file.get(), known.get().table());
        }
        Optional<String> text = kernel.readText(process, "mountinfo", MAX_TABLE_BYTES);
        if (text.isEmpty()) {
            kernel.close(fd);
            return new Gone();
        }
        Optional<MountTable> table = parse(text.get(), parser);
        if (table.isEmpty()) {
            kernel.close(fd);
            return new TooLarge();
        }
        if (isNamespaceRoot(kernel, files, process, file.get(), table.get())) {
            return new Open((int) fd, file.get(), table.get());
        }
        kernel.close(fd);
        return openInNamespace(kernel, files, proc, process, parser);
    }

    private static Optional<MountTable> parse(
            String text, Function<String, Optional<MountTable>> parser) {
        return text.length() >= MAX_TABLE_BYTES ? Optional.empty() : parser.apply(text);
    }

    /// Whether the process's root directory is that of its namespace: it has no parent directory,
    /// except through mounts on top of it.
    private static boolean isNamespaceRoot(
            LinuxSyscalls kernel,
            FileMetadataSyscalls files,
            int process,
            FileStatus root,
            MountTable table) {
        long fd = kernel.open(process, "root/..", PATH_FLAGS, 0);
        Optional<FileStatus> above = fd < 0 ? Optional.empty() : files.status((int) fd);
        kernel.close(fd);
        return above.filter(a ->
                        a.isSameFileAndMount(root)
                                || (root.mountId() != a.mountId()
                                        && isMountedOverRoot(table, a.mountId())))
                .isPresent();
    }

    private static boolean isMountedOverRoot(MountTable table, long mount) {
        return table.entries().stream()
                .anyMatch(e -> e.id() == mount && e.mountPoint().equals("/"));
    }

    private static MountNamespaceRoot openInNamespace(
            LinuxSyscalls kernel,
            FileMetadataSyscalls files,
            String proc,
            int process,
            Function<String, Optional<MountTable>> parser)
            throws InterruptedException {
        Optional<SetnsMountTableReader.Reading> reading =
                SetnsMountTableReader.read(kernel.abi(), proc, process, MAX_TABLE_BYTES);
        if (reading.isEmpty()) {
            return new Chroot();
        }
        int fd = reading.get().root();
        Optional<FileStatus> file = files.status(fd);
        Optional<MountTable> table = parse(reading.get().table(), parser);
        if (file.isEmpty() || table.isEmpty()) {
            kernel.close(fd);
            return file.isEmpty() ? new Gone() : new TooLarge();
        }
        return new Open(fd, file.get(), table.get());
    }
}

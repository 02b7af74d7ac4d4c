package io.github.writeprobe.probes.container;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;
import java.util.function.Function;

/// The root directory of the mount namespace that a process lives in, and all that is mounted
/// there.
///
/// A process's own root directory, `/proc/PID/root`, can be any other: chroot(2) takes a capability
/// that engines give to every container. Then `/proc/PID/mountinfo` lists only what lies below it,
/// and the namespace is entered to see the rest.
public sealed interface ContainerRoot {
    /// Bytes of a mount table that are read. Two thousand mounts with long names fit in.
    int MOST_BYTES = 1 << 20;

    int PATH = Kernel.O_PATH | Kernel.O_CLOEXEC;

    /// @param fd to be closed
    /// @param file what the root directory is
    record Open(int fd, FileStatus file, MountTable table) implements ContainerRoot {
        public Open {
            requireNonNull(file);
            requireNonNull(table);
        }
    }

    /// The process has ended, or lets nobody look into it.
    record Gone() implements ContainerRoot {}

    /// The mount table is larger than one container may cost.
    record TooLarge() implements ContainerRoot {}

    /// The process is in a chroot, and this process may not enter its mount namespace.
    record Chroot() implements ContainerRoot {}

    /// @param process the directory in procfs of the process, open
    /// @param known what was found before, if nothing was mounted since
    /// @param parsing of the table's text; empty if it would take too much memory
    static ContainerRoot open(
            Kernel kernel,
            FileCalls files,
            String proc,
            int process,
            Optional<Open> known,
            Function<String, Optional<MountTable>> parsing)
            throws InterruptedException {
        long fd = kernel.open(process, "root", PATH, 0);
        Optional<FileStatus> file = fd < 0 ? Optional.empty() : files.status((int) fd);
        if (file.isEmpty()) {
            kernel.close(fd);
            return new Gone();
        }
        if (known.filter(k -> k.file().samePlace(file.get())).isPresent()) {
            return new Open((int) fd, file.get(), known.get().table());
        }
        Optional<String> text = kernel.text(process, "mountinfo", MOST_BYTES);
        if (text.isEmpty()) {
            kernel.close(fd);
            return new Gone();
        }
        Optional<MountTable> table = parsed(text.get(), parsing);
        if (table.isEmpty()) {
            kernel.close(fd);
            return new TooLarge();
        }
        if (ofNamespace(kernel, files, process, file.get(), table.get())) {
            return new Open((int) fd, file.get(), table.get());
        }
        kernel.close(fd);
        return entered(kernel, files, proc, process, parsing);
    }

    private static Optional<MountTable> parsed(
            String text, Function<String, Optional<MountTable>> parsing) {
        return text.length() >= MOST_BYTES ? Optional.empty() : parsing.apply(text);
    }

    /// Whether the process's root directory is that of its namespace: nothing lies above it, but
    /// for what was mounted over it.
    private static boolean ofNamespace(
            Kernel kernel, FileCalls files, int process, FileStatus root, MountTable table) {
        long fd = kernel.open(process, "root/..", PATH, 0);
        Optional<FileStatus> above = fd < 0 ? Optional.empty() : files.status((int) fd);
        kernel.close(fd);
        return above.filter(a ->
                        a.samePlace(root)
                                || (root.mount() != a.mount() && overRoot(table, a.mount())))
                .isPresent();
    }

    private static boolean overRoot(MountTable table, long mount) {
        return table.entries().stream()
                .anyMatch(e -> e.id() == mount && e.mountPoint().equals("/"));
    }

    private static ContainerRoot entered(
            Kernel kernel,
            FileCalls files,
            String proc,
            int process,
            Function<String, Optional<MountTable>> parsing)
            throws InterruptedException {
        Optional<NamespaceReader.Reading> reading =
                NamespaceReader.read(kernel.abi(), proc, process, MOST_BYTES);
        if (reading.isEmpty()) {
            return new Chroot();
        }
        int fd = reading.get().root();
        Optional<FileStatus> file = files.status(fd);
        Optional<MountTable> table = parsed(reading.get().table(), parsing);
        if (file.isEmpty() || table.isEmpty()) {
            kernel.close(fd);
            return file.isEmpty() ? new Gone() : new TooLarge();
        }
        return new Open(fd, file.get(), table.get());
    }
}

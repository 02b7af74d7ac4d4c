package io.github.writeprobe.probes.container;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Reads a mount namespace from its own root, with a thread that enters it: setns(2). This is
/// needed if the processes in it have another root directory, since `/proc/PID/mountinfo` lists
/// only the mounts below that one.
///
/// It needs CAP_SYS_ADMIN and CAP_SYS_CHROOT.
final class SetnsMountTableReader {
    /// @param root an open descriptor of the namespace's root directory; the caller closes it
    /// @param table the text of its mount table
    record Reading(int root, String table) {}

    private final LinuxSyscalls kernel;
    private final String proc;
    private final int process;
    private final int maxBytes;
    private long root = -1;
    private Optional<String> table = Optional.empty();

    private SetnsMountTableReader(LinuxSyscalls kernel, String proc, int process, int maxBytes) {
        this.kernel = kernel;
        this.proc = proc;
        this.process = process;
        this.maxBytes = maxBytes;
    }

    /// @param process an open descriptor of the procfs directory of a process in the namespace
    /// @param maxBytes the maximum length of the table; a longer one is truncated
    /// @return empty if this process may not enter the namespace
    static Optional<Reading> read(Abi abi, String proc, int process, int maxBytes)
            throws InterruptedException {
        CompletableFuture<SetnsMountTableReader> reading = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("namespace")
                        .start(() -> {
                            try {
                                SetnsMountTableReader reader =
                                        new SetnsMountTableReader(
                                                new LinuxSyscalls(abi), proc, process, maxBytes);
                                reader.read();
                                reading.complete(reader);
                            } catch (RuntimeException | Error e) {
                                reading.completeExceptionally(e);
                            }
                        });
        thread.join();
        SetnsMountTableReader reader = reading.join();
        if (reader.root < 0 || reader.table.isEmpty()) {
            reader.kernel.close(reader.root);
            return Optional.empty();
        }
        return Optional.of(new Reading((int) reader.root, reader.table.get()));
    }

    /// The thread ends afterwards, because it cannot leave the namespace. No class may be loaded
    /// while it is in there: paths of this program lead to other files or to none.
    private void read() {
        long procFd =
                kernel.open(
                        LinuxSyscalls.AT_FDCWD,
                        proc,
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0);
        long namespace =
                kernel.open(process, "ns/mnt", LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC, 0);
        try {
            boolean entered =
                    procFd >= 0
                            && namespace >= 0
                            && kernel.unshareDirectories() == 0
                            && kernel.enterMountNamespace((int) namespace) == 0;
            if (entered) {
                root =
                        kernel.open(
                                LinuxSyscalls.AT_FDCWD,
                                "/",
                                LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                                0);
                table = kernel.readText((int) procFd, "thread-self/mountinfo", maxBytes);
            }
        } finally {
            kernel.close(namespace);
            kernel.close(procFd);
        }
    }
}

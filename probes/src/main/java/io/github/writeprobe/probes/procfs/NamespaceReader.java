package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.Kernel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Reads a mount namespace from its own root, by a thread that enters it: setns(2). Needed where
/// every process in it has another root directory, since `/proc/PID/mountinfo` lists only what lies
/// below that one.
///
/// It takes SYS_ADMIN and SYS_CHROOT.
final class NamespaceReader {
    /// @param root the root directory of the namespace, open, to be closed
    /// @param table the text of its mount table
    record Reading(int root, String table) {}

    private NamespaceReader() {}

    /// @param process the directory in procfs of a process in the namespace, open
    /// @param most bytes of the table; what is longer is cut
    /// @return empty where this process may not enter it
    static Optional<Reading> read(Abi abi, String proc, int process, int most)
            throws InterruptedException {
        CompletableFuture<Optional<Reading>> reading = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("namespace")
                        .start(() -> {
                            try {
                                reading.complete(inside(new Kernel(abi), proc, process, most));
                            } catch (RuntimeException | Error e) {
                                reading.completeExceptionally(e);
                            }
                        });
        thread.join();
        return reading.join();
    }

    /// The thread does nothing else afterwards: it stays in there.
    private static Optional<Reading> inside(Kernel kernel, String proc, int process, int most) {
        long own = kernel.open(Kernel.AT_FDCWD, proc, Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
        long namespace = kernel.open(process, "ns/mnt", Kernel.O_RDONLY | Kernel.O_CLOEXEC, 0);
        try {
            boolean entered =
                    own >= 0
                            && namespace >= 0
                            && kernel.unshareDirectories() == 0
                            && kernel.enterMountNamespace((int) namespace) == 0;
            if (!entered) {
                return Optional.empty();
            }
            long root = kernel.open(Kernel.AT_FDCWD, "/", Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
            Optional<String> table = kernel.text((int) own, "thread-self/mountinfo", most);
            if (root < 0 || table.isEmpty()) {
                kernel.close(root);
                return Optional.empty();
            }
            return Optional.of(new Reading((int) root, table.get()));
        } finally {
            kernel.close(namespace);
            kernel.close(own);
        }
    }
}

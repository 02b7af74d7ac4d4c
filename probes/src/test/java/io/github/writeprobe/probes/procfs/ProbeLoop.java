package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountTable;

/// Probes one path in a loop, for comparison with `probe-loop.c`, which bin/bench also runs.
///
/// Arguments: a container's `/proc/PID/root`, a path in it, and the number of probes. Prints the
/// nanoseconds of one probe, after a warm-up with the same number of probes.
final class ProbeLoop implements AutoCloseable {
    private final LinuxSyscalls kernel;
    private final int root;
    private final ProcfsPathProber probe;

    private ProbeLoop(LinuxSyscalls kernel, int root) {
        this.kernel = kernel;
        this.root = root;
        this.probe = new ProcfsPathProber(kernel, root, MountTable.EMPTY);
    }

    public static void main(String[] args) {
        int count = Integer.parseInt(args[2]);
        try (ProbeLoop loop = at(args[0])) {
            loop.run(args[1], count);
            System.out.println(loop.run(args[1], count) / count);
        }
    }

    /// @param directory a root to probe below
    static ProbeLoop at(String directory) {
        LinuxSyscalls kernel = new LinuxSyscalls(Abi.detect().orElseThrow());
        long root =
                kernel.open(
                        LinuxSyscalls.AT_FDCWD,
                        directory,
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0);
        if (root < 0) {
            throw new IllegalArgumentException(directory + ": errno " + -root);
        }
        return new ProbeLoop(kernel, (int) root);
    }

    static ProbeLoop closed() {
        return new ProbeLoop(new LinuxSyscalls(Abi.detect().orElseThrow()), -1);
    }

    Object probe(String path) {
        return probe.probe(path, _ -> false);
    }

    /// Reads the thread's filesystem uid.
    long call() {
        return kernel.setUser(0) ? 1 : 0;
    }

    private long run(String path, int count) {
        int leftovers = 0;
        long from = System.nanoTime();
        for (int i = 0; i < count; i++) {
            if (probe.probe(path, _ -> false).leftover()) {
                leftovers++;
            }
        }
        long took = System.nanoTime() - from;
        if (leftovers > 0) {
            throw new IllegalStateException("files were left");
        }
        return took;
    }

    @Override
    public void close() {
        kernel.close(root);
    }
}

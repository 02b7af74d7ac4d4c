package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Polls the open files of a container about once a second. At the end, it checks which of the
/// written files still exist.
final class OpenFilePoller implements AutoCloseable {
    private static final long INTERVAL_MILLIS = TimeUnit.SECONDS.toMillis(1);

    /// Scans use at most one part in this number of a processor's time.
    private static final int SHARE = 20;

    /// One scan in this number also includes mappings and sockets.
    private static final int FULL_SCAN_EVERY = 10;

    private static final char REPLACEMENT_CHARACTER = '\ufffd';

    private final ContainerFilesystem filesystem;
    private final LinuxSyscalls kernel;
    private final OpenFiles files;
    private final WrittenFiles writeLog;
    private final int epoll;

    OpenFilePoller(
            ContainerFilesystem filesystem, OpenFiles files, WrittenFiles writeLog, int stopEvent) {
        this.filesystem = filesystem;
        this.kernel = filesystem.kernel();
        this.files = files;
        this.writeLog = writeLog;
        this.epoll = (int) kernel.epoll();
        kernel.watch(epoll, stopEvent, LinuxSyscalls.EPOLLIN, stopEvent);
        kernel.watch(epoll, filesystem.pidfd(), LinuxSyscalls.EPOLLIN, filesystem.pidfd());
    }

    /// Runs until the stop event or the end of the container's first process.
    ///
    /// @param firstPollDone counted down after the first scan
    /// @return whether the process was still running at the end
    boolean run(CountDownLatch firstPollDone) {
        boolean alive = files.scan(true);
        firstPollDone.countDown();
        long took = 0;
        for (int i = 1; alive; i++) {
            long[] events = kernel.await(epoll, (int) Math.max(INTERVAL_MILLIS, took * SHARE));
            for (long fd : events) {
                alive &= fd != filesystem.pidfd();
            }
            boolean last = events.length > 0;
            long startNanos = System.nanoTime();
            alive &= files.scan(last || i % FULL_SCAN_EVERY == 0);
            took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            if (last) {
                return alive;
            }
        }
        return alive;
    }

    /// The paths that were seen and no longer exist. A name that is not valid UTF-8 cannot be
    /// looked up.
    Set<String> deletedPaths() {
        Set<String> deletedPaths = new HashSet<>();
        for (String path : writeLog.paths()) {
            if (path.indexOf(REPLACEMENT_CHARACTER) < 0 && !filesystem.exists(path)) {
                deletedPaths.add(path);
            }
        }
        return deletedPaths;
    }

    @Override
    public void close() {
        kernel.close(epoll);
    }
}

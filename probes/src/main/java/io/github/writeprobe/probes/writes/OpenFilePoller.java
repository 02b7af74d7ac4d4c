package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.Kernel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Looks at what a container has open, every second or so, and in the end at what became of all
/// that was written.
final class OpenFilePoller implements AutoCloseable {
    private static final long INTERVAL_MILLIS = TimeUnit.SECONDS.toMillis(1);

    /// Looking may take this part of a processor's time.
    private static final int SHARE = 20;

    /// Every how many looks mappings and sockets are looked at too.
    private static final int FULL_SCAN_EVERY = 10;

    private static final char REPLACEMENT_CHARACTER = '\ufffd';

    private final ContainerFilesystem filesystem;
    private final Kernel kernel;
    private final OpenFiles files;
    private final WriteLog writeLog;
    private final int epoll;

    OpenFilePoller(
            ContainerFilesystem filesystem, OpenFiles files, WriteLog writeLog, int stopEvent) {
        this.filesystem = filesystem;
        this.kernel = filesystem.kernel();
        this.files = files;
        this.writeLog = writeLog;
        this.epoll = (int) kernel.epoll();
        kernel.watch(epoll, stopEvent, Kernel.EPOLLIN, stopEvent);
        kernel.watch(epoll, filesystem.pidfd(), Kernel.EPOLLIN, filesystem.pidfd());
    }

    /// Until the bell rings or the container's first process ends.
    ///
    /// @param firstPollDone counted down after the first look
    /// @return whether the process lived until the end
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

    /// Of what was seen, that which is not there any more. A name that is no UTF-8 cannot be looked
    /// up.
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

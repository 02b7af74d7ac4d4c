package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.Kernel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Looks at what a container has open, every second or so, and in the end at what became of all
/// that was written.
final class OpenFilePoller implements AutoCloseable {
    private static final long EVERY = TimeUnit.SECONDS.toMillis(1);

    /// Looking may take this part of a processor's time.
    private static final int SHARE = 20;

    /// Every how many looks mappings and sockets are looked at too.
    private static final int THOROUGH = 10;

    private static final char UNREADABLE = '\ufffd';

    private final ContainerFilesystem place;
    private final Kernel kernel;
    private final OpenFiles files;
    private final WriteLog ledger;
    private final int epoll;

    OpenFilePoller(ContainerFilesystem place, OpenFiles files, WriteLog ledger, int bell) {
        this.place = place;
        this.kernel = place.kernel();
        this.files = files;
        this.ledger = ledger;
        this.epoll = (int) kernel.epoll();
        kernel.watch(epoll, bell, Kernel.EPOLLIN, bell);
        kernel.watch(epoll, place.process(), Kernel.EPOLLIN, place.process());
    }

    /// Until the bell rings or the container's first process ends.
    ///
    /// @param looked counted down after the first look
    /// @return whether the process lived until the end
    boolean run(CountDownLatch looked) {
        boolean lives = files.look(true);
        looked.countDown();
        long took = 0;
        for (int i = 1; lives; i++) {
            long[] rung = kernel.await(epoll, (int) Math.max(EVERY, took * SHARE));
            for (long fd : rung) {
                lives &= fd != place.process();
            }
            boolean last = rung.length > 0;
            long from = System.nanoTime();
            lives &= files.look(last || i % THOROUGH == 0);
            took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
            if (last) {
                return lives;
            }
        }
        return lives;
    }

    /// Of what was seen, that which is not there any more. A name that is no UTF-8 cannot be looked
    /// up.
    Set<String> gone() {
        Set<String> gone = new HashSet<>();
        for (String path : ledger.paths()) {
            if (path.indexOf(UNREADABLE) < 0 && !place.exists(path)) {
                gone.add(path);
            }
        }
        return gone;
    }

    @Override
    public void close() {
        kernel.close(epoll);
    }
}

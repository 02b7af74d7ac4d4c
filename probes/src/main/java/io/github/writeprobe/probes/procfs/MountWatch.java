package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.ContainerProcess;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.Kernel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Hears of every mount, unmount and remount in the mount namespaces of containers, some
/// milliseconds after it happened: `/proc/PID/mountinfo` wakes whoever polls it, see
/// proc_pid_mountinfo(5).
///
/// One thread waits for all of them. As long as a table is watched its namespace lives, so each is
/// let go when its process ends, whether anybody says so or not.
public final class MountWatch implements AutoCloseable {
    /// What is watched of one container.
    private record Post(String container, int table, int process) {}

    private final Consumer<String> changed;
    private final TargetCache holds;
    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final Map<String, Post> byContainer = new HashMap<>();
    private final Map<Integer, Post> byTable = new HashMap<>();
    private final Map<Integer, Post> byProcess = new HashMap<>();
    private final Kernel kernel;
    private final Kernel caller;
    private final int epoll;
    private final int bell;
    private final Thread thread;
    private long version;
    private volatile boolean closed;

    private MountWatch(Abi abi, TargetCache holds, Consumer<String> changed) {
        this.changed = changed;
        this.holds = holds;
        this.kernel = new Kernel(abi);
        this.caller = new Kernel(abi);
        this.epoll = (int) kernel.epoll();
        this.bell = (int) kernel.eventfd();
        kernel.watch(epoll, bell, Kernel.EPOLLIN, bell);
        this.thread = Thread.ofPlatform().daemon().name("mount-watch").unstarted(this::listen);
    }

    /// @param witness whether this process may look into others, it knows; it reads no table again
    ///   that is watched and has not changed
    /// @param changed told the container whose mount table changed, on the watching thread
    /// @return empty where the witness cannot testify either
    public static Optional<MountWatch> start(ProcfsWitness witness, Consumer<String> changed) {
        if (witness.unavailable().isPresent()) {
            return Optional.empty();
        }
        return Abi.here()
                .map(abi -> {
                    MountWatch watch = new MountWatch(abi, witness.holds(), changed);
                    witness.holds().watchedBy(c -> watch.versions.getOrDefault(c, 0L));
                    watch.thread.start();
                    return watch;
                });
    }

    /// Watches a container from now on, in place of what was watched of it before.
    ///
    /// @param pid of its first process
    /// @param container its id
    public void watch(long pid, String container) {
        order(() -> {
            leave(container);
            enter(pid, container);
        });
    }

    /// Watches it no more.
    public void forget(String container) {
        order(() -> leave(container));
    }

    private void order(Runnable order) {
        orders.add(order);
        ring();
    }

    private synchronized void ring() {
        if (!closed) {
            caller.wake(bell);
        }
    }

    private void enter(long pid, String container) {
        Optional<ContainerProcess> pinned = ContainerProcess.pin(kernel, "/proc", pid, container);
        if (pinned.isEmpty()) {
            return;
        }
        long table;
        long process;
        try (ContainerProcess target = pinned.get()) {
            process = kernel.pidfd((int) pid);
            table = target.mountTable();
        }
        if (table < 0 || process < 0) {
            kernel.close(table);
            kernel.close(process);
            return;
        }
        Post post = new Post(container, (int) table, (int) process);
        byContainer.put(container, post);
        byTable.put(post.table(), post);
        byProcess.put(post.process(), post);
        kernel.watch(epoll, post.table(), Kernel.EPOLLPRI | Kernel.EPOLLERR, post.table());
        kernel.watch(epoll, post.process(), Kernel.EPOLLIN, post.process());
        // What was mounted before anybody watched is not missed either.
        changed(container);
    }

    private void changed(String container) {
        versions.put(container, ++version);
        changed.accept(container);
    }

    private void leave(String container) {
        Post post = byContainer.remove(container);
        versions.remove(container);
        holds.forget(kernel, container);
        if (post != null) {
            byTable.remove(post.table());
            byProcess.remove(post.process());
            kernel.close(post.table());
            kernel.close(post.process());
        }
    }

    private void listen() {
        while (!closed) {
            for (long fd : kernel.await(epoll)) {
                if (fd == bell) {
                    kernel.drain(bell);
                } else {
                    happened((int) fd);
                }
            }
            for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
                order.run();
            }
        }
        byContainer.keySet().stream().toList().forEach(this::leave);
        kernel.close(epoll);
        synchronized (this) {
            kernel.close(bell);
        }
    }

    private void happened(int fd) {
        Post mounted = byTable.get(fd);
        if (mounted != null) {
            changed(mounted.container());
        }
        Post ended = byProcess.get(fd);
        if (ended != null) {
            leave(ended.container());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            caller.wake(bell);
        }
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

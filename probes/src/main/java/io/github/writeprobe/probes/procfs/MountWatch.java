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
///
/// @param <K> by what the caller knows a container: two names of one engine make two of each
public final class MountWatch<K> implements AutoCloseable {
    /// What is watched of one container.
    private record Post<K>(K key, String container, int table, int process) {}

    private final Consumer<K> changed;
    private final TargetCache holds;
    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final Map<K, Post<K>> byKey = new HashMap<>();
    private final Map<Integer, Post<K>> byTable = new HashMap<>();
    private final Map<Integer, Post<K>> byProcess = new HashMap<>();
    private final Kernel kernel;
    private final Kernel caller;
    private final int epoll;
    private final int bell;
    private final Thread thread;
    private long version;
    private volatile boolean closed;

    private MountWatch(Abi abi, TargetCache holds, Consumer<K> changed) {
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
    public static <K> Optional<MountWatch<K>> start(ProcfsWitness witness, Consumer<K> changed) {
        if (witness.unavailable().isPresent()) {
            return Optional.empty();
        }
        return Abi.here()
                .map(abi -> {
                    MountWatch<K> watch = new MountWatch<>(abi, witness.holds(), changed);
                    witness.holds().watchedBy(c -> watch.versions.getOrDefault(c, 0L));
                    watch.thread.start();
                    return watch;
                });
    }

    /// Watches a container from now on, in place of what was watched of it before.
    ///
    /// @param pid of its first process
    /// @param container its id
    public void watch(long pid, String container, K key) {
        order(() -> {
            leave(key);
            enter(pid, container, key);
        });
    }

    /// Watches it no more.
    public void forget(K key) {
        order(() -> leave(key));
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

    private void enter(long pid, String container, K key) {
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
        Post<K> post = new Post<>(key, container, (int) table, (int) process);
        byKey.put(key, post);
        byTable.put(post.table(), post);
        byProcess.put(post.process(), post);
        kernel.watch(epoll, post.table(), Kernel.EPOLLPRI | Kernel.EPOLLERR, post.table());
        kernel.watch(epoll, post.process(), Kernel.EPOLLIN, post.process());
        // What was mounted before anybody watched is not missed either.
        changed(post);
    }

    private void changed(Post<K> post) {
        versions.put(post.container(), ++version);
        changed.accept(post.key());
    }

    private void leave(K key) {
        Post<K> post = byKey.remove(key);
        if (post != null) {
            boolean watched =
                    byKey.values().stream().anyMatch(p -> p.container().equals(post.container()));
            if (!watched) {
                versions.remove(post.container());
                holds.forget(kernel, post.container());
            }
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
        byKey.keySet().stream().toList().forEach(this::leave);
        kernel.close(epoll);
        synchronized (this) {
            kernel.close(bell);
        }
    }

    private void happened(int fd) {
        Post<K> mounted = byTable.get(fd);
        if (mounted != null) {
            changed(mounted);
        }
        Post<K> ended = byProcess.get(fd);
        if (ended != null) {
            leave(ended.key());
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

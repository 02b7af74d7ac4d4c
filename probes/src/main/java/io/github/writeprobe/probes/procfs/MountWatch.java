package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.ContainerProcessHandle;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Reports every mount, unmount and remount in the mount namespaces of containers, some
/// milliseconds after it happened: `/proc/PID/mountinfo` can be polled for changes, see
/// proc_pid_mountinfo(5).
///
/// One thread waits for all containers. A watched table keeps its mount namespace alive, so the
/// watch also waits for the end of the container's process and then closes the table.
///
/// @param <K> the caller's key for a container; one container may be watched under several keys
public final class MountWatch<K> implements AutoCloseable {
    /// The open descriptors for one container.
    private record WatchedContainer<K>(K key, String container, int table, int process) {}

    private final Consumer<K> listener;
    private final ProcfsTargetCache targets;
    private final Map<String, Long> versions = new ConcurrentHashMap<>();

    /// The mount namespaces that are watched, as `/proc/PID/ns/mnt` names them.
    private final Map<K, String> namespaces = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Map<K, WatchedContainer<K>> byKey = new HashMap<>();
    private final Map<Integer, WatchedContainer<K>> byTable = new HashMap<>();
    private final Map<Integer, WatchedContainer<K>> byProcess = new HashMap<>();
    private final LinuxSyscalls kernel;
    private final LinuxSyscalls callerKernel;
    private final int epoll;
    private final int wakeEvent;
    private final Thread thread;
    private long version;
    private volatile boolean closed;

    private MountWatch(Abi abi, ProcfsTargetCache targets, Consumer<K> listener) {
        this.listener = listener;
        this.targets = targets;
        this.kernel = new LinuxSyscalls(abi);
        this.callerKernel = new LinuxSyscalls(abi);
        this.epoll = (int) kernel.epoll();
        this.wakeEvent = (int) kernel.eventfd();
        kernel.watch(epoll, wakeEvent, LinuxSyscalls.EPOLLIN, wakeEvent);
        this.thread = Thread.ofPlatform().daemon().name("mount-watch").unstarted(this::run);
    }

    /// @param witness while a table is watched, the witness reads it again only after a change
    /// @param listener called on the watching thread with the key of the container whose mount
    ///   table changed
    /// @return empty if the witness is unavailable
    public static <K> Optional<MountWatch<K>> start(ProcfsWitness witness, Consumer<K> listener) {
        if (witness.unavailableReason().isPresent()) {
            return Optional.empty();
        }
        return Abi.detect()
                .map(abi -> {
                    MountWatch<K> watch = new MountWatch<>(abi, witness.targets(), listener);
                    witness.targets().setVersions(c -> watch.versions.getOrDefault(c, 0L));
                    watch.thread.start();
                    return watch;
                });
    }

    /// Watches a container, and replaces a previous watch with the same key.
    ///
    /// @param pid of its first process
    /// @param container its id
    public void watch(long pid, String container, K key) {
        submit(() -> {
            stopWatching(key);
            startWatching(pid, container, key);
        });
    }

    /// Stops watching a container.
    public void unwatch(K key) {
        submit(() -> stopWatching(key));
    }

    /// The mount namespace that is watched for a container; empty if there is none. Any thread may
    /// call this.
    public Optional<String> namespaceOf(K key) {
        return Optional.ofNullable(namespaces.get(key));
    }

    private void submit(Runnable command) {
        commands.add(command);
        wake();
    }

    private synchronized void wake() {
        if (!closed) {
            callerKernel.wake(wakeEvent);
        }
    }

    private void startWatching(long pid, String container, K key) {
        Optional<ContainerProcessHandle> pinned =
                ContainerProcessHandle.pin(kernel, "/proc", pid, container);
        if (pinned.isEmpty()) {
            return;
        }
        long table;
        long process;
        Optional<String> namespace;
        try (ContainerProcessHandle target = pinned.get()) {
            process = kernel.pidfd((int) pid);
            table = target.openMountTable();
            namespace = target.mountNamespace();
        }
        if (table < 0 || process < 0) {
            kernel.close(table);
            kernel.close(process);
            return;
        }
        WatchedContainer<K> watched =
                new WatchedContainer<>(key, container, (int) table, (int) process);
        byKey.put(key, watched);
        namespace.ifPresent(name -> namespaces.put(key, name));
        byTable.put(watched.table(), watched);
        byProcess.put(watched.process(), watched);
        kernel.watch(
                epoll,
                watched.table(),
                LinuxSyscalls.EPOLLPRI | LinuxSyscalls.EPOLLERR,
                watched.table());
        kernel.watch(epoll, watched.process(), LinuxSyscalls.EPOLLIN, watched.process());
        // Reports a change once, for mounts that changed before the watch started.
        notifyChanged(watched);
    }

    private void notifyChanged(WatchedContainer<K> watched) {
        versions.put(watched.container(), ++version);
        listener.accept(watched.key());
    }

    private void stopWatching(K key) {
        WatchedContainer<K> watched = byKey.remove(key);
        namespaces.remove(key);
        if (watched != null) {
            String container = watched.container();
            if (byKey.values().stream().noneMatch(w -> w.container().equals(container))) {
                versions.remove(container);
                targets.remove(kernel, container);
            }
            byTable.remove(watched.table());
            byProcess.remove(watched.process());
            kernel.close(watched.table());
            kernel.close(watched.process());
        }
    }

    private void run() {
        while (!closed) {
            for (long fd : kernel.await(epoll)) {
                if (fd == wakeEvent) {
                    kernel.drain(wakeEvent);
                } else {
                    handleEvent((int) fd);
                }
            }
            for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
                command.run();
            }
        }
        byKey.keySet().stream().toList().forEach(this::stopWatching);
        kernel.close(epoll);
        synchronized (this) {
            kernel.close(wakeEvent);
        }
    }

    private void handleEvent(int fd) {
        WatchedContainer<K> changedContainer = byTable.get(fd);
        if (changedContainer != null) {
            notifyChanged(changedContainer);
        }
        WatchedContainer<K> endedContainer = byProcess.get(fd);
        if (endedContainer != null) {
            stopWatching(endedContainer.key());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            callerKernel.wake(wakeEvent);
        }
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.container.ContainerProcessHandle;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import io.github.writeprobe.probes.mounts.MountTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/// The cost of a cycle of the witness over many containers, and of its parts.
///
/// Arguments: the number of cycles; and `watched`, to run only the cycles of an agent. Reads one
/// line for each container: its PID and its id.
final class CycleBench {
    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/tmp",
                    "/var/tmp",
                    "/run",
                    "/dev",
                    "/dev/shm",
                    "/etc",
                    "/usr",
                    "/home",
                    "/root");

    /// The batch size of the agent.
    private static final int BATCH_SIZE = 32;

    private record Container(long pid, String id) {}

    private final List<Container> containers;
    private final MountTableCache tables = new MountTableCache();
    private final Map<String, Long> parts = new LinkedHashMap<>();

    private CycleBench(List<Container> containers) {
        this.containers = containers;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        CycleBench bench =
                new CycleBench(
                        in.lines()
                                .map(l -> l.split(" ", -1))
                                .map(f -> new Container(Long.parseLong(f[0]), f[1]))
                                .toList());
        int cycleCount = Integer.parseInt(args[0]);
        if (args.length > 1) {
            // For a profiler.
            bench.cycles(cycleCount, true);
            return;
        }
        bench.cycles(cycleCount, false);
        bench.cycles(cycleCount, true);
        bench.profile(cycleCount);
    }

    private static double cpuMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
    }

    /// Probes one container after the other, as the program does.
    ///
    /// @param watched whether mounts are watched, as in the agent, which then knows which tables
    ///   have not changed
    private void cycles(int cycleCount, boolean watched) throws InterruptedException {
        try (ProcfsWitness witness = ProcfsWitness.open()) {
            witness.unavailableReason()
                    .ifPresent(why -> {
                        throw new IllegalStateException(why);
                    });
            Optional<MountWatch<String>> watch = Optional.empty();
            if (watched) {
                CountDownLatch ready = new CountDownLatch(containers.size());
                watch = MountWatch.start(witness, id -> ready.countDown());
                for (Container c : containers) {
                    watch.orElseThrow().watch(c.pid(), c.id(), c.id());
                }
                ready.await();
            }
            cycle(witness, watched);
            cycle(witness, watched);
            double cpu = cpuMillis();
            long from = System.nanoTime();
            int tried = 0;
            for (int cycle = 0; cycle < cycleCount; cycle++) {
                tried = cycle(witness, watched);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d containers%s, %d rounds, %d paths said of in each: wall %.1f ms, CPU %.1f"
                            + " ms a round%n",
                    containers.size(),
                    watched ? ", watched" : "",
                    cycleCount,
                    tried,
                    (System.nanoTime() - from) / 1e6 / cycleCount,
                    (cpuMillis() - cpu) / cycleCount);
            watch.ifPresent(MountWatch::close);
        }
    }

    private int cycle(ProcfsWitness witness, boolean watched) throws InterruptedException {
        Duration timeout = Duration.ofSeconds(10);
        List<List<ProbeResult>> results = new ArrayList<>();
        if (watched) {
            for (int i = 0; i < containers.size(); i += BATCH_SIZE) {
                results.addAll(
                        witness.recheck(
                                containers
                                        .subList(i, Math.min(i + BATCH_SIZE, containers.size()))
                                        .stream()
                                        .map(c ->
                                                new ProcfsWitness.ProcfsRequest(
                                                        c.pid(), c.id(), PATHS))
                                        .toList(),
                                timeout));
            }
        } else {
            for (Container c : containers) {
                results.add(witness.probe(c.pid(), c.id(), PATHS, timeout));
            }
        }
        return results.stream().flatMap(List::stream).mapToInt(t -> t.observations().size()).sum();
    }

    private <T> T timed(String part, Supplier<T> work) {
        long from = System.nanoTime();
        T done = work.get();
        parts.merge(part, System.nanoTime() - from, Long::sum);
        return done;
    }

    /// The same work on this thread, measured part by part.
    private void profile(int cycleCount) {
        LinuxSyscalls kernel = new LinuxSyscalls(Abi.detect().orElseThrow());
        ProcessStatus self =
                ProcessStatus.parse(
                                kernel.readText(
                                                LinuxSyscalls.AT_FDCWD,
                                                "/proc/self/status",
                                                1 << 16)
                                        .orElseThrow())
                        .orElseThrow();
        ThreadCredentials threadCredentials = new ThreadCredentials(kernel, self);
        for (int cycle = 0; cycle < 2 * cycleCount; cycle++) {
            if (cycle == cycleCount) {
                parts.clear();
            }
            containers.forEach(c -> parts(kernel, threadCredentials, c));
        }
        double all = parts.values().stream().mapToLong(Long::longValue).sum();
        parts.forEach((part, nanos) ->
                System.out.printf(
                        Locale.ROOT,
                        "%-44s %8.1f µs a container %5.1f %%%n",
                        part,
                        nanos / 1e3 / cycleCount / containers.size(),
                        100 * nanos / all));
        System.out.printf(
                Locale.ROOT, "%-44s %8.1f µs%n", "all", all / 1e3 / cycleCount / containers.size());
    }

    private void parts(LinuxSyscalls kernel, ThreadCredentials threadCredentials, Container c) {
        try (ContainerProcessHandle target =
                timed(
                        "open /proc/PID, read cgroup",
                        () ->
                                ContainerProcessHandle.pin(kernel, "/proc", c.pid(), c.id())
                                        .orElseThrow())) {
            String text =
                    timed(
                            "read mountinfo",
                            () ->
                                    kernel.readText(
                                                    LinuxSyscalls.AT_FDCWD,
                                                    "/proc/" + c.pid() + "/mountinfo",
                                                    1 << 20)
                                            .orElseThrow());
            MountTable mounts = timed("table", () -> tables.parse(c.id(), text).orElseThrow());
            timed("parse mountinfo (where it changed)", () -> MountTable.parse(text));
            String statusText =
                    timed(
                            "read status",
                            () ->
                                    kernel.readText(
                                                    LinuxSyscalls.AT_FDCWD,
                                                    "/proc/" + c.pid() + "/status",
                                                    1 << 16)
                                            .orElseThrow());
            ProcessStatus status =
                    timed("parse status", () -> ProcessStatus.parse(statusText).orElseThrow());
            IdMap uids = timed("uid_map and gid_map", target::uids);
            timed("uid_map and gid_map", target::gids);
            timed("security label", target::securityLabel);
            long root =
                    timed(
                            "open root",
                            () -> kernel.open(target.directory(), "root", LinuxSyscalls.O_PATH, 0));
            ProcfsPathProber probe =
                    timed("prepare probes", () -> new ProcfsPathProber(kernel, (int) root, mounts));
            FileAccessCredentials credentials =
                    new FileAccessCredentials(
                            uids.toContainerId(status.uid()),
                            1000,
                            1000,
                            List.of(1000),
                            0,
                            !uids.isIdentityMapping());
            timed("become another, and oneself again", () -> threadCredentials.assume(credentials));
            timed(
                    "become another, and oneself again",
                    () -> {
                        threadCredentials.restore(credentials);
                        return true;
                    });
            for (String path : PATHS) {
                ProcfsPathProber.PathResult seen = probe.probe(path, _ -> true);
                timed(
                        "probe: "
                                + seen.write().getClass().getSimpleName().toLowerCase(Locale.ROOT),
                        () -> probe.probe(path, _ -> true));
            }
            timed(
                    "which mount each path lies on",
                    () -> {
                        PATHS.forEach(mounts::mountCovering);
                        return true;
                    });
            kernel.close(root);
        }
    }
}

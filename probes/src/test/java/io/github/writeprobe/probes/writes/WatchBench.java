package io.github.writeprobe.probes.writes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The cost for a container of being watched: a writer runs in it with and without a watch, in
/// turn.
///
/// See bin/bench. Arguments: the container's id, the PID of its process, the number of repetitions,
/// and the milliseconds that a writer runs; and a part of a load's name, to run only that load.
public final class WatchBench {
    private static final List<Load> LOADS =
            List.of(
                    new Load("small files, made and removed", "files", "/tmpfs", 1),
                    new Load("the same, a writer on each of 2 processors", "files", "/tmpfs", 2),
                    new Load("the same in 500 directories", "tree", "/tmpfs", 1),
                    new Load("a file that is opened for each byte", "reopen", "/tmpfs", 1),
                    new Load("single bytes to an open file", "bytes", "/tmpfs", 1),
                    new Load("megabytes to an open file", "blocks", "/tmpfs", 1),
                    new Load("small files, on the root filesystem", "files", "/", 1),
                    new Load("single bytes, on the root filesystem", "bytes", "/", 1));

    private final String container;
    private final long pid;
    private final int rounds;
    private final String millis;

    private WatchBench(String container, long pid, int rounds, String millis) {
        this.container = container;
        this.pid = pid;
        this.rounds = rounds;
        this.millis = millis;
    }

    private record Load(String name, String load, String directory, int writers) {}

    /// The nanoseconds of one operation.
    private record Took(long wall, long processor) {}

    private record Watched(Took timings, double share, long events, String gaps) {}

    public static void main(String[] args) throws Exception {
        new WatchBench(args[0], Long.parseLong(args[1]), Integer.parseInt(args[2]), args[3])
                .run(args.length > 4 ? args[4] : "");
    }

    private void run(String only) throws Exception {
        System.out.printf(
                "%-46s %9s %9s %6s %9s %6s %8s %9s  %s%n",
                "", "wall", "watched", "ratio", "cpu", "ratio", "watcher", "events/s", "gaps");
        for (Load load : LOADS.stream().filter(l -> l.name().contains(only)).toList()) {
            List<Took> unwatched = new ArrayList<>();
            List<Watched> watched = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                // Each variant goes first as often as the other.
                if (i % 2 == 0) {
                    unwatched.add(write(load));
                }
                watched.add(watched(load));
                if (i % 2 != 0) {
                    unwatched.add(write(load));
                }
            }
            print(load, unwatched, watched);
        }
    }

    private static void print(Load load, List<Took> unwatched, List<Watched> watched) {
        long wall = median(unwatched.stream().map(Took::wall).toList());
        long processor = median(unwatched.stream().map(Took::processor).toList());
        long wallWatched = median(watched.stream().map(w -> w.timings().wall()).toList());
        long processorWatched = median(watched.stream().map(w -> w.timings().processor()).toList());
        System.out.printf(
                "%-46s %9d %9d %6.3f %9d %6.3f %7.1f%% %9d  %s%n",
                load.name(),
                wall,
                wallWatched,
                (double) wallWatched / wall,
                processorWatched,
                (double) processorWatched / processor,
                100 * watched.stream().mapToDouble(Watched::share).average().orElse(0),
                median(watched.stream().map(Watched::events).toList()),
                watched.stream()
                        .map(Watched::gaps)
                        .filter(g -> !g.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private Watched watched(Load load) throws Exception {
        try (WriteObserver observer = WriteObserver.start(pid, container, true)) {
            long from = System.nanoTime();
            long processor = processor();
            Took timings = write(load);
            double seconds = (System.nanoTime() - from) / 1e9;
            double share = (processor() - processor) / 1e9 / seconds;
            long events = observer.progress().events();
            String gaps =
                    observer.stop().gaps().stream()
                            .map(g -> g.kind().name())
                            .distinct()
                            .sorted()
                            .collect(Collectors.joining("+"));
            return new Watched(timings, share, (long) (events / seconds), gaps);
        }
    }

    /// The processor time of this process, all threads together.
    private static long processor() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private Took write(Load load) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "exec", "-w", load.directory()));
        command.addAll(List.of(container, "sh", "-c"));
        String one = "/writer %s %s".formatted(load.load(), millis);
        String all =
                String.join(" & ", java.util.Collections.nCopies(load.writers(), one))
                        + "; wait; rm -rf w[0-9]*";
        command.add(all);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException(command + ": " + output);
        }
        List<Took> timings =
                output.lines()
                        .map(l -> Arrays.stream(l.split(" ")).map(Long::parseLong).toList())
                        .map(l -> new Took(l.getFirst(), l.getLast()))
                        .toList();
        return new Took(
                median(timings.stream().map(Took::wall).toList()),
                median(timings.stream().map(Took::processor).toList()));
    }
}

package io.github.writeprobe.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Who remounted a root: how often the agent names the process, if that ends at once; and what it
/// costs to listen. Run by `bin/bench actor`.
final class ActorBench {
    private static final String LABEL = "writeprobe.bench=actor-" + ProcessHandle.current().pid();
    private static final int TICKS_PER_SECOND = 100;

    private final String program;
    private final String helper;
    private final List<Remounts.Target> targets;
    private final int remounts;

    private ActorBench(String program, String helper, List<Remounts.Target> targets, int remounts) {
        this.program = program;
        this.helper = helper;
        this.targets = targets;
        this.remounts = remounts;
    }

    /// Program, image, containers, remounts, and the program of `remount.c`.
    public static void main(String[] args) throws Exception {
        if (!Files.isDirectory(Path.of("/sys/kernel/tracing/instances"))) {
            System.out.println(
                    "tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing");
            System.exit(1);
        }
        try {
            List<Remounts.Target> targets = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                String id =
                        run(
                                "docker",
                                "run",
                                "-d",
                                "--read-only",
                                "--network",
                                "none",
                                "--label",
                                LABEL,
                                args[1],
                                "sleep",
                                "86400");
                targets.add(
                        new Remounts.Target(
                                Long.parseLong(
                                        run("docker", "inspect", "-f", "{{.State.Pid}}", id)),
                                id));
            }
            ActorBench bench = new ActorBench(args[0], args[4], targets, Integer.parseInt(args[3]));
            bench.measure(true);
            bench.measure(false);
        } finally {
            for (String id :
                    run("docker", "ps", "-aq", "--filter", "label=" + LABEL).split("\\s+", -1)) {
                if (!id.isEmpty()) {
                    run("docker", "rm", "-fv", id);
                }
            }
        }
    }

    private void measure(boolean listening) throws IOException, InterruptedException {
        Path file = Files.createTempFile("writeprobe-bench", ".yml");
        Files.writeString(
                file, "probe: {witness: procfs, interval: 1h, mount-actors: " + listening + "}\n");
        Process agent =
                new ProcessBuilder(
                                program,
                                "agent",
                                "--config.file",
                                file.toString(),
                                "--web.listen-address",
                                "127.0.0.1:0")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            AgentLog log = new AgentLog(agent);
            log.await(line -> line.contains("first cycle completed"));
            // Until it is compiled, and has removed what starting left.
            TimeUnit.SECONDS.sleep(5);
            remount(log, listening);
            if (listening) {
                cost(agent.pid());
            }
        } finally {
            agent.destroy();
            agent.waitFor(10, TimeUnit.SECONDS);
            Files.delete(file);
        }
    }

    private void remount(AgentLog log, boolean listening) throws IOException, InterruptedException {
        List<Double> latencies = new ArrayList<>();
        int pids = 0;
        int arguments = 0;
        int origins = 0;
        int others = 0;
        int nobody = 0;
        for (int i = 0; i < remounts; i++) {
            Remounts.Target target = targets.get(i % targets.size());
            log.clear();
            long before = System.nanoTime();
            long pid = command(target, "rw");
            AgentLog.Line line =
                    log.await(l -> l.contains(target.shortId()) && l.contains("\"violating\""));
            latencies.add((line.at() - before) / 1e6);
            String text = line.text();
            boolean right = text.contains("pid " + pid + ",") || text.contains("pid " + pid + ")");
            pids += right ? 1 : 0;
            arguments += right && text.contains(helper) ? 1 : 0;
            origins += text.contains("from the host") ? 1 : 0;
            others += text.contains("; or ") ? 1 : 0;
            nobody += text.contains("not known") ? 1 : 0;
            command(target, "ro");
            log.await(t -> t.contains(target.shortId()) && t.contains("\"after\":\"compliant\""));
        }
        System.out.printf(
                Locale.ROOT,
                "%n%d remounts by commands that end at once, %d containers, %s%n"
                        + "  start of the command until the verdict is in the log: p50 %.2f ms, p99"
                        + " %.2f ms%n",
                remounts,
                targets.size(),
                listening ? "listening to mount calls" : "not listening",
                AgentBench.quantile(latencies, 50),
                AgentBench.quantile(latencies, 99));
        if (listening) {
            System.out.printf(
                    Locale.ROOT,
                    "  named with the right pid: %d; with program or arguments: %d; with a certain"
                            + " origin: %d; with others: %d; not known: %d%n",
                    pids,
                    arguments,
                    origins,
                    others,
                    nobody);
        }
    }

    /// @return the pid of the command, which has ended
    private long command(Remounts.Target target, String how)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(helper, Long.toString(target.pid()))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var in = process.outputWriter(UTF_8)) {
            in.write(how + "\n");
        }
        process.waitFor();
        return process.pid();
    }

    private void cost(long agent) throws IOException, InterruptedException {
        long idle = ticks(agent);
        TimeUnit.SECONDS.sleep(10);
        System.out.printf(
                Locale.ROOT,
                "  CPU of the listening thread: %.2f %% without mount calls",
                100.0 * (ticks(agent) - idle) / TICKS_PER_SECOND / 10);
        Process flood =
                new ProcessBuilder(helper, Long.toString(targets.getLast().pid()))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        long busy = ticks(agent);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        try (var in = flood.outputWriter(UTF_8)) {
            while (System.nanoTime() < until) {
                for (int i = 0; i < 5; i++) {
                    in.write("ro\nro\n");
                }
                in.flush();
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        flood.waitFor();
        System.out.printf(
                Locale.ROOT,
                ", %.2f %% with 1,000 a second%n",
                100.0 * (ticks(agent) - busy) / TICKS_PER_SECOND / 10);
    }

    private static long ticks(long agent) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + agent + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.contains("(mount-calls)")) {
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                }
            }
        }
        throw new IOException("the agent does not listen to mount calls");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        process.waitFor();
        return out;
    }
}

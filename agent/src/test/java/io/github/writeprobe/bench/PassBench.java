package io.github.writeprobe.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures what a cycle in which nothing changed costs the agent with `procfs`: once with every
/// path tried as every identity in each cycle, and once with read-only mounts proved by one attempt
/// at each path. `pass-loop.c` makes every attempt over the same containers, with nothing around
/// it. It needs the JDK alone, so that bin/bench can launch it from source.
///
/// Arguments: the program, an image, the compiled `pass-loop.c`, and the numbers of containers, the
/// smallest first.
public final class PassBench {
    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final int CYCLES = 10;

    /// An agent runs for months. In its first minute, the JVM interprets and compiles it.
    private static final int WARM_UP_CYCLES = 20;

    private static final int LOOPS = 20;

    /// As many as in an hour with a scrape every 15 s.
    private static final int SCRAPES = 240;

    private static final String LABEL = "writeprobe.bench=pass-" + ProcessHandle.current().pid();
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
                    "/root",
                    "/etc/hosts",
                    "/etc/hostname",
                    "/etc/resolv.conf");

    private final Path work;
    private final String program;
    private final String passLoop;
    private final int port = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private PassBench(Path work, String program, String passLoop) {
        this.work = work;
        this.program = program;
        this.passLoop = passLoop;
    }

    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("writeprobe-bench");
        PassBench bench = new PassBench(work, args[0], args[2]);
        System.out.printf(
                "%nCPU time of a cycle without changes, ms; %d cycles of %d s each; load %s%n%n",
                CYCLES, INTERVAL.toSeconds(), Files.readString(Path.of("/proc/loadavg")).strip());
        System.out.printf(
                "%10s %12s %12s %12s %10s %10s %10s %10s%n",
                "containers",
                "C, all paths",
                "all paths",
                "by mounts",
                "RSS, MB",
                "scraped",
                "PSS",
                "private");
        try {
            int running = 0;
            for (int i = 3; i < args.length; i++) {
                int count = Integer.parseInt(args[i]);
                start(args[1], count - running);
                running = count;
                bench.measure(count);
            }
        } finally {
            run("sh", "-c", "docker ps -aq --filter label=" + LABEL + " | xargs -r docker rm -f");
            run("rm", "-rf", work.toString());
        }
    }

    private static void start(String image, int count) throws IOException, InterruptedException {
        run(
                "sh",
                "-c",
                "seq "
                        + count
                        + " | xargs -P 4 -I{} docker run -d --label "
                        + LABEL
                        + " --network none --read-only --tmpfs /tmp --user 1000:1000 "
                        + image
                        + " sleep 36000 >/dev/null");
    }

    private void measure(int count) throws Exception {
        Path containers = work.resolve("containers");
        Files.writeString(
                containers,
                run(
                        "sh",
                        "-c",
                        "docker ps -q --filter label="
                                + LABEL
                                + " | xargs docker inspect -f '{{.State.Pid}} {{.Id}}'"));
        double everyPath = cycles("1s");
        double loop = passLoop(containers);
        Process agent = agent("1h");
        try {
            double byMounts = cycles(agent);
            long idle = memory(agent, "Rss");
            for (int i = 0; i < SCRAPES; i++) {
                scrape();
            }
            System.out.printf(
                    Locale.ROOT,
                    "%10d %12.1f %12.1f %12.1f %10d %10d %10d %10d%n",
                    count,
                    (loop + passLoop(containers)) / 2,
                    everyPath,
                    byMounts,
                    idle,
                    memory(agent, "Rss"),
                    memory(agent, "Pss"),
                    memory(agent, "Private_Clean") + memory(agent, "Private_Dirty"));
        } finally {
            stop(agent);
        }
    }

    private double passLoop(Path containers) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(passLoop, Integer.toString(LOOPS)));
        command.addAll(PATHS);
        Process process = new ProcessBuilder(command).redirectInput(containers.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return Double.parseDouble(out.strip());
    }

    private double cycles(String fullInterval) throws IOException, InterruptedException {
        Process agent = agent(fullInterval);
        try {
            return cycles(agent);
        } finally {
            stop(agent);
        }
    }

    /// The CPU time of a cycle, in milliseconds.
    private double cycles(Process agent) throws IOException, InterruptedException {
        Thread.sleep(INTERVAL.multipliedBy(WARM_UP_CYCLES));
        long before = ticks(agent);
        Thread.sleep(INTERVAL.multipliedBy(CYCLES));
        return (ticks(agent) - before) * 10.0 / CYCLES;
    }

    private Process agent(String fullInterval) throws IOException, InterruptedException {
        Path configuration = work.resolve("writeprobe.yml");
        Files.writeString(
                configuration,
                "probe: {witness: procfs, interval: %ds, full-interval: %s}\n"
                        .formatted(INTERVAL.toSeconds(), fullInterval));
        Process agent =
                new ProcessBuilder(
                                program,
                                "agent",
                                "--config.file",
                                configuration.toString(),
                                "--web.listen-address",
                                "127.0.0.1:" + port)
                        .redirectOutput(work.resolve("out").toFile())
                        .redirectError(work.resolve("err").toFile())
                        .start();
        for (int i = 0; i < 300 && !scrape().contains("writeprobe_container_verified"); i++) {
            Thread.sleep(100);
        }
        return agent;
    }

    private static void stop(Process agent) throws InterruptedException {
        agent.destroy();
        agent.waitFor();
    }

    private String scrape() throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString(UTF_8))
                    .body();
        } catch (IOException notYet) {
            return "";
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + out);
        }
        return out;
    }

    /// User and system time, in ticks of 10 ms.
    private static long ticks(Process process) throws IOException {
        String text = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /// In MB.
    private static long memory(Process process, String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup")).stream()
                        .filter(l -> l.startsWith(field + ":"))
                        .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElse(0)
                / 1024;
    }
}

package io.github.writeprobe.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Measures the agent on a real engine: how long from a start until the verdict, what it costs to
/// follow containers that do nothing, and how long from a remount until the verdict. It needs the
/// JDK alone, so that bin/bench can launch it from source.
///
/// Arguments: the program, the engine's socket, an image, how many idle containers, how many
/// starts, how many remounts, and the program that does these.
public final class AgentBench {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int CYCLES = 6;
    private static final int SCRAPES = 300;
    private static final String RELOADED =
            "writeprobe_config_last_reload_success_timestamp_seconds";
    private static final String LABEL = "writeprobe.bench=agent-" + ProcessHandle.current().pid();

    private final Path work;
    private final String image;
    private final Proxy proxy;
    private final Process agent;
    private final AgentLog log;
    private final URI metrics;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private AgentBench(Path work, String program, Path engine, String image) throws IOException {
        this.work = work;
        this.image = image;
        proxy = new Proxy(work.resolve("engine.sock"), engine);
        configure("");
        int port = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);
        metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
        agent =
                new ProcessBuilder(
                                program,
                                "agent",
                                "--host",
                                "unix://" + proxy.socket(),
                                "--config.file",
                                work.resolve("writeprobe.yml").toString(),
                                "--web.listen-address",
                                "127.0.0.1:" + port,
                                "--log.level",
                                "debug")
                        .redirectOutput(work.resolve("out").toFile())
                        .start();
        log = new AgentLog(agent);
    }

    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("writeprobe-bench");
        AgentBench bench = new AgentBench(work, args[0], Path.of(args[1]), args[2]);
        try {
            int starts = Integer.parseInt(args[4]);
            int remounts = Integer.parseInt(args[5]);
            await(
                    "the agent",
                    Duration.ofSeconds(30),
                    () -> bench.scrape().contains("writeprobe_engine_up"));
            if (starts > 0) {
                bench.latency(starts);
            }
            bench.idle(Integer.parseInt(args[3]));
            if (remounts > 0) {
                new Remounts(args[6], bench.log, bench::scrape).run(containers(), remounts);
            }
        } finally {
            bench.close();
        }
    }

    private void configure(String more) throws IOException {
        Files.writeString(
                work.resolve("writeprobe.yml"),
                "probe: {interval: %ds, exec-interval: 24h}\n%s"
                        .formatted(INTERVAL.toSeconds(), more));
    }

    private void close() throws IOException, InterruptedException {
        agent.destroy();
        agent.waitFor();
        run("sh", "-c", "docker ps -aq --filter label=" + LABEL + " | xargs -r docker rm -f");
        proxy.close();
        try (Stream<Path> files = Files.list(work)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(work);
    }

    /// From the arrival of the start event, which the proxy sees pass, until a scrape has the
    /// verdict.
    private void latency(int starts) throws Exception {
        List<Double> verdicts = new ArrayList<>();
        List<Double> execs = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            double execBefore = value("writeprobe_probe_duration_seconds_sum");
            String id =
                    run(
                                    "docker",
                                    "create",
                                    "--label",
                                    LABEL,
                                    "--network",
                                    "none",
                                    "--read-only",
                                    image,
                                    "sleep",
                                    "3600")
                            .strip();
            run("docker", "start", id);
            Map.Entry<String, Long> startEvent = Map.entry(id, proxy.started(id));
            String verified = "writeprobe_container_verified{container=";
            await(
                    "a verdict",
                    Duration.ofSeconds(20),
                    () ->
                            scrape().lines()
                                    .anyMatch(l ->
                                            l.startsWith(verified)
                                                    && l.contains(
                                                            startEvent.getKey().substring(0, 12))
                                                    && l.endsWith(" 1.0")));
            verdicts.add((System.nanoTime() - startEvent.getValue()) / 1e6);
            execs.add((value("writeprobe_probe_duration_seconds_sum") - execBefore) * 1e3);
            run("docker", "rm", "-f", id);
        }
        System.out.printf(
                "%n%d starts, one after the other: from the event to the verdict in /metrics%n%n",
                starts);
        System.out.printf("%-44s %10s %10s%n", "", "p50 ms", "p99 ms");
        row("the exec itself", execs);
        row("start event to verdict", verdicts);
        for (int q : new int[] {50, 99}) {
            System.out.printf(
                    Locale.ROOT,
                    "p%d: %.0f ms, bound 1.5 x exec + 100 ms = %.0f ms%n",
                    q,
                    quantile(verdicts, q),
                    1.5 * quantile(execs, q) + 100);
        }
    }

    private void idle(int containers) throws Exception {
        List<Process> starters = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            starters.add(
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "i=0; while [ $i -lt "
                                            + (containers + 3 - worker) / 4
                                            + " ]; do i=$((i + 1)); docker run -d --label "
                                            + LABEL
                                            + " --network none --read-only --tmpfs /tmp"
                                            + " --user 1000:1000 "
                                            + image
                                            + " sleep 36000; done")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start());
        }
        for (Process starter : starters) {
            starter.waitFor();
        }
        // Others may run on the machine, too.
        Set<String> ids =
                containers().stream().map(Remounts.Target::shortId).collect(Collectors.toSet());
        await(
                containers + " verdicts",
                Duration.ofMinutes(5),
                () ->
                        scrape().lines()
                                        .filter(l ->
                                                l.startsWith("writeprobe_container_verified")
                                                        && l.endsWith(" 1.0"))
                                        .filter(l -> ids.stream().anyMatch(l::contains))
                                        .count()
                                == containers);
        Thread.sleep(INTERVAL.multipliedBy(2));
        String cycles = "writeprobe_cycle_duration_seconds_count";
        double from = value(cycles);
        await("a cycle", INTERVAL.multipliedBy(2), () -> value(cycles) > from);
        proxy.resetRequests();
        long agentBefore = ticks(s -> s.pid() == agent.pid());
        long engineBefore = ticks(AgentBench::isEngine);
        Thread.sleep(INTERVAL.multipliedBy(CYCLES));
        double perTick = 1000.0 / 100 / CYCLES;
        double agentCpu = (ticks(s -> s.pid() == agent.pid()) - agentBefore) * perTick;
        double engineCpu = (ticks(AgentBench::isEngine) - engineBefore) * perTick;
        Map<String, Integer> requests = proxy.requests();
        run("kill", "-s", "STOP", Long.toString(agent.pid()));
        long withoutAgentBefore = ticks(AgentBench::isEngine);
        Thread.sleep(INTERVAL.multipliedBy(CYCLES));
        double withoutAgentCpu = (ticks(AgentBench::isEngine) - withoutAgentBefore) * perTick;
        run("kill", "-s", "CONT", Long.toString(agent.pid()));
        Thread.sleep(INTERVAL);
        System.out.printf(
                "%n%d idle containers, %d unchanged cycles of %d s%n%n",
                containers, CYCLES, INTERVAL.toSeconds());
        System.out.printf(
                Locale.ROOT, "agent RSS                        %8.0f MB%n", rss() / 1024.0);
        System.out.printf(Locale.ROOT, "agent CPU per cycle              %8.1f ms%n", agentCpu);
        System.out.printf(
                Locale.ROOT,
                "dockerd+containerd CPU per cycle %8.1f ms (shims included)%n",
                engineCpu);
        System.out.printf(
                Locale.ROOT, "  the same while the agent sleeps%8.1f ms%n", withoutAgentCpu);
        System.out.printf("engine requests in %d cycles       %s%n", CYCLES, requests);
        for (String paths : List.of("all", "findings", "none")) {
            scrapes(paths);
        }
    }

    /// What scrapes cost, by which paths have series.
    private void scrapes(String paths) throws IOException, InterruptedException {
        double reloaded = value(RELOADED);
        configure("metrics: {paths: %s}\n".formatted(paths));
        run("kill", "-s", "HUP", Long.toString(agent.pid()));
        await("a reload", INTERVAL, () -> value(RELOADED) > reloaded);
        List<Double> times = new ArrayList<>();
        String body = "";
        for (int i = 0; i < SCRAPES; i++) {
            long startNanos = System.nanoTime();
            body = scrape();
            times.add((System.nanoTime() - startNanos) / 1e6);
        }
        System.out.printf(
                Locale.ROOT,
                "scrape, paths: %-8s p50 / p99 %8.1f / %.1f ms, %d kB, %d series%n",
                paths,
                quantile(times, 50),
                quantile(times, 99),
                body.length() / 1000,
                body.lines().filter(l -> !l.startsWith("#")).count());
    }

    private static List<Remounts.Target> containers() throws IOException, InterruptedException {
        return run(
                        "sh",
                        "-c",
                        "docker ps -q --filter label="
                                + LABEL
                                + " | xargs docker inspect -f '{{.State.Pid}} {{.Id}}'")
                .lines()
                .map(l -> l.split(" ", -1))
                .map(f -> new Remounts.Target(Long.parseLong(f[0]), f[1]))
                .toList();
    }

    private static void row(String name, List<Double> values) {
        System.out.printf(
                Locale.ROOT,
                "%-44s %10.0f %10.0f%n",
                name,
                quantile(values, 50),
                quantile(values, 99));
    }

    static double quantile(List<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static void await(String what, Duration limit, BooleanSupplier condition)
            throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException("not within " + limit + ": " + what);
            }
            Thread.sleep(5);
        }
    }

    private String scrape() {
        try {
            return http.send(
                            HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(10)).build(),
                            HttpResponse.BodyHandlers.ofString(UTF_8))
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The sum over all series of a metric.
    private double value(String metric) {
        return scrape().lines()
                .filter(l -> l.startsWith(metric + "{") || l.startsWith(metric + " "))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' '))))
                .sum();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + out);
        }
        return out;
    }

    private record Stat(long pid, String name, long ticks) {}

    private static boolean isEngine(Stat stat) {
        return stat.name().equals("dockerd") || stat.name().startsWith("containerd");
    }

    private static long ticks(java.util.function.Predicate<Stat> which) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(p -> p.getFileName().toString().matches("[0-9]+"))
                    .map(AgentBench::stat)
                    .filter(which)
                    .mapToLong(Stat::ticks)
                    .sum();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stat stat(Path process) {
        try {
            String text = Files.readString(process.resolve("stat"));
            int close = text.lastIndexOf(')');
            String[] fields = text.substring(close + 2).split(" ", -1);
            return new Stat(
                    Long.parseLong(process.getFileName().toString()),
                    text.substring(text.indexOf('(') + 1, close),
                    Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
        } catch (IOException gone) {
            return new Stat(0, "", 0);
        }
    }

    private long rss() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    /// Passes everything on between the agent and the engine, and looks at it.
    private static final class Proxy implements AutoCloseable {
        private final Path socket;
        private final Path engine;
        private final ServerSocketChannel server;
        private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
        private final Map<String, Long> starts = new ConcurrentHashMap<>();

        Proxy(Path socket, Path engine) throws IOException {
            this.socket = socket;
            this.engine = engine;
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().start(this::accept);
        }

        Path socket() {
            return socket;
        }

        void resetRequests() {
            requests.clear();
        }

        Map<String, Integer> requests() {
            Map<String, Integer> counts = new TreeMap<>();
            requests.forEach((what, count) -> counts.put(what, count.get()));
            return counts;
        }

        long started(String id) throws InterruptedException {
            await("the event of " + id, Duration.ofSeconds(10), () -> starts.containsKey(id));
            return starts.get(id);
        }

        private void accept() {
            try {
                while (true) {
                    SocketChannel client = server.accept();
                    SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                    forward(client, upstream, this::request);
                    forward(upstream, client, this::event);
                }
            } catch (IOException closed) {
                // The bench is over.
            }
        }

        private interface TextListener {
            void onText(String text);
        }

        private static void forward(SocketChannel from, SocketChannel to, TextListener listener) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        try (from;
                                to) {
                            InputStream in = Channels.newInputStream(from);
                            OutputStream out = Channels.newOutputStream(to);
                            byte[] buffer = new byte[1 << 16];
                            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                                listener.onText(new String(buffer, 0, n, ISO_8859_1));
                                out.write(buffer, 0, n);
                            }
                        } catch (IOException gone) {
                            // The other direction closes too.
                        }
                    });
        }

        private void request(String text) {
            Arrays.stream(text.split("\r\n", -1))
                    .filter(l -> l.endsWith(" HTTP/1.1"))
                    .map(l -> l.replaceAll("/[0-9a-f]{64}", "/ID").replaceAll("[?].*", ""))
                    .map(l -> l.replace(" HTTP/1.1", ""))
                    .forEach(l ->
                            requests.computeIfAbsent(l, k -> new AtomicInteger())
                                    .incrementAndGet());
        }

        private void event(String text) {
            if (text.contains("\"Action\":\"start\"")) {
                long now = System.nanoTime();
                String marker = "\"Actor\":{\"ID\":\"";
                for (int at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1)) {
                    int id = at + marker.length();
                    starts.put(text.substring(id, Math.min(text.length(), id + 64)), now);
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}

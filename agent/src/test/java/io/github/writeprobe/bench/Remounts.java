package io.github.writeprobe.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Remounts the roots of watched containers from the machine, behind the engine's back, and takes
/// the time until the agent has another verdict.
///
/// A page of metrics of some hundred containers takes longer to fetch than the agent to notice. So
/// the verdict's line in the log is waited for, which is written when the metric has changed: that
/// is an upper bound. What whoever scrapes without a pause sees, is measured apart.
final class Remounts {
    private static final int TURNS = 4;

    /// The number of slowest remounts whose steps are printed.
    private static final int SLOWEST = 10;

    /// With so few containers the scrapes do not take over.
    private static final int SCRAPED = 20;

    private final String helper;
    private final AgentLog log;
    private final Supplier<String> scrape;

    /// @param helper the program that remounts, of `remount.c`
    Remounts(String helper, AgentLog log, Supplier<String> scrape) {
        this.helper = helper;
        this.log = log;
        this.scrape = scrape;
    }

    /// One container, as the engine lists it.
    record Target(long pid, String id) {
        String shortId() {
            return id.substring(0, 12);
        }
    }

    /// When a remount was asked for, and when it was done, by [System#nanoTime()].
    private record Done(long before, long after) {}

    /// When each step from a remount to its log line was taken, by [System#nanoTime()].
    ///
    /// @param reported by the kernel to the agent's watching thread
    /// @param requested the probe, by the agent's monitor
    /// @param judged by the agent
    /// @param logged the line has arrived here
    private record Steps(Done done, long reported, long requested, long judged, long logged) {
        static Steps of(Done done, long logged, AgentLog.Line line) {
            return new Steps(
                    done,
                    line.number("reported"),
                    line.number("requested"),
                    line.number("judged"),
                    logged);
        }

        double millis() {
            return (logged - done.before()) / 1e6;
        }

        String row() {
            long[] times = {done.before(), done.after(), reported, requested, judged, logged};
            StringBuilder row = new StringBuilder("%10.2f".formatted(millis()));
            for (int i = 1; i < times.length; i++) {
                row.append("%10.2f".formatted((times[i] - times[i - 1]) / 1e6));
            }
            return row.toString();
        }
    }

    void run(List<Target> targets, int remounts) throws IOException, InterruptedException {
        List<Double> latencies = new ArrayList<>();
        List<Steps> steps = new ArrayList<>();
        List<Double> calls = new ArrayList<>();
        List<Double> scrapes = new ArrayList<>();
        for (int i = 0; latencies.size() < remounts; i++) {
            Target target = targets.get(i % targets.size());
            try (Shell shell = new Shell(helper, target.pid())) {
                for (int turn = 0; turn < TURNS && latencies.size() < remounts; turn++) {
                    boolean writable = turn % 2 == 0;
                    String verdict = writable ? "violating" : "compliant";
                    log.clear();
                    Done done = shell.remount(writable);
                    long loggedAt =
                            log.await(l ->
                                            l.contains(target.shortId())
                                                    && l.contains("\"after\":\"" + verdict))
                                    .at();
                    steps.add(
                            Steps.of(
                                    done,
                                    loggedAt,
                                    log.await(l ->
                                            l.contains(target.id()) && l.contains("\"judged\":"))));
                    latencies.add((loggedAt - done.before()) / 1e6);
                    calls.add((done.after() - done.before()) / 1e6);
                    // The next one is not to meet with what this one left to do.
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                shell.remount(false);
            }
        }
        for (int i = 0; i < SCRAPED; i++) {
            Target target = targets.get(i % targets.size());
            try (Shell shell = new Shell(helper, target.pid())) {
                scrapes.add(seenByScrapes(target, shell.remount(true), "0.0"));
                seenByScrapes(target, shell.remount(false), "1.0");
            }
        }
        System.out.printf("%n%d remounts of a root, one after the other%n%n", latencies.size());
        System.out.printf("%-48s %9s %9s %9s%n", "", "p50 ms", "p99 ms", "most ms");
        row("mount(2) itself", calls);
        row("before mount(2), until the verdict is in the log", latencies);
        row("the same, until a scrape has it (" + SCRAPED + ")", scrapes);
        printSlowest(steps);
        System.out.println();
        scrape.get()
                .lines()
                .filter(l -> l.startsWith("writeprobe_detection_latency_seconds"))
                .filter(l -> l.contains("\"mount\""))
                .forEach(System.out::println);
    }

    private static void printSlowest(List<Steps> steps) {
        System.out.printf(
                "%nSteps of the slowest %d, ms%n%n%10s%10s%10s%10s%10s%10s%n",
                SLOWEST, "all", "mount(2)", "reported", "requested", "judged", "logged");
        steps.stream()
                .sorted(Comparator.comparingDouble(Steps::millis).reversed())
                .limit(SLOWEST)
                .forEach(s -> System.out.println(s.row()));
    }

    private double seenByScrapes(Target target, Done done, String compliant) {
        while (scrape.get()
                .lines()
                .noneMatch(l ->
                        l.startsWith("writeprobe_container_compliant{")
                                && l.contains(target.shortId())
                                && l.endsWith(" " + compliant))) {
            if (System.nanoTime() - done.before() > TimeUnit.SECONDS.toNanos(10)) {
                throw new IllegalStateException("no scrape shows the remount");
            }
        }
        return (System.nanoTime() - done.before()) / 1e6;
    }

    private static void row(String name, List<Double> values) {
        System.out.printf(
                Locale.ROOT,
                "%-48s %9.2f %9.2f %9.2f%n",
                name,
                AgentBench.quantile(values, 50),
                AgentBench.quantile(values, 99),
                AgentBench.quantile(values, 100));
    }

    /// The helper, in the mount namespace of one container.
    private static final class Shell implements AutoCloseable {
        private final Process process;
        private final Writer in;
        private final BufferedReader out;

        Shell(String helper, long pid) throws IOException {
            process =
                    new ProcessBuilder(helper, Long.toString(pid))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            in = process.outputWriter(UTF_8);
            out = process.inputReader(UTF_8);
        }

        Done remount(boolean writable) throws IOException {
            in.write(writable ? "rw\n" : "ro\n");
            in.flush();
            String line = out.readLine();
            if (line == null) {
                throw new IOException("the helper ended");
            }
            String[] times = line.split(" ", -1);
            return new Done(Long.parseLong(times[0]), Long.parseLong(times[1]));
        }

        @Override
        public void close() {
            try {
                in.close();
                process.waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.docker.FakeEngine.Behaviour;
import io.github.writeprobe.docker.FakeEngine.Call;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Calls that hang leak nothing: no thread, no descriptor, no connection, no line on the terminal.
class LeakTest {
    private static final int AT_ONCE = 30;

    /// Three rounds tell one thing left for each call, or for each round, from what is left once.
    private static final int CALLS = 3 * AT_ONCE;

    /// What the rest of the JVM may open meanwhile. A leak would be one for each call, or for each
    /// repetition.
    private static final int SLACK = 10;

    private static final Duration LIMIT = Duration.ofMillis(100);
    private static final Duration MARGIN = Duration.ofSeconds(1);
    private static final int CONTAINERS = 500;
    private static final AtomicInteger LAST = new AtomicInteger();

    @TempDir Path directory;

    private record ResourceCount(Set<Long> threads, int descriptors) {
        static ResourceCount count() {
            return new ResourceCount(
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(t -> !isCarrierThread(t))
                            .map(Thread::threadId)
                            .collect(Collectors.toSet()),
                    Optional.ofNullable(new File("/proc/self/fd").list())
                            .map(names -> names.length)
                            .orElse(0));
        }

        /// A carrier thread, which the JDK creates for virtual threads as needed.
        private static boolean isCarrierThread(Thread thread) {
            return thread.getName().startsWith("ForkJoinPool")
                    || thread.getName().contains("Poller")
                    || thread.getName().contains("Unblocker")
                    || thread.getName().contains("unparker");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "unix, INSPECT, HANG_BEFORE_HEADERS",
        "unix, INSPECT, HANG_AFTER_HEADERS",
        "unix, INSPECT, HANG_MID_STREAM",
        "unix, INSPECT, SLOW",
        "unix, EXEC_CREATE, HANG_BEFORE_HEADERS",
        "unix, EXEC_START, HANG_BEFORE_HEADERS",
        "unix, EXEC_START, HANG_AFTER_HEADERS",
        "unix, EXEC_START, HANG_MID_STREAM",
        "unix, EXEC_START, ENDLESS",
        "unix, EXEC_START, TORN",
        "unix, EXEC_START, NORMAL",
        "tcp, INSPECT, HANG_BEFORE_HEADERS",
        "tcp, INSPECT, HANG_MID_STREAM",
        "tcp, EXEC_START, HANG_BEFORE_HEADERS",
        "tcp, EXEC_START, HANG_AFTER_HEADERS",
        "tcp, EXEC_START, HANG_MID_STREAM"
    })
    void nothingIsLeftOfCallsThatPassTheirDeadline(String transport, Call call, Behaviour behaviour)
            throws Exception {
        assertNothingLeaks(transport, call, behaviour, false);
    }

    @ParameterizedTest
    @CsvSource({
        "unix, INSPECT, HANG_BEFORE_HEADERS",
        "unix, INSPECT, HANG_AFTER_HEADERS",
        "unix, INSPECT, HANG_MID_STREAM",
        "unix, EXEC_START, HANG_BEFORE_HEADERS",
        "unix, EXEC_START, HANG_AFTER_HEADERS",
        "unix, EXEC_START, HANG_MID_STREAM",
        "tcp, EXEC_START, HANG_MID_STREAM"
    })
    void interruptedCallsLeakNothing(String transport, Call call, Behaviour behaviour)
            throws Exception {
        assertNothingLeaks(transport, call, behaviour, true);
    }

    private FakeEngine fake(String transport) throws IOException {
        return transport.equals("unix")
                ? FakeEngine.onUnix(directory.resolve("e.sock"), CONTAINERS)
                : FakeEngine.onTcp(
                        new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), CONTAINERS);
    }

    private void assertNothingLeaks(
            String transport, Call call, Behaviour behaviour, boolean interrupt) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (FakeEngine fake = fake(transport)) {
            String host =
                    transport.equals("unix")
                            ? "unix://" + directory.resolve("e.sock")
                            : "tcp://127.0.0.1:" + fake.port();
            Duration limit = interrupt ? Duration.ofSeconds(30) : LIMIT;
            try (Engine engine = DockerEngines.open(List.of(host), Map.of(), limit).getFirst()) {
                identifyWithRetries(engine);
                // The first calls load classes, and create buffers and carrier threads.
                fake.on(call, behaviour);
                runCalls(engine, call, AT_ONCE, limit, interrupt);
                ResourceCount baseline = awaitStable();
                System.setErr(new PrintStream(printed, true, UTF_8));
                for (int i = 0; i < CALLS; i += AT_ONCE) {
                    runCalls(engine, call, AT_ONCE, limit, interrupt);
                }
                ResourceCount after = awaitQuiet(fake, baseline, AT_ONCE, Duration.ofSeconds(5));
                // One idle connection may stay in the pool for each concurrent call.
                boolean pooled = fake.connections() <= AT_ONCE;
                assertThat(pooled).as("%s connections", fake.connections()).isTrue();
                assertThat(after.descriptors())
                        .as("descriptors")
                        .isLessThan(baseline.descriptors() + SLACK);
                Set<Long> extra = ConcurrentHashMap.newKeySet();
                extra.addAll(after.threads());
                extra.removeAll(baseline.threads());
                assertThat(
                                Thread.getAllStackTraces().keySet().stream()
                                        .filter(t -> extra.contains(t.threadId()))
                                        .map(Thread::getName)
                                        .filter(name -> name.contains("hijack")))
                        .isEmpty();
                assertThat(after.threads().size()).isLessThanOrEqualTo(baseline.threads().size());
            }
            awaitQuiet(fake, ResourceCount.count(), 0, Duration.ofSeconds(5));
            assertThat(fake.connections()).as("connections after close").isZero();
        } finally {
            System.setErr(before);
        }
        assertThat(printed.toString(UTF_8)).isEmpty();
    }

    /// Loading classes may take longer than the time limit.
    private static void identifyWithRetries(Engine engine) throws InterruptedException {
        boolean identified = false;
        for (int tries = 0; !identified && tries < 50; tries++) {
            try {
                engine.identify();
                identified = true;
            } catch (EngineUnavailable e) {
                assertThat(e.line()).contains("did not answer");
            }
        }
        assertThat(identified).isTrue();
    }

    /// What a call that is over has closed is gone some moments later.
    private static ResourceCount awaitStable() throws InterruptedException {
        ResourceCount before = ResourceCount.count();
        Thread.sleep(50);
        ResourceCount now = ResourceCount.count();
        for (int tries = 0; tries < 20 && !now.equals(before); tries++) {
            before = now;
            Thread.sleep(50);
            now = ResourceCount.count();
        }
        return now;
    }

    /// @param idle how many connections may stay open
    private static ResourceCount awaitQuiet(
            FakeEngine fake, ResourceCount wanted, int idle, Duration timeout)
            throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        ResourceCount now = ResourceCount.count();
        while (System.nanoTime() < until
                && (now.descriptors() > wanted.descriptors()
                        || now.threads().size() > wanted.threads().size()
                        || fake.connections() > idle)) {
            Thread.sleep(10);
            now = ResourceCount.count();
        }
        return now;
    }

    private static void runCalls(
            Engine engine, Call call, int atOnce, Duration limit, boolean interrupt)
            throws InterruptedException {
        Set<Throwable> failures = ConcurrentHashMap.newKeySet();
        List<Thread> callers =
                IntStream.range(0, atOnce)
                        .mapToObj(i ->
                                Thread.ofPlatform()
                                        .start(() ->
                                                runTimed(engine, call, limit, interrupt, failures)))
                        .toList();
        if (interrupt) {
            Thread.sleep(30);
            callers.forEach(Thread::interrupt);
        }
        for (Thread caller : callers) {
            assertThat(caller.join(Duration.ofSeconds(20))).as("a call returned").isTrue();
        }
        assertThat(failures).isEmpty();
    }

    private static void runTimed(
            Engine engine, Call call, Duration limit, boolean interrupt, Set<Throwable> failures) {
        long started = System.nanoTime();
        try {
            createCall(engine, call, limit).call();
            if (interrupt) {
                failures.add(new AssertionError("the interrupt was swallowed"));
            }
        } catch (InterruptedException expected) {
            if (!interrupt) {
                failures.add(expected);
            }
        } catch (Exception e) {
            failures.add(e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        Duration most = interrupt ? MARGIN : limit.plus(MARGIN);
        if (took.compareTo(most) > 0) {
            failures.add(new AssertionError("it took " + took));
        }
    }

    private static Callable<Object> createCall(Engine engine, Call call, Duration limit) {
        // Each in its own container, because execs that may still run are looked up first.
        String container = FakeEngine.id(LAST.incrementAndGet() % CONTAINERS);
        return () -> {
            if (call != Call.INSPECT) {
                return engine.execs()
                        .run(container, List.of("sh"), Optional.empty(), limit, 100_000);
            }
            try {
                return engine.inspect(container);
            } catch (EngineUnavailable e) {
                assertThat(e.line()).contains("did not answer");
                return e;
            }
        };
    }

    @Test
    void anInterruptBeforeTheCallCountsToo() throws Exception {
        try (FakeEngine fake = fake("unix");
                Engine engine =
                        DockerEngines.open(
                                        List.of("unix://" + directory.resolve("e.sock")),
                                        Map.of(),
                                        LIMIT)
                                .getFirst()) {
            fake.on(Call.VERSION, Behaviour.HANG_BEFORE_HEADERS);
            Thread.currentThread().interrupt();
            boolean thrown = false;
            try {
                engine.identify();
            } catch (InterruptedException e) {
                thrown = true;
            }
            assertThat(thrown).isTrue();
        }
    }
}

package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.docker.FakeEngine.Behaviour;
import io.github.writeprobe.docker.FakeEngine.Call;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.Engine.Action;
import io.github.writeprobe.engine.Engine.Event;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How an engine's events are received, and how the stream ends.
class DockerEventStreamTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @TempDir Path directory;
    private Path socket;
    private FakeEngine fake;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        socket = directory.resolve("engine.sock");
        fake = FakeEngine.onUnix(socket, 3);
        engine = open("unix://" + socket);
    }

    @AfterEach
    void stop() {
        engine.close();
        fake.close();
    }

    private static Engine open(String host) throws Exception {
        return DockerEngines.open(List.of(host), Map.of(), LIMIT).getFirst();
    }

    /// A subscriber on its own thread.
    private static final class Follower implements Engine.Listener {
        final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        final CompletableFuture<String> end = new CompletableFuture<>();
        final Thread thread;

        Follower(Thread.Builder threads, Engine engine, Optional<Instant> since) {
            thread =
                    threads.start(() -> {
                        try {
                            engine.follow(since, this);
                        } catch (EngineUnavailable e) {
                            end.complete(e.line());
                        } catch (InterruptedException e) {
                            end.complete("interrupted");
                        } catch (Throwable e) {
                            end.completeExceptionally(e);
                        }
                    });
        }

        @Override
        public void onSubscribed() {
            received.add("following");
        }

        @Override
        public void onEvent(Event event) {
            received.add(event);
        }

        @Nullable Object next() throws InterruptedException {
            return received.poll(30, TimeUnit.SECONDS);
        }

        Event event() throws InterruptedException {
            return (Event) Objects.requireNonNull(next());
        }

        String endReason() throws Exception {
            String line = Objects.requireNonNull(end.get(30, TimeUnit.SECONDS));
            assertThat(line).doesNotContainPattern("\\p{Cntrl}");
            return line;
        }
    }

    private Follower follow() throws Exception {
        Follower follower = new Follower(Thread.ofVirtual(), engine, Optional.empty());
        assertThat(follower.next()).isEqualTo("following");
        return follower;
    }

    private static void awaitTrue(AwaitCondition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.isMet() && System.nanoTime() - deadline < 0) {
            Thread.sleep(5);
        }
        assertThat(condition.isMet()).isTrue();
    }

    private interface AwaitCondition {
        boolean isMet();
    }

    @Test
    void eventsAreReceivedInOrderAndNothingElse() throws Exception {
        Instant before = Instant.now();
        Follower follower = follow();
        fake.start(7);
        fake.emitEvent("exec_create: sh -c x", 7);
        fake.emitEvent("exec_start: sh -c x", 7);
        fake.emitEvent("exec_die", 7);
        fake.pause(7);
        fake.unpause(7);
        fake.emitEvent("rename", 7);
        fake.emitEvent("update", 7);
        fake.stop(7);
        fake.remove(7);
        for (Action action : Action.values()) {
            Event event = follower.event();
            assertThat(event.action()).isEqualTo(action);
            assertThat(event.container()).isEqualTo(FakeEngine.id(7));
            assertThat(event.at()).isBetween(before, Instant.now());
        }
        assertThat(follower.received).isEmpty();
        fake.endEventStreams();
        assertThat(follower.endReason())
                .isEqualTo(
                        "the engine at unix://%s ended its stream of events: was it stopped or restarted? try again, or see journalctl -u docker"
                                .formatted(socket));
        assertThat(follower.received).isEmpty();
    }

    @Test
    void theEngineIsAskedForNoMoreThanMatters() throws Exception {
        follow();
        assertThat(fake.requests())
                .containsExactly(
                        "GET /version",
                        "GET /v1.41/events?filters=%7B%22event%22%3A%5B%22destroy%22%2C%22die%22%2C%22died%22%2C%22pause%22%2C%22remove%22%2C%22rename%22%2C%22start%22%2C%22unpause%22%2C%22update%22%5D%2C%22type%22%3A%5B%22container%22%5D%7D");
    }

    @Test
    void eventsSinceATimeAreReplayedInclusively() throws Exception {
        Follower first = follow();
        fake.start(1);
        fake.start(2);
        fake.stop(2);
        first.event();
        Event last = first.event();
        fake.hangUp();
        first.endReason();
        Follower again = new Follower(Thread.ofVirtual(), engine, Optional.of(last.at()));
        assertThat(again.next()).isEqualTo("following");
        assertThat(again.event()).isEqualTo(last);
        assertThat(again.event().action()).isEqualTo(Action.DIE);
        assertThat(again.received).isEmpty();
        assertThat(fake.requests().getLast()).matches(".*&since=\\d{10}\\.\\d{9}");
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 0.000000000",
        "0001-01-01T00:00:00Z, 0.000000000",
        "1970-01-01T00:00:01.000000001Z, 1.000000000",
        "2026-11-24T02:03:05Z, 1795485784.999999999"
    })
    void aTimeIsSentAsSecondsAndNanoseconds(Instant since, String expectedSince) throws Exception {
        Follower follower = new Follower(Thread.ofVirtual(), engine, Optional.of(since));
        assertThat(follower.next()).isEqualTo("following");
        assertThat(fake.requests().getLast()).endsWith("&since=" + expectedSince);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void chunksMayPartTheStreamAnywhere(int size) throws Exception {
        Follower follower = follow();
        String event =
                "{\n \"Type\": \"container\",\n \"Action\": \"die\", \"Actor\": {\"ID\": \"é\", \"Attributes\": {\"l\": \"é€😀}{\"}}\n}";
        String received = event.replace("\"ID\": \"é\"", "\"ID\": \"c0ffee\"");
        byte[] bytes =
                ("\n\n" + event + received + received + "\r\n\r\n" + received).getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i += size) {
            fake.emit(java.util.Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(follower.event().container()).isEqualTo("c0ffee");
        }
        assertThat(follower.received).isEmpty();
    }

    @Test
    void eventsWithLongLabelsAreReceived() throws Exception {
        Follower follower = follow();
        fake.emit(
                "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"a\",\"Attributes\":{\"l\":\"%s\"}}}"
                        .formatted("x".repeat(900_000)));
        assertThat(follower.event().action()).isEqualTo(Action.START);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<html>It works!</html>", "\u0001\u001b[31m", "{\"a\":]}", "[]", "start"})
    void garbageIsNoEngine(String garbage) throws Exception {
        Follower follower = follow();
        fake.emit(garbage);
        assertThat(follower.endReason())
                .isEqualTo(
                        "the server at unix://%s is not a Docker engine: its answer to GET /events cannot be understood; name another engine with --host or DOCKER_HOST"
                                .formatted(socket));
    }

    /// If a long event ended the stream, the engine would resend it in every later stream.
    @Test
    void theBeginningOfALongEventIsReceivedAndSoIsTheNextEvent() throws Exception {
        Follower follower = follow();
        fake.emit(
                "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"a\",\"Attributes\":{\"x\":\"%s\"}}}\n"
                        .formatted("x".repeat(2_000_000)));
        assertThat(follower.event().container()).isEqualTo("a");
        fake.stop(1);
        assertThat(follower.event().container()).isEqualTo(FakeEngine.id(1));
    }

    @Test
    void anEndlessEventIsNotReadToItsEnd() throws Exception {
        Follower follower = follow();
        byte[] part = "x".repeat(50_000).getBytes(UTF_8);
        fake.emit("{\"Action\":\"");
        IntStream.range(0, 5_600).forEach(i -> fake.emit(part));
        assertThat(follower.endReason()).contains("cannot be understood");
        awaitTrue(() -> fake.followers() == 0);
    }

    @Test
    void aStreamThatBreaksOffInAnEventIsAtItsEnd() throws Exception {
        Follower follower = follow();
        fake.emit("{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"a\"}");
        fake.hangUp();
        assertThat(follower.endReason()).contains("ended its stream of events: was it stopped");
        assertThat(follower.received).isEmpty();
    }

    @Test
    void aStreamThatIsCutInAnEventIsAtItsEnd() throws Exception {
        Follower follower = follow();
        fake.emit("{\"Type\":\"container\"");
        fake.endEventStreams();
        assertThat(follower.endReason()).contains("ended its stream of events: was it stopped");
    }

    @Test
    void anEngineThatIsClosedEndsTheStream() throws Exception {
        Follower follower = follow();
        engine.close();
        assertThat(follower.endReason()).contains("ended its stream of events");
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG_BEFORE_HEADERS"})
    void headersThatDoNotComeAreATimeOut(Behaviour behaviour) throws Exception {
        fake.on(Call.EVENTS, behaviour);
        Follower follower = new Follower(Thread.ofVirtual(), engine, Optional.empty());
        assertThat(follower.endReason())
                .startsWith(
                        "the engine at unix://%s did not answer GET /events within 2 s"
                                .formatted(socket));
        assertThat(follower.received).isEmpty();
        awaitTrue(() -> fake.connections() <= 1);
    }

    @ParameterizedTest
    @CsvSource({
        "SERVER_ERROR, failed on GET /events (500)",
        "FORBIDDEN, forbids GET /events (403)",
        "DROP, closed the connection without a valid answer to GET /events",
        "GARBAGE, closed the connection without a valid answer to GET /events",
        "TOO_OLD, 'refused GET /events (400): \"client version'"
    })
    void aRefusalIsReported(Behaviour behaviour, String expected) throws Exception {
        fake.on(Call.EVENTS, behaviour);
        Follower follower = new Follower(Thread.ofVirtual(), engine, Optional.empty());
        assertThat(follower.endReason()).contains(expected);
        assertThat(follower.received).isEmpty();
    }

    @Test
    void anEngineThatIsGoneIsReported() throws Exception {
        fake.close();
        Follower follower = new Follower(Thread.ofVirtual(), engine, Optional.empty());
        assertThat(follower.endReason()).startsWith("no engine socket at");
    }

    @Test
    void anEngineOfAnotherVersionIsAgreedWithAgain() throws Exception {
        engine.identify();
        fake.supportVersions("1.44", "1.45")
                .reply(Call.EVENTS, 400, "{\"message\":\"client version 1.41 is too old\"}");
        Follower follower = new Follower(Thread.ofVirtual(), engine, Optional.empty());
        follower.endReason();
        assertThat(fake.requests().getLast()).startsWith("GET /v1.45/events");
    }

    /// Engines from 25 to 29, as far as their answers differ in what is read.
    @ParameterizedTest
    @CsvSource({
        "1.24, 1.44",
        "1.24, 1.45",
        "1.24, 1.46",
        "1.24, 1.47",
        "1.24, 1.48",
        "1.24, 1.49",
        "1.24, 1.50",
        "1.24, 1.51",
        "1.44, 1.52",
        "1.44, 1.53",
        "1.40, 1.54",
        "1.40, 1.55",
        "1.40, 1.56"
    })
    void newerEnginesAreSpokenToInTheirVersion(String oldest, String version) throws Exception {
        fake.supportVersions(oldest, version);
        assertThat(engine.identify().apiVersion()).isEqualTo(version);
        assertThat(engine.list(Map.of()).containers()).hasSize(3);
        assertThat(engine.inspect("idle-1")).isPresent();
        Follower follower = follow();
        fake.start(7);
        Event event = follower.event();
        assertThat(event.action()).isEqualTo(Action.START);
        assertThat(event.container()).isEqualTo(FakeEngine.id(7));
        assertThat(fake.requests().stream().skip(1))
                .isNotEmpty()
                .allMatch(request -> request.startsWith("GET /v" + version + "/"));
    }

    @Test
    void podmanIsFollowedBeforeItSendsHeaders() throws Exception {
        fake.reply(
                Call.VERSION,
                200,
                "{\"Version\":\"4.3.1\",\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.24\",\"Components\":[{\"Name\":\"Podman Engine\"}]}");
        fake.on(Call.EVENTS, Behaviour.HANG_BEFORE_HEADERS);
        Instant before = Instant.now().minusSeconds(5);
        Follower follower = follow();
        awaitTrue(() -> fake.count(Call.EVENTS) == 1);
        String since = fake.requests().getLast().replaceFirst(".*&since=(\\d+)\\..*", "$1");
        assertThat(Instant.ofEpochSecond(Long.parseLong(since))).isAfter(before);
        assertThat(follower.end).isNotDone();
        follower.thread.interrupt();
        assertThat(follower.endReason()).isEqualTo("interrupted");
    }

    @Test
    void listenerExceptionReachesTheCaller() throws Exception {
        List<Throwable> thrown =
                List.of(new StackOverflowError("deep"), new IllegalStateException("x"));
        for (Throwable failure : thrown) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            Thread caller =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    engine.follow(Optional.empty(), listenerThrowing(failure));
                                } catch (Throwable e) {
                                    end.completeExceptionally(e);
                                }
                            });
            awaitTrue(() -> fake.followers() == 1);
            fake.start(1);
            assertThat(end)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isSameAs(failure);
            assertThat(caller.join(Duration.ofSeconds(5))).isTrue();
            awaitTrue(() -> fake.followers() == 0);
        }
    }

    private static Engine.Listener listenerThrowing(Throwable failure) {
        return new Engine.Listener() {
            @Override
            public void onSubscribed() {}

            @Override
            public void onEvent(Event event) {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            }
        };
    }

    @Test
    void aHundredCallsAtOnceDoNotMindAFollower() throws Exception {
        Follower follower = follow();
        fake.execDelay(Duration.ofMillis(300));
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<String> call = new CompletableFuture<>();
            calls.add(call);
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            call.complete(
                                    engine.execs()
                                            .run(
                                                    FakeEngine.id(0),
                                                    List.of("echo"),
                                                    Optional.empty(),
                                                    Duration.ofSeconds(20),
                                                    1000)
                                            .toString());
                        } catch (Throwable e) {
                            call.completeExceptionally(e);
                        }
                    });
        }
        fake.start(1);
        assertThat(follower.event().action()).isEqualTo(Action.START);
        for (CompletableFuture<String> call : calls) {
            assertThat(call.get(30, TimeUnit.SECONDS)).contains("Finished").contains("echo");
        }
        fake.endEventStreams();
        follower.endReason();
    }

    @Test
    void aStreamThatBreaksBreaksNoOtherCall() throws Exception {
        Follower follower = follow();
        fake.execDelay(Duration.ofMillis(500));
        CompletableFuture<String> call =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return engine.execs()
                                .run(FakeEngine.id(0), List.of("echo"), Optional.empty(), LIMIT, 99)
                                .toString();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        awaitTrue(() -> fake.count(Call.EXEC_START) == 1);
        fake.emit("garbage");
        follower.endReason();
        assertThat(call.get(5, TimeUnit.SECONDS)).contains("Finished");
    }

    @ParameterizedTest
    @CsvSource({
        "unix, NORMAL, true",
        "unix, NORMAL, false",
        "unix, HANG_BEFORE_HEADERS, true",
        "tcp, NORMAL, true",
        "tcp, NORMAL, false",
        "tcp, HANG_BEFORE_HEADERS, true"
    })
    void anInterruptEndsTheStreamAndLeavesNothing(
            String transport, Behaviour behaviour, boolean virtual) throws Exception {
        try (FakeEngine other =
                        transport.equals("unix")
                                ? FakeEngine.onUnix(directory.resolve("o.sock"), 1)
                                : FakeEngine.onTcp(
                                        new ServerSocket(0, 128, InetAddress.getLoopbackAddress()),
                                        1);
                Engine followed =
                        open(
                                transport.equals("unix")
                                        ? "unix://" + directory.resolve("o.sock")
                                        : "tcp://127.0.0.1:" + other.port())) {
            followed.identify();
            other.on(Call.EVENTS, behaviour);
            for (int i = 0; i < 20; i++) {
                followAndInterrupt(other, followed, behaviour, virtual);
            }
            Thread.sleep(200);
            int descriptors = descriptors();
            long threads = readers();
            for (int i = 0; i < 200; i++) {
                followAndInterrupt(other, followed, behaviour, virtual);
            }
            awaitTrue(() -> descriptors() <= descriptors && readers() <= threads);
            awaitTrue(() -> other.connections() <= 1);
            assertThat(other.followers()).isZero();
            assertThat(threads).isZero();
        }
    }

    private static void followAndInterrupt(
            FakeEngine other, Engine followed, Behaviour behaviour, boolean virtual)
            throws Exception {
        other.forgetRequests();
        Follower follower =
                new Follower(
                        virtual ? Thread.ofVirtual() : Thread.ofPlatform(),
                        followed,
                        Optional.empty());
        if (behaviour == Behaviour.NORMAL) {
            assertThat(follower.next()).isEqualTo("following");
            other.start(1);
        } else {
            awaitTrue(() -> other.count(Call.EVENTS) == 1);
        }
        long started = System.nanoTime();
        follower.thread.interrupt();
        assertThat(follower.endReason()).isEqualTo("interrupted");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
        awaitTrue(() -> other.followers() == 0);
    }

    private static int descriptors() {
        return Optional.ofNullable(new File("/proc/self/fd").list())
                .map(names -> names.length)
                .orElse(0);
    }

    private static long readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("engine-events"))
                .count();
    }

    @Test
    void anInterruptBeforehandCountsToo() throws Exception {
        Thread.currentThread().interrupt();
        boolean thrown = false;
        try {
            engine.follow(Optional.empty(), listenerThrowing(new AssertionError()));
        } catch (InterruptedException e) {
            thrown = true;
        }
        assertThat(thrown).isTrue();
    }
}

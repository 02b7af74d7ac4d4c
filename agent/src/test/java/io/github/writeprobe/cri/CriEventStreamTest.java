package io.github.writeprobe.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.cri.inspect.CriContainerLister;
import io.github.writeprobe.cri.inspect.Pods;
import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.Engine.Action;
import io.github.writeprobe.engine.Engine.Event;
import io.github.writeprobe.engine.EngineUnavailable;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Events with a stream, and without one.
@Timeout(30)
class CriEventStreamTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final FakeContainer ONE = FakeContainer.of(1);
    private static final FakeContainer TWO = FakeContainer.of(2);

    @TempDir Path directory;
    private FakeRuntime runtime;
    private CriConnection connection;
    private Thread follower = Thread.currentThread();
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<StreamObserver<byte[]>> streams = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws IOException {
        Path socket = directory.resolve("r.sock");
        runtime = new FakeRuntime(socket);
        runtime.run(ONE);
        connection = new CriConnection(socket, Duration.ofSeconds(5));
    }

    @AfterEach
    void close() throws InterruptedException {
        if (follower != Thread.currentThread()) {
            follower.interrupt();
            follower.join();
        }
        connection.close();
        runtime.close();
    }

    private void follow(Duration pollWithEvents) throws InterruptedException {
        CriEventStream followed =
                new CriEventStream(
                        connection,
                        new CriContainerLister(connection, new Pods(connection)),
                        pollWithEvents,
                        OFTEN);
        follower =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                followed.follow(new Recorder());
                            } catch (EngineUnavailable e) {
                                ends.add(e.line());
                            } catch (InterruptedException e) {
                                ends.add("interrupted");
                            }
                        });
        assertThat(subscribed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private final class Recorder implements Engine.Listener {
        @Override
        public void onSubscribed() {
            subscribed.countDown();
        }

        @Override
        public void onEvent(Event event) {
            events.add(event);
        }
    }

    private void withStream() {
        runtime.answer("GetContainerEvents", (request, observer) -> streams.add(observer));
    }

    private static byte[] event(String id, int type, long at, String sandbox) {
        return new ProtoBuilder()
                .text(1, id)
                .number(2, type)
                .number(3, at)
                .message(4, new ProtoBuilder().text(1, sandbox))
                .toBytes();
    }

    private static String action(Event event) {
        return event.action() + " " + event.container();
    }

    @Test
    void theStreamTellsWhatStartedAndEnded() throws Exception {
        withStream();
        follow(NEVER);
        StreamObserver<byte[]> stream = streams.take();

        stream.onNext(event(TWO.id(), 0, 1, FakeContainer.SANDBOX));
        stream.onNext(event(TWO.id(), 1, 1_500_000_000L, FakeContainer.SANDBOX));
        stream.onNext(event(FakeContainer.SANDBOX, 1, 2, FakeContainer.SANDBOX));
        stream.onNext(new byte[] {10, 127});
        stream.onNext(event("../x", 1, 2, FakeContainer.SANDBOX));
        stream.onNext(event(TWO.id(), 2, 2_000_000_000L, FakeContainer.SANDBOX));
        stream.onNext(event(TWO.id(), 3, 3_000_000_000L, FakeContainer.SANDBOX));

        assertThat(events.take())
                .isEqualTo(
                        new Event(Action.START, TWO.id(), Instant.ofEpochSecond(1, 500_000_000)));
        assertThat(List.of(action(events.take()), action(events.take())))
                .containsExactly("DIE " + TWO.id(), "DESTROY " + TWO.id());
        assertThat(runtime.count("ListContainers")).isOne();
    }

    /// As CRI-O without `enable_pod_events`.
    @Test
    void aStreamThatEndsAtOnceIsReplacedByLists() throws Exception {
        runtime.answer("GetContainerEvents", (request, observer) -> observer.onCompleted());
        follow(NEVER);

        runtime.run(TWO);

        assertThat(List.of(action(events.take()), action(events.take())))
                .containsExactly("DIE " + ONE.id(), "START " + TWO.id());
    }

    /// As containerd 1.6.
    @Test
    void withoutEventsListsAreCompared() throws Exception {
        runtime.fail("GetContainerEvents", Status.UNIMPLEMENTED);
        follow(NEVER);

        runtime.run(ONE, TWO);

        assertThat(action(events.take())).isEqualTo("START " + TWO.id());
    }

    @Test
    void aMissedEventIsFoundInTheNextList() throws Exception {
        withStream();
        follow(OFTEN);

        runtime.run(ONE, TWO);

        assertThat(action(events.take())).isEqualTo("START " + TWO.id());
    }

    @Test
    void whatTheStreamToldIsNotToldAgain() throws Exception {
        withStream();
        follow(OFTEN);
        // A list without the container is under way while the event arrives, so no list tells
        // first.
        BlockingQueue<StreamObserver<byte[]>> listing = new LinkedBlockingQueue<>();
        runtime.answer("ListContainers", (request, observer) -> listing.add(observer));
        StreamObserver<byte[]> list = listing.take();
        runtime.run(ONE, TWO);
        streams.take().onNext(event(TWO.id(), 1, 1, FakeContainer.SANDBOX));
        list.onNext(new ProtoBuilder().message(1, ONE.listed()).toBytes());
        list.onCompleted();
        events.take();
        int lists = runtime.count("ListContainers");
        while (runtime.count("ListContainers") < lists + 3) {
            Thread.onSpinWait();
        }

        assertThat(events).isEmpty();
    }

    @Test
    void aRuntimeThatStopsEndsTheSubscription() throws Exception {
        withStream();
        follow(NEVER);

        runtime.close();

        assertThat(ends.take()).contains("no runtime socket at");
    }

    @Test
    void anInterruptEndsTheSubscription() throws Exception {
        withStream();
        follow(NEVER);

        follower.interrupt();

        assertThat(ends.take()).isEqualTo("interrupted");
    }
}

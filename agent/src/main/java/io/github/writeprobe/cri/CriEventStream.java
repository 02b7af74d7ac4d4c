package io.github.writeprobe.cri;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.inspect.CriContainerLister;
import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.engine.Engine.Action;
import io.github.writeprobe.engine.Engine.Event;
import io.github.writeprobe.engine.Engine.Listener;
import io.github.writeprobe.engine.EngineUnavailable;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Follows a runtime's events, and compares its lists underneath.
///
/// Not every runtime has events: containerd has them since 1.7, and CRI-O ends the stream at once
/// and without an error unless its option `enable_pod_events` is set. Runtimes also drop events for
/// a slow reader, and do not repeat any. So the lists are always compared, seldom while there are
/// events, and often if there are none.
final class CriEventStream {
    /// An event tells that something happened, and the list what. A reader that is that far behind
    /// learns it from the next list.
    private static final int QUEUE_CAPACITY = 4096;

    private static final int CONTAINER_ID = 1;
    private static final int EVENT_TYPE = 2;
    private static final int CREATED_AT = 3;
    private static final int POD_SANDBOX_STATUS = 4;

    private static final int STARTED = 1;
    private static final int STOPPED = 2;
    private static final int DELETED = 3;

    private final CriConnection connection;
    private final CriContainerLister containers;
    private final Duration pollWithEvents;
    private final Duration pollWithoutEvents;

    CriEventStream(CriConnection connection, CriContainerLister containers) {
        this(connection, containers, Duration.ofSeconds(30), Duration.ofSeconds(2));
    }

    CriEventStream(
            CriConnection connection,
            CriContainerLister containers,
            Duration pollWithEvents,
            Duration pollWithoutEvents) {
        this.connection = requireNonNull(connection);
        this.containers = requireNonNull(containers);
        this.pollWithEvents = requireNonNull(pollWithEvents);
        this.pollWithoutEvents = requireNonNull(pollWithoutEvents);
    }

    /// What the stream delivers to the caller's thread.
    private sealed interface Signal {
        record Received(Event event) implements Signal {}

        /// There are no events, or no more. The next list tells whether the runtime still answers.
        record Ended() implements Signal {}
    }

    /// See [io.github.writeprobe.engine.Engine#follow]. The listener runs on the caller's thread.
    ///
    /// @throws EngineUnavailable when the runtime does not answer any more
    void follow(Listener listener) throws EngineUnavailable, InterruptedException {
        BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
        try (Stream _ = new Stream(connection, signals)) {
            Set<String> running = runningIds();
            listener.onSubscribed();
            Duration poll = pollWithEvents;
            while (true) {
                switch (signals.poll(poll.toNanos(), TimeUnit.NANOSECONDS)) {
                    case Signal.Received(Event event) -> {
                        apply(event, running);
                        listener.onEvent(event);
                    }
                    case Signal.Ended() -> {
                        poll = pollWithoutEvents;
                        running = compare(running, listener);
                    }
                    case null -> running = compare(running, listener);
                }
            }
        }
    }

    private Set<String> runningIds() throws EngineUnavailable, InterruptedException {
        Set<String> ids = new HashSet<>();
        containers.running().entries().forEach(entry -> ids.add(entry.id()));
        return ids;
    }

    private static void apply(Event event, Set<String> running) {
        if (event.action() == Action.START) {
            running.add(event.container());
        } else {
            running.remove(event.container());
        }
    }

    /// Reports what the list has that no event told.
    private Set<String> compare(Set<String> before, Listener listener)
            throws EngineUnavailable, InterruptedException {
        Set<String> now = runningIds();
        Instant at = Instant.now();
        before.stream()
                .filter(id -> !now.contains(id))
                .forEach(id -> listener.onEvent(new Event(Action.DIE, id, at)));
        now.stream()
                .filter(id -> !before.contains(id))
                .forEach(id -> listener.onEvent(new Event(Action.START, id, at)));
        return now;
    }

    /// Reads a `ContainerEventResponse`.
    ///
    /// @return empty if it is about a sandbox, or cannot change a verdict
    static Optional<Event> parse(byte[] bytes) {
        try {
            ParsedProtoMessage message = ParsedProtoMessage.parse(bytes);
            String id = message.text(CONTAINER_ID);
            boolean sandbox = message.message(POD_SANDBOX_STATUS).text(1).equals(id);
            Instant at = Instant.EPOCH.plusNanos(message.number(CREATED_AT));
            return (sandbox || !CriContainerLister.isId(id)
                            ? Optional.<Action>empty()
                            : action(message.number(EVENT_TYPE)))
                    .map(action -> new Event(action, id, at));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Action> action(long type) {
        return switch ((int) type) {
            case STARTED -> Optional.of(Action.START);
            case STOPPED -> Optional.of(Action.DIE);
            case DELETED -> Optional.of(Action.DESTROY);
            default -> Optional.empty();
        };
    }

    /// The stream, on a thread of the connection, which must not wait.
    private static final class Stream implements StreamObserver<byte[]>, AutoCloseable {
        private final BlockingQueue<Signal> signals;
        private final AutoCloseable call;

        Stream(CriConnection connection, BlockingQueue<Signal> signals) {
            this.signals = signals;
            this.call = connection.stream(CriMethod.GET_CONTAINER_EVENTS, this);
        }

        @Override
        public void onNext(byte[] value) {
            parse(value).ifPresent(event -> signals.offer(new Signal.Received(event)));
        }

        @Override
        public void onError(Throwable t) {
            end();
        }

        @Override
        public void onCompleted() {
            end();
        }

        /// The queue may be full of events, which the next list makes needless.
        private void end() {
            while (!signals.offer(new Signal.Ended())) {
                signals.clear();
            }
        }

        @Override
        public void close() {
            try {
                call.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

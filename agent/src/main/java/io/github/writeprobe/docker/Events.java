package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.cycle.Engine.Event;
import io.github.writeprobe.cycle.Engine.Listener;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows an engine's events. A thread of its own reads them, since not every thread can be
/// interrupted in that; the caller's hears of them, so nothing is heard once it has returned.
final class Events {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CALL = "GET /events";

    /// Labels are part of an event, and the engine sets them no limit. Of a longer one the
    /// beginning says what happened and to whom, but not when. Were it the end of the stream, the
    /// engine would bring it back at the beginning of the next one, and nothing else would ever be
    /// heard.
    private static final int MAX_EVENT_BYTES = 256 << 10;

    /// An engine drops events for a reader that is slow, and says nothing, so they are read ahead.
    private static final int QUEUE_CAPACITY = 4096;

    private final Api api;
    private final Duration timeout;

    /// What the reader has to say to the caller.
    private sealed interface Signal {
        record Subscribed() implements Signal {}

        record Received(Event event) implements Signal {}

        record Ended(EngineUnavailable cause) implements Signal {}

        /// The reader itself is broken, or the machine.
        record Failed(Error error) implements Signal {}
    }

    /// @param timeout until the engine has agreed
    Events(Api api, Duration timeout) {
        this.api = api;
        this.timeout = timeout;
    }

    /// See [io.github.writeprobe.cycle.Engine#follow].
    void follow(Optional<Instant> since, Listener listener)
            throws EngineUnavailable, InterruptedException {
        BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
        Thread reader =
                api.endpoint()
                        .threadBuilder()
                        .name("engine-events")
                        .start(() -> read(since, signals));
        try {
            Signal signal = signals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                throw new EngineUnavailable(EngineErrors.timedOut(api.endpoint(), CALL, timeout));
            }
            while (true) {
                dispatch(signal, listener);
                signal = signals.take();
            }
        } finally {
            Deadline.terminate(reader);
        }
    }

    private static void dispatch(Signal signal, Listener listener) throws EngineUnavailable {
        switch (signal) {
            case Signal.Subscribed() -> listener.onSubscribed();
            case Signal.Received(Event event) -> listener.onEvent(event);
            case Signal.Ended(EngineUnavailable cause) -> throw cause;
            case Signal.Failed(Error error) -> throw error;
        }
    }

    /// Ends with a signal that says how, or because the caller wants no more.
    private void read(Optional<Instant> since, BlockingQueue<Signal> signals) {
        try {
            signals.put(readToEnd(since, signals));
        } catch (InterruptedException unwanted) {
            Thread.currentThread().interrupt();
        }
    }

    private Signal readToEnd(Optional<Instant> since, BlockingQueue<Signal> signals)
            throws InterruptedException {
        try {
            Optional<Instant> clock = api.clockIfEventHeadersAreDelayed();
            if (clock.isPresent()) {
                // Podman 4 sends its headers along with the first event. But it brings back
                // whatever has happened since a time, so it follows from then on.
                signals.put(new Signal.Subscribed());
            }
            try (HttpTransport.Stream stream = api.open(CALL, path(since.or(() -> clock)))) {
                if (clock.isEmpty()) {
                    signals.put(new Signal.Subscribed());
                }
                return new Signal.Ended(readEvents(stream, signals));
            }
        } catch (EngineUnavailable known) {
            return new Signal.Ended(known);
        } catch (IOException | RuntimeException e) {
            return new Signal.Ended(
                    new EngineUnavailable(EngineErrors.callFailed(api.endpoint(), CALL, e), e));
        } catch (Error e) {
            return new Signal.Failed(e);
        }
    }

    /// Once an engine streams, whatever breaks the connection is the end of the stream.
    private EngineUnavailable readEvents(HttpTransport.Stream stream, BlockingQueue<Signal> signals)
            throws InterruptedException {
        @Nullable IOException failure = null;
        try {
            JsonObjects objects = JsonObjects.stream(stream.body(), MAX_EVENT_BYTES);
            Optional<JsonObjects.Element> object = objects.next();
            Optional<Instant> lastTime = Optional.empty();
            while (object.isPresent()) {
                // Where no time is said, the engine's clock is what the last event has of it. A
                // nanosecond later, since no two events are the same.
                Instant now = lastTime.map(at -> at.plusNanos(1)).orElseGet(Instant::now);
                Optional<Event> event = EventReader.parse(object.get().json(), now);
                if (event.isPresent()) {
                    lastTime = Optional.of(event.get().at());
                    signals.put(new Signal.Received(event.get()));
                }
                object = objects.next();
            }
        } catch (JsonObjects.Unreadable e) {
            return new EngineUnavailable(EngineErrors.notAnEngine(api.endpoint(), CALL), e);
        } catch (IOException e) {
            failure = e;
        }
        String ended = EngineErrors.streamEnded(api.endpoint());
        return failure == null
                ? new EngineUnavailable(ended)
                : new EngineUnavailable(ended, failure);
    }

    private static String path(Optional<Instant> since) throws IOException {
        String filters =
                URLEncoder.encode(
                        JSON.writeValueAsString(new TreeMap<>(EventReader.FILTERS)), UTF_8);
        return "/events?filters=" + filters + since.map(Events::sinceParameter).orElse("");
    }

    /// A nanosecond earlier: what happened at that very time is Docker's to bring back, but not
    /// Podman's.
    private static String sinceParameter(Instant since) {
        Instant before = since.isAfter(Instant.EPOCH) ? since.minusNanos(1) : Instant.EPOCH;
        return "&since=%d.%09d".formatted(before.getEpochSecond(), before.getNano());
    }
}

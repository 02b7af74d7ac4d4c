package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docker.transport.DockerApiClient;
import io.github.writeprobe.docker.transport.DockerErrorMessages;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.docker.transport.JsonObjectStreamReader;
import io.github.writeprobe.docker.transport.TimeLimiter;
import io.github.writeprobe.engine.Engine.Event;
import io.github.writeprobe.engine.Engine.Listener;
import io.github.writeprobe.engine.EngineUnavailable;
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

/// Subscribes to an engine's events. A separate thread reads them, because not every thread can be
/// interrupted while it reads. The listener runs on the caller's thread, so no event is delivered
/// after [#follow] has returned.
final class DockerEventStream {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CALL = "GET /events";

    /// An event contains the container's labels, whose length the engine does not limit. The
    /// beginning of a longer event has its action and container, but not its time. It must not end
    /// the stream: the engine would resend it at the beginning of the next stream, and no other
    /// event would ever arrive.
    private static final int MAX_EVENT_BYTES = 256 << 10;

    /// An engine silently drops events for a slow reader, so events are read ahead.
    private static final int QUEUE_CAPACITY = 4096;

    private final DockerApiClient api;
    private final Duration timeout;

    /// What the reader thread passes to the caller's thread.
    private sealed interface Signal {
        record Subscribed() implements Signal {}

        record Received(Event event) implements Signal {}

        record Ended(EngineUnavailable cause) implements Signal {}

        /// The reader failed with a bug, or ran out of memory.
        record Failed(Error error) implements Signal {}
    }

    /// @param timeout until the engine has accepted the subscription
    DockerEventStream(DockerApiClient api, Duration timeout) {
        this.api = api;
        this.timeout = timeout;
    }

    /// See [io.github.writeprobe.engine.Engine#follow].
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
                throw new EngineUnavailable(
                        DockerErrorMessages.timedOut(api.endpoint(), CALL, timeout));
            }
            while (true) {
                dispatch(signal, listener);
                signal = signals.take();
            }
        } finally {
            TimeLimiter.terminate(reader);
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

    /// Reads until the stream ends and passes on the reason, or until the caller interrupts.
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
                // Podman 4 sends its headers only with the first event. But it resends all events
                // since a given time, so the subscription counts as active from that time on.
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
                    new EngineUnavailable(
                            DockerErrorMessages.callFailed(api.endpoint(), CALL, e), e));
        } catch (Error e) {
            return new Signal.Failed(e);
        }
    }

    /// After the stream has begun, every I/O error counts as the end of the stream.
    private EngineUnavailable readEvents(HttpTransport.Stream stream, BlockingQueue<Signal> signals)
            throws InterruptedException {
        @Nullable IOException failure = null;
        try {
            JsonObjectStreamReader objects =
                    JsonObjectStreamReader.stream(stream.body(), MAX_EVENT_BYTES);
            Optional<JsonObjectStreamReader.Element> object = objects.next();
            Optional<Instant> lastTime = Optional.empty();
            while (object.isPresent()) {
                // An event without a time gets that of the previous event, by the engine's clock.
                // It is one nanosecond later, because two events never have the same time.
                Instant now = lastTime.map(at -> at.plusNanos(1)).orElseGet(Instant::now);
                Optional<Event> event = DockerEventParser.parse(object.get().json(), now);
                if (event.isPresent()) {
                    lastTime = Optional.of(event.get().at());
                    signals.put(new Signal.Received(event.get()));
                }
                object = objects.next();
            }
        } catch (JsonObjectStreamReader.Unreadable e) {
            return new EngineUnavailable(DockerErrorMessages.notAnEngine(api.endpoint(), CALL), e);
        } catch (IOException e) {
            failure = e;
        }
        String ended = DockerErrorMessages.streamEnded(api.endpoint());
        return failure == null
                ? new EngineUnavailable(ended)
                : new EngineUnavailable(ended, failure);
    }

    private static String path(Optional<Instant> since) throws IOException {
        String filters =
                URLEncoder.encode(
                        JSON.writeValueAsString(new TreeMap<>(DockerEventParser.FILTERS)), UTF_8);
        return "/events?filters="
                + filters
                + since.map(DockerEventStream::sinceParameter).orElse("");
    }

    /// One nanosecond earlier: Docker resends events of exactly the given time, but Podman does
    /// not.
    private static String sinceParameter(Instant since) {
        Instant before = since.isAfter(Instant.EPOCH) ? since.minusNanos(1) : Instant.EPOCH;
        return "&since=%d.%09d".formatted(before.getEpochSecond(), before.getNano());
    }
}

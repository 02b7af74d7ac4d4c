package io.github.writeprobe.docker;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Calls of one engine's API, each within its time.
///
/// @param timeout of a call for which none is given
record EngineCalls(Api api, Duration timeout) {
    EngineCalls {
        requireNonNull(api);
        requireNonNull(timeout);
    }

    /// @param what is called, for the message
    <T> T make(String what, Callable<T> work) throws EngineUnavailable, InterruptedException {
        return make(what, timeout, work);
    }

    <T> T make(String what, Duration limit, Callable<T> work)
            throws EngineUnavailable, InterruptedException {
        try {
            return Deadline.within(api.endpoint().workers(), limit, work);
        } catch (TimeoutException e) {
            throw new EngineUnavailable(EngineErrors.timedOut(api.endpoint(), what, limit), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineUnavailable known) {
                throw known;
            }
            if (e.getCause() instanceof HttpTransport.TooLong tooLong) {
                throw new EngineUnavailable(EngineErrors.tooLong(api.endpoint(), what), tooLong);
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new EngineUnavailable(EngineErrors.broken(api.endpoint(), what, cause), cause);
        }
    }

    /// Reads a list element by element, so that no more than one is in memory. To be called on a
    /// thread of this.
    ///
    /// @param reading is given each; it may throw
    /// @param maxBytes of one element that are read
    /// @return when the engine answered, by its clock
    Instant each(String what, String path, int maxBytes, Reading reading)
            throws IOException, EngineUnavailable {
        try (HttpTransport.Stream stream = api.open(what, path)) {
            Instant now = stream.date().orElseGet(Instant::now);
            JsonObjects elements = JsonObjects.array(stream.body(), maxBytes);
            Optional<JsonObjects.Element> element = elements.next();
            while (element.isPresent()) {
                reading.of(element.get(), now);
                element = elements.next();
            }
            return now;
        } catch (JsonObjects.Unreadable e) {
            throw new EngineUnavailable(EngineErrors.noEngine(api.endpoint(), what), e);
        }
    }

    /// What is made of each element of a list.
    interface Reading {
        /// @param now by the engine's clock
        void of(JsonObjects.Element element, Instant now) throws IOException, EngineUnavailable;
    }

    /// The JSON of an answer that has to be good.
    JsonNode expect(String what, EngineResponse answer) throws EngineUnavailable {
        if (!answer.ok()) {
            throw new EngineUnavailable(EngineErrors.refused(api.endpoint(), what, answer));
        }
        return answer.json();
    }
}

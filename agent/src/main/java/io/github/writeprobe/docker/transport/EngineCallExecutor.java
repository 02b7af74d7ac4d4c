package io.github.writeprobe.docker.transport;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Calls of one engine's API, each with a time limit.
///
/// @param timeout of a call without a time limit of its own
public record EngineCallExecutor(DockerApiClient api, Duration timeout) {
    public EngineCallExecutor {
        requireNonNull(api);
        requireNonNull(timeout);
    }

    /// @param call the name of the call, for error messages
    public <T> T execute(String call, Callable<T> work)
            throws EngineUnavailable, InterruptedException {
        return execute(call, timeout, work);
    }

    public <T> T execute(String call, Duration limit, Callable<T> work)
            throws EngineUnavailable, InterruptedException {
        try {
            return TimeLimiter.call(api.endpoint().threadBuilder(), limit, work);
        } catch (TimeoutException e) {
            throw new EngineUnavailable(
                    DockerErrorMessages.timedOut(api.endpoint(), call, limit), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineUnavailable known) {
                throw known;
            }
            if (e.getCause() instanceof HttpTransport.TooLong tooLong) {
                throw new EngineUnavailable(
                        DockerErrorMessages.tooLong(api.endpoint(), call), tooLong);
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new EngineUnavailable(
                    DockerErrorMessages.callFailed(api.endpoint(), call, cause), cause);
        }
    }

    /// Reads a list element by element, so that only one is in memory. Call it on a thread of
    /// [#execute].
    ///
    /// @param reader receives each element; it may throw
    /// @param maxBytes the number of bytes to read of one element
    /// @return the time of the answer, by the engine's clock
    public Instant forEachElement(String call, String path, int maxBytes, ElementReader reader)
            throws IOException, EngineUnavailable {
        try (HttpTransport.Stream stream = api.open(call, path)) {
            Instant now = stream.date().orElseGet(Instant::now);
            JsonObjectStreamReader elements = JsonObjectStreamReader.array(stream.body(), maxBytes);
            Optional<JsonObjectStreamReader.Element> element = elements.next();
            while (element.isPresent()) {
                reader.read(element.get(), now);
                element = elements.next();
            }
            return now;
        } catch (JsonObjectStreamReader.Unreadable e) {
            throw new EngineUnavailable(DockerErrorMessages.notAnEngine(api.endpoint(), call), e);
        }
    }

    /// Processes one element of a list.
    public interface ElementReader {
        /// @param now by the engine's clock
        void read(JsonObjectStreamReader.Element element, Instant now)
                throws IOException, EngineUnavailable;
    }

    /// The JSON of an answer that has to be successful.
    public JsonNode requireJson(String call, EngineResponse answer) throws EngineUnavailable {
        if (!answer.isOk()) {
            throw new EngineUnavailable(DockerErrorMessages.refused(api.endpoint(), call, answer));
        }
        return answer.json();
    }
}

package io.github.writeprobe.docker;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Calls of one engine's API, each within its time.
///
/// @param timeout of a call for which none is given
record Calls(Api api, Duration timeout) {
    Calls {
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
            throw new EngineUnavailable(Trouble.timedOut(api.endpoint(), what, limit), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineUnavailable known) {
                throw known;
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new EngineUnavailable(Trouble.broken(api.endpoint(), what, cause), cause);
        }
    }

    /// The JSON of an answer that has to be good.
    JsonNode expect(String what, Answer answer) throws EngineUnavailable {
        if (!answer.ok()) {
            throw new EngineUnavailable(Trouble.refused(api.endpoint(), what, answer));
        }
        return answer.json();
    }
}

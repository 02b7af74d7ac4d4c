package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.RestartLoop;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads from an engine's inspect whether a container is started again and again.
///
/// `RestartCount` counts what the restart policy did since somebody last started the container: who
/// starts it by hand twice has no restart. The kubelet makes new containers instead.
final class Restarts {
    private static final Set<String> NO_POLICY = Set.of("", "no", "none");

    private Restarts() {}

    /// @param now by the engine's clock, which may have no more than whole seconds
    static Optional<RestartLoop> of(JsonNode json, Instant now) {
        JsonNode state = json.path("State");
        int count = json.path("RestartCount").asInt(0);
        boolean policy =
                !NO_POLICY.contains(
                        json.path("HostConfig").path("RestartPolicy").path("Name").asText(""));
        if (!policy || count <= 0) {
            return Optional.empty();
        }
        if (state.path("Restarting").asBoolean(false)) {
            OptionalInt code =
                    state.path("ExitCode").isInt()
                            ? OptionalInt.of(state.path("ExitCode").asInt())
                            : OptionalInt.empty();
            return Optional.of(new RestartLoop(count, code, Optional.empty()));
        }
        if (!state.path("Running").asBoolean(false)) {
            return Optional.empty();
        }
        // In its own time, and not in ours: a container's clock is the engine's.
        Duration ahead = RestartLoop.SETTLED.minus(run(state, now));
        return ahead.isPositive()
                ? Optional.of(new RestartLoop(count, OptionalInt.empty(), Optional.of(ahead)))
                : Optional.empty();
    }

    /// How long it has run; not at all if the engine's clock was set back, or nobody can say.
    private static Duration run(JsonNode state, Instant now) {
        try {
            Instant started = Instant.parse(state.path("StartedAt").asText(""));
            return started.isBefore(now) ? Duration.between(started, now) : Duration.ZERO;
        } catch (DateTimeException unreadable) {
            return Duration.ZERO;
        }
    }
}

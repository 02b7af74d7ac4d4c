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
final class RestartLoopReader {
    private static final Set<String> NO_POLICY = Set.of("", "no", "none");

    private RestartLoopReader() {}

    /// @param now by the engine's clock, which may have no more than whole seconds
    static Optional<RestartLoop> of(JsonNode json, Instant now) {
        JsonNode state = json.path("State");
        int count = json.path("RestartCount").asInt(0);
        boolean hasPolicy =
                !NO_POLICY.contains(
                        json.path("HostConfig").path("RestartPolicy").path("Name").asText(""));
        if (!hasPolicy || count <= 0) {
            return Optional.empty();
        }
        if (state.path("Restarting").asBoolean(false)) {
            OptionalInt exitCode =
                    state.path("ExitCode").isInt()
                            ? OptionalInt.of(state.path("ExitCode").asInt())
                            : OptionalInt.empty();
            return Optional.of(new RestartLoop(count, exitCode, Optional.empty()));
        }
        if (!state.path("Running").asBoolean(false)) {
            return Optional.empty();
        }
        // In its own time, and not in ours: a container's clock is the engine's.
        Duration untilSettled = RestartLoop.SETTLED_AFTER.minus(uptime(state, now));
        return untilSettled.isPositive()
                ? Optional.of(
                        new RestartLoop(count, OptionalInt.empty(), Optional.of(untilSettled)))
                : Optional.empty();
    }

    /// How long it has run; not at all if the engine's clock was set back, or nobody can say.
    private static Duration uptime(JsonNode state, Instant now) {
        try {
            Instant started = Instant.parse(state.path("StartedAt").asText(""));
            return started.isBefore(now) ? Duration.between(started, now) : Duration.ZERO;
        } catch (DateTimeException unreadable) {
            return Duration.ZERO;
        }
    }
}

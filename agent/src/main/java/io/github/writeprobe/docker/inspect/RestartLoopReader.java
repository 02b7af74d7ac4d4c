package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.engine.RestartLoopStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads from an inspect whether a container restarts again and again.
///
/// `RestartCount` counts the restarts by the restart policy since the last manual start, so manual
/// starts are not restarts. The kubelet creates a new container for each restart.
final class RestartLoopReader {
    private static final Set<String> NO_POLICY = Set.of("", "no", "none");

    private RestartLoopReader() {}

    /// @param now by the engine's clock, possibly in whole seconds
    static Optional<RestartLoopStatus> of(JsonNode json, Instant now) {
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
            return Optional.of(new RestartLoopStatus(count, exitCode, Optional.empty()));
        }
        if (!state.path("Running").asBoolean(false)) {
            return Optional.empty();
        }
        // Both times are by the engine's clock.
        Duration untilSettled = RestartLoopStatus.SETTLED_AFTER.minus(uptime(state, now));
        return untilSettled.isPositive()
                ? Optional.of(
                        new RestartLoopStatus(
                                count, OptionalInt.empty(), Optional.of(untilSettled)))
                : Optional.empty();
    }

    /// How long the container has run; zero if the engine's clock was set back, or if the start
    /// time cannot be read.
    private static Duration uptime(JsonNode state, Instant now) {
        try {
            Instant started = Instant.parse(state.path("StartedAt").asText(""));
            return started.isBefore(now) ? Duration.between(started, now) : Duration.ZERO;
        } catch (DateTimeException unreadable) {
            return Duration.ZERO;
        }
    }
}

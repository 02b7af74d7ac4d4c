package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.engine.Engine.Action;
import io.github.writeprobe.engine.Engine.Event;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the container events that matter here.
///
/// Engines send more events than requested, so only the events listed here are used. Events about
/// execs are not among them. The fields `status` and `id` are for engines without `Action` and
/// `Actor`; API 1.52 has removed them.
///
/// @see <a
///   href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemEvents">the
///   API's description</a>
final class DockerEventParser {
    private static final Map<String, Action> ACTIONS =
            Map.of(
                    "start", Action.START,
                    "pause", Action.PAUSE,
                    "unpause", Action.UNPAUSE,
                    "rename", Action.RENAME,
                    "update", Action.UPDATE,
                    "die", Action.DIE,
                    "destroy", Action.DESTROY,
                    // Podman's own names. Its compatible API translates the first one, but not the
                    // second.
                    "died", Action.DIE,
                    "remove", Action.DESTROY);

    private static final String CONTAINER = "container";

    /// The year 10000. No real event is later.
    private static final long LAST_SECOND = 253_402_300_800L;

    /// Filters for the engine, which request these events and few others.
    static final Map<String, List<String>> FILTERS =
            Map.of(
                    "type",
                    List.of(CONTAINER),
                    "event",
                    ACTIONS.keySet().stream().sorted().toList());

    private DockerEventParser() {}

    /// Parses an event; empty if it does not matter.
    ///
    /// @param now the time for an event without one
    static Optional<Event> parse(JsonNode event, Instant now) {
        String type = event.path("Type").asText("");
        Action action = ACTIONS.get(firstText(event.path("Action"), event.path("status")));
        String id = firstText(event.path("Actor").path("ID"), event.path("id"));
        boolean isContainerEvent = type.equals(CONTAINER) || !event.hasNonNull("Type");
        return action != null && isContainerEvent && ContainerReferenceValidator.isValid(id)
                ? Optional.of(new Event(action, id, time(event).orElse(now)))
                : Optional.empty();
    }

    private static String firstText(JsonNode first, JsonNode second) {
        return first.isTextual() && !first.asText().isEmpty() ? first.asText() : second.asText("");
    }

    private static Optional<Instant> time(JsonNode event) {
        JsonNode nanos = event.path("timeNano");
        if (nanos.canConvertToLong() && nanos.asLong() > 0) {
            return Optional.of(Instant.ofEpochSecond(0, nanos.asLong()));
        }
        JsonNode seconds = event.path("time");
        return seconds.canConvertToLong() && seconds.asLong() > 0 && seconds.asLong() < LAST_SECOND
                ? Optional.of(Instant.ofEpochSecond(seconds.asLong()))
                : Optional.empty();
    }
}

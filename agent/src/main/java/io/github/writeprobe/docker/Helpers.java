package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// How the containers that writeprobe itself starts are known, whichever writeprobe it was.
///
/// Each says on a label how long it can live at most. Until then it belongs to somebody, and is
/// neither looked at nor touched. After that nobody needs it, and it is removed by whoever comes
/// by; so the label hides a container for minutes at most, whoever has put it there.
final class Helpers {
    static final String LABEL = "writeprobe.helper";
    static final String SECONDS = "writeprobe.helper.seconds";

    /// A helper is removed in this time after its time-out, or has lost who would.
    private static final Duration AFTERWARDS = Duration.ofSeconds(30);

    /// The longest time-out that can be configured is ten minutes.
    private static final Duration LONGEST = Duration.ofMinutes(10).plus(AFTERWARDS);

    private Helpers() {}

    /// @param timeout of what it is for
    static Map<String, String> labels(String purpose, Duration timeout) {
        long seconds = timeout.plusMillis(999).plus(AFTERWARDS).toSeconds();
        return Map.of(LABEL, purpose, SECONDS, Long.toString(seconds));
    }

    /// Whether it is a helper that somebody may need still.
    ///
    /// @param created by the engine's clock, like `now`
    static boolean live(JsonNode labels, Instant created, Instant now) {
        return end(labels, created).filter(now::isBefore).isPresent();
    }

    /// Whether it is a helper that nobody can need any more.
    static boolean left(JsonNode labels, Instant created, Instant now) {
        return end(labels, created).filter(end -> !now.isBefore(end)).isPresent();
    }

    /// Whether an event is about a helper. It carries the labels, but not the age.
    static boolean concerns(JsonNode attributes) {
        return attributes.hasNonNull(LABEL) && attributes.hasNonNull(SECONDS);
    }

    /// `Created` as the engine's list has it.
    static Instant listed(JsonNode entry) {
        return Instant.ofEpochSecond(
                Math.clamp(entry.path("Created").asLong(0), 0, Integer.MAX_VALUE * 2L));
    }

    /// `Created` as the engine's inspect has it; long ago if it cannot be read.
    static Instant inspected(JsonNode json) {
        try {
            return Instant.parse(json.path("Created").asText(""));
        } catch (DateTimeException unreadable) {
            return Instant.EPOCH;
        }
    }

    private static Optional<Instant> end(JsonNode labels, Instant created) {
        if (!concerns(labels)) {
            return Optional.empty();
        }
        try {
            long seconds = Long.parseLong(labels.path(SECONDS).asText(""));
            return Optional.of(created.plusSeconds(Math.clamp(seconds, 0, LONGEST.toSeconds())));
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }
}

package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.recommend.CloneEnvironment;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/// How what writeprobe itself makes on an engine is known, whichever writeprobe it was.
///
/// Each container says on a label how long it can live at most. Until then it belongs to somebody,
/// and is not touched. After that nobody needs it, and it is removed by whoever comes by. Whether
/// it has to be judged meanwhile is for [Exclusions] to say.
///
/// A volume or a network says until when it is needed: engines keep no time of a volume's making,
/// only that of its last change. Nothing is hidden by that.
final class ManagedResources {
    static final String LABEL = "writeprobe.helper";
    static final String SECONDS = "writeprobe.helper.seconds";
    static final String CLONE = "clone";
    static final String UNTIL = "writeprobe.helper.until";

    /// How all that writeprobe makes is called. Nothing that is called otherwise is ever removed.
    static final String PREFIX = "writeprobe-";

    /// A helper is removed in this time after its time-out, or has lost who would.
    private static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

    /// The longest time-out that can be configured, and the longest life of a clone.
    private static final Duration MAX_LIFETIME = CloneEnvironment.MAX_LIFETIME.plus(GRACE_PERIOD);

    private ManagedResources() {}

    /// @param timeout of what it is for
    static Map<String, String> labels(String purpose, Duration timeout) {
        long seconds = timeout.plusMillis(999).plus(GRACE_PERIOD).toSeconds();
        return Map.of(LABEL, purpose, SECONDS, Long.toString(seconds));
    }

    /// Of a volume or a network.
    ///
    /// @param now by the engine's clock
    static Map<String, String> labels(String purpose, Instant now, Duration life) {
        Instant until = now.plus(life).plus(GRACE_PERIOD).truncatedTo(ChronoUnit.SECONDS);
        return Map.of(LABEL, purpose, UNTIL, until.toString());
    }

    static boolean isClone(JsonNode labels) {
        return labels.path(LABEL).asText("").equals(CLONE);
    }

    /// Whether it is a volume or a network that nobody can need any more.
    static boolean isStale(String name, JsonNode labels, Instant now) {
        if (!name.startsWith(PREFIX) || !labels.hasNonNull(LABEL)) {
            return false;
        }
        try {
            return !now.isBefore(Instant.parse(labels.path(UNTIL).asText("")));
        } catch (DateTimeException notOurs) {
            return false;
        }
    }

    /// Whether it is a helper that somebody may need still.
    ///
    /// @param created by the engine's clock, like `now`
    static boolean isLive(JsonNode labels, Instant created, Instant now) {
        return expiry(labels, created).filter(now::isBefore).isPresent();
    }

    /// Whether it is a helper that nobody can need any more.
    static boolean isStale(JsonNode labels, Instant created, Instant now) {
        return expiry(labels, created).filter(expiry -> !now.isBefore(expiry)).isPresent();
    }

    private static boolean hasLabels(JsonNode labels) {
        return labels.hasNonNull(LABEL) && labels.hasNonNull(SECONDS);
    }

    /// `Created` as the engine's list has it.
    static Instant createdInList(JsonNode entry) {
        return Instant.ofEpochSecond(
                Math.clamp(entry.path("Created").asLong(0), 0, Integer.MAX_VALUE * 2L));
    }

    /// `Created` as the engine's inspect has it; long ago if it cannot be read.
    static Instant createdInInspect(JsonNode json) {
        try {
            return Instant.parse(json.path("Created").asText(""));
        } catch (DateTimeException unreadable) {
            return Instant.EPOCH;
        }
    }

    private static Optional<Instant> expiry(JsonNode labels, Instant created) {
        if (!hasLabels(labels)) {
            return Optional.empty();
        }
        try {
            long seconds = Long.parseLong(labels.path(SECONDS).asText(""));
            return Optional.of(
                    created.plusSeconds(Math.clamp(seconds, 0, MAX_LIFETIME.toSeconds())));
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }
}

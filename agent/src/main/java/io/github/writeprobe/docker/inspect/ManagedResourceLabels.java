package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.recommend.prove.CloneEnvironment;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/// Recognizes the resources that writeprobe creates on an engine, also those of another writeprobe
/// process.
///
/// A container's label says how long it may live. Until then it may be in use, and is not removed.
/// After that it is not needed any more, and the next writeprobe removes it. [ExclusionCheck]
/// decides whether it is judged meanwhile.
///
/// The label of a volume or network has the time until which it is needed: for volumes, engines
/// report no creation time, only that of the last change. These labels hide nothing from a report.
public final class ManagedResourceLabels {
    public static final String LABEL = "writeprobe.helper";
    static final String SECONDS = "writeprobe.helper.seconds";
    public static final String CLONE = "clone";
    static final String UNTIL = "writeprobe.helper.until";

    /// The prefix of all names that writeprobe gives. Only resources with this prefix are removed.
    public static final String PREFIX = "writeprobe-";

    /// A helper is removed within this time after its time-out. One that is older was abandoned.
    private static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

    /// The longest time-out that can be configured, and the longest life of a clone.
    private static final Duration MAX_LIFETIME = CloneEnvironment.MAX_LIFETIME.plus(GRACE_PERIOD);

    private ManagedResourceLabels() {}

    /// @param timeout of the container's task
    public static Map<String, String> labels(String purpose, Duration timeout) {
        long seconds = timeout.plusMillis(999).plus(GRACE_PERIOD).toSeconds();
        return Map.of(LABEL, purpose, SECONDS, Long.toString(seconds));
    }

    /// The labels of a volume or a network.
    ///
    /// @param now by the engine's clock
    public static Map<String, String> labels(String purpose, Instant now, Duration life) {
        Instant until = now.plus(life).plus(GRACE_PERIOD).truncatedTo(ChronoUnit.SECONDS);
        return Map.of(LABEL, purpose, UNTIL, until.toString());
    }

    public static boolean isClone(JsonNode labels) {
        return labels.path(LABEL).asText("").equals(CLONE);
    }

    /// Whether this is a volume or network that is not needed any more.
    public static boolean isStale(String name, JsonNode labels, Instant now) {
        if (!name.startsWith(PREFIX) || !labels.hasNonNull(LABEL)) {
            return false;
        }
        try {
            return !now.isBefore(Instant.parse(labels.path(UNTIL).asText("")));
        } catch (DateTimeException notOurs) {
            return false;
        }
    }

    /// Whether this is a helper that may still be in use.
    ///
    /// @param created by the engine's clock, like `now`
    static boolean isLive(JsonNode labels, Instant created, Instant now) {
        return expiry(labels, created).filter(now::isBefore).isPresent();
    }

    /// Whether this is a helper that is not needed any more.
    public static boolean isStale(JsonNode labels, Instant created, Instant now) {
        return expiry(labels, created).filter(expiry -> !now.isBefore(expiry)).isPresent();
    }

    private static boolean hasLabels(JsonNode labels) {
        return labels.hasNonNull(LABEL) && labels.hasNonNull(SECONDS);
    }

    /// `Created` from the engine's list.
    public static Instant createdInList(JsonNode entry) {
        return Instant.ofEpochSecond(
                Math.clamp(entry.path("Created").asLong(0), 0, Integer.MAX_VALUE * 2L));
    }

    /// `Created` from the engine's inspect; the epoch if it cannot be read.
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

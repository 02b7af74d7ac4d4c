package io.github.writeprobe.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations in a configuration: a whole number and one unit, `100ms`, `5s`, `15m`, `1h`.
public final class Durations {
    /// Nine digits are more than a week in milliseconds, and cannot overflow in any unit.
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private static final Map<String, ChronoUnit> UNITS = units();

    private Durations() {}

    private static Map<String, ChronoUnit> units() {
        Map<String, ChronoUnit> units = new LinkedHashMap<>();
        units.put("h", ChronoUnit.HOURS);
        units.put("m", ChronoUnit.MINUTES);
        units.put("s", ChronoUnit.SECONDS);
        units.put("ms", ChronoUnit.MILLIS);
        return units;
    }

    /// Empty if the text is not a duration.
    public static Optional<Duration> parse(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        ChronoUnit unit = UNITS.get(matcher.group(2));
        return Optional.ofNullable(unit).map(u -> Duration.of(Long.parseLong(matcher.group(1)), u));
    }

    /// In the largest unit that keeps the number whole; fractions of a millisecond are dropped.
    public static String render(Duration duration) {
        long millis = duration.toMillis();
        return UNITS.entrySet().stream()
                .filter(u -> millis % u.getValue().getDuration().toMillis() == 0)
                .map(u -> millis / u.getValue().getDuration().toMillis() + u.getKey())
                .findFirst()
                .orElseThrow();
    }
}

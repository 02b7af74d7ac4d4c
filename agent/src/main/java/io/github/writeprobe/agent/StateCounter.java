package io.github.writeprobe.agent;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Numbers the states of things as people see them.
///
/// Each pass brings new times, and a page that is made anew for each of these would be made without
/// end. So another time alone counts once in [#TIMES], and everything else at once.
final class StateCounter {
    private static final Duration TIMES = Duration.ofSeconds(10);

    private long number;
    private Optional<Report> seen = Optional.empty();
    private List<Object> essence = List.of();
    private long since;

    /// @param first of the numbers; another at each start, so that pages of an agent that has ended
    ///   are known to be old
    StateCounter(long first) {
        this.number = first;
    }

    /// @param report what is known now
    /// @param more what else is to be seen
    /// @param nanoTime like [System#nanoTime()]
    synchronized String of(Report report, Object more, long nanoTime) {
        List<Object> now = essence(report, more);
        boolean lateTimes = nanoTime - since > TIMES.toNanos() && !seen.equals(Optional.of(report));
        if (lateTimes || !now.equals(essence)) {
            number++;
            seen = Optional.of(report);
            essence = now;
            since = nanoTime;
        }
        return Long.toString(number, Character.MAX_RADIX);
    }

    /// All but times.
    private static List<Object> essence(Report report, Object more) {
        List<Object> parts = new ArrayList<>(List.of(report.engines(), more));
        report.containers().forEach(c -> parts.add(timeless(c)));
        return parts;
    }

    private static ContainerReport timeless(ContainerReport c) {
        return new ContainerReport(
                c.container(),
                c.verdict(),
                List.of(),
                c.paths(),
                c.findings(),
                c.unproved(),
                c.leftovers());
    }
}

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
/// end. So another time alone counts once in [#TIMES_INTERVAL], and everything else at once.
final class StateCounter {
    private static final Duration TIMES_INTERVAL = Duration.ofSeconds(10);

    private long number;
    private Optional<Report> lastReport = Optional.empty();
    private List<Object> lastState = List.of();
    private long changedAt;

    /// @param first of the numbers; another at each start, so that pages of an agent that has ended
    ///   are known to be old
    StateCounter(long first) {
        this.number = first;
    }

    /// @param report what is known now
    /// @param extra what else is to be seen
    /// @param nanoTime like [System#nanoTime()]
    synchronized String generation(Report report, Object extra, long nanoTime) {
        List<Object> state = withoutTimes(report, extra);
        boolean timesOutdated =
                nanoTime - changedAt > TIMES_INTERVAL.toNanos()
                        && !lastReport.equals(Optional.of(report));
        if (timesOutdated || !state.equals(lastState)) {
            number++;
            lastReport = Optional.of(report);
            lastState = state;
            changedAt = nanoTime;
        }
        return Long.toString(number, Character.MAX_RADIX);
    }

    /// All but times.
    private static List<Object> withoutTimes(Report report, Object extra) {
        List<Object> state = new ArrayList<>(List.of(report.engines(), extra));
        report.containers().forEach(c -> state.add(withoutTimes(c)));
        return state;
    }

    private static ContainerReport withoutTimes(ContainerReport c) {
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

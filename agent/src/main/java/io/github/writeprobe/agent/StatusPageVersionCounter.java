package io.github.writeprobe.agent;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Numbers the states of the status page, so that a client knows when there is something new.
///
/// Every cycle brings new times, and rendering the page for each of them would never stop. So a
/// change of times alone counts once in [#TIMES_INTERVAL], and any other change at once.
final class StatusPageVersionCounter {
    private static final Duration TIMES_INTERVAL = Duration.ofSeconds(10);

    private long number;
    private Optional<Report> lastReport = Optional.empty();
    private List<Object> lastState = List.of();
    private long changedAt;

    /// @param first the first number; it differs at each start, so that pages of an earlier process
    ///   are known to be old
    StatusPageVersionCounter(long first) {
        this.number = first;
    }

    /// @param report the current report
    /// @param extra what else the page shows
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

    /// The state without its times.
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

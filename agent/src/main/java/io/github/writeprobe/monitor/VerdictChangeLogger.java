package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.VerdictChange;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// Logs each change of a verdict or a finding once, and nothing while nothing changes.
final class VerdictChangeLogger {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.writeprobe.verdict");
    private static final Logger ENGINES = LoggerFactory.getLogger("io.github.writeprobe.engine");

    /// The last logged state of a container.
    ///
    /// @param findings all of them, which are the same list as long as nothing was judged again
    private record LoggedState(
            Verdict verdict, Set<String> activeFindings, List<Finding> findings) {
        static LoggedState of(ContainerReport report) {
            return new LoggedState(
                    report.verdict(),
                    report.activeFindings().stream()
                            .map(ContainerReportChange::words)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    report.findings());
        }

        boolean isOf(ContainerReport report) {
            return verdict == report.verdict() && findings.equals(report.findings());
        }

        boolean isSameAs(LoggedState other) {
            return verdict == other.verdict && activeFindings.equals(other.activeFindings);
        }
    }

    private final Map<Key, LoggedState> logged = new HashMap<>();
    private final VerdictChangeHistory history;
    private final InstantSource clock;

    /// @param history receives every logged change
    VerdictChangeLogger(VerdictChangeHistory history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    /// The engine belongs to the key: if one engine has two names, or a host was cloned, two
    /// containers have the same id.
    private record Key(String engine, String id) {
        static Key of(ContainerReport report) {
            return new Key(report.container().engine(), report.container().id());
        }
    }

    static boolean same(Optional<ContainerReport> a, Optional<ContainerReport> b) {
        return (a.isPresent() && b.isPresent())
                ? LoggedState.of(a.get()).isSameAs(LoggedState.of(b.get()))
                : (a.isEmpty() && b.isEmpty());
    }

    /// A container was judged. Logs it if the verdict, or a finding that is not waived, differs
    /// from before.
    void judged(ContainerReport report) {
        LoggedState before = logged.get(Key.of(report));
        if (before != null && before.isOf(report)) {
            return;
        }
        LoggedState now = LoggedState.of(report);
        logged.put(Key.of(report), now);
        if (before != null && now.isSameAs(before)) {
            return;
        }
        ContainerReportChange change =
                ContainerReportChange.since(
                        before == null ? Set.of() : before.activeFindings(), report);
        LoggingEventBuilder event =
                of(report, LOG.atLevel(level(change)))
                        .addKeyValue("before", before == null ? "new" : before.verdict().label())
                        .addKeyValue("after", now.verdict().label());
        event = listed(event, "findings", List.copyOf(now.activeFindings()));
        event = listed(event, "resolved", change.resolved());
        event = listed(event, "waived", change.waivers());
        event = listed(event, "actor", change.actors());
        listed(event, "evidence", change.evidence()).log(change.sentence());
        remember(
                report,
                before,
                now.verdict().label(),
                change.sentence(),
                List.copyOf(now.activeFindings()));
    }

    private void remember(
            ContainerReport report,
            @Nullable LoggedState before,
            String after,
            String sentence,
            List<String> findings) {
        Container container = report.container();
        history.add(
                new VerdictChange(
                        clock.instant(),
                        container.name(),
                        container.id(),
                        container.engine(),
                        before == null ? "new" : before.verdict().label(),
                        after,
                        sentence,
                        findings));
    }

    private static LoggingEventBuilder listed(
            LoggingEventBuilder event, String key, List<String> values) {
        return values.isEmpty() ? event : event.addKeyValue(key, values);
    }

    private static Level level(ContainerReportChange change) {
        return change.report().verdict() == Verdict.COMPLIANT && change.worstAdded().isEmpty()
                ? Level.INFO
                : Level.WARN;
    }

    private static LoggingEventBuilder of(ContainerReport report, LoggingEventBuilder event) {
        Container container = report.container();
        return event.addKeyValue("container", container.name())
                .addKeyValue("id", container.shortId())
                .addKeyValue("image", container.image())
                .addKeyValue("engine", container.engine());
    }

    /// Judges again what was logged before: a verdict may be out of date by now.
    void compare(List<ContainerReport> containers) {
        for (ContainerReport container : containers) {
            if (logged.containsKey(Key.of(container))) {
                judged(container);
            }
        }
    }

    void forget(String engine, String id) {
        logged.remove(new Key(engine, id));
    }

    void gone(ContainerReport report) {
        LoggedState before = logged.remove(Key.of(report));
        if (before != null) {
            of(report, LOG.atInfo())
                    .addKeyValue("before", before.verdict().label())
                    .addKeyValue("after", "gone")
                    .log("{} is gone", report.container().name());
            String name = report.container().name();
            remember(report, before, "gone", name + " is gone", List.of());
        }
    }

    void up(String host, String version, int containers) {
        ENGINES.atInfo()
                .addKeyValue("engine", host)
                .addKeyValue("version", version)
                .addKeyValue("containers", containers)
                .log("monitoring the engine");
    }

    /// The first cycle over an engine is complete.
    ///
    /// @param report contains this engine's containers, and possibly those of other engines
    void firstCycleCompleted(String host, Report report) {
        Map<Verdict, Long> counts =
                report.containers().stream()
                        .filter(c -> c.container().engine().equals(host))
                        .collect(
                                Collectors.groupingBy(
                                        ContainerReport::verdict, Collectors.counting()));
        long all = counts.values().stream().mapToLong(n -> n).sum();
        ENGINES.atInfo()
                .addKeyValue("engine", host)
                .log(
                        "first cycle completed: {} container{}, {} compliant, {} violating,"
                                + " {} unverified",
                        all,
                        all == 1 ? "" : "s",
                        counts.getOrDefault(Verdict.COMPLIANT, 0L),
                        counts.getOrDefault(Verdict.VIOLATING, 0L),
                        counts.getOrDefault(Verdict.UNVERIFIED, 0L));
    }

    /// The connection to a monitored engine is lost.
    void lost(String host, String trouble) {
        ENGINES.atWarn().addKeyValue("engine", host).log(trouble);
    }

    /// The first attempt to connect to an engine failed.
    void unreachable(String host, String trouble) {
        ENGINES.atError().addKeyValue("engine", host).log(trouble);
    }

    /// An engine is still down, but for another reason.
    void stillDown(String host, String trouble) {
        ENGINES.atInfo().addKeyValue("engine", host).log("still down: {}", trouble);
    }
}

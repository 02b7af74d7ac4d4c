package io.github.writeprobe.follow;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// Tells what has changed, once, and nothing of what has not.
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.writeprobe.verdict");
    private static final Logger ENGINES = LoggerFactory.getLogger("io.github.writeprobe.engine");

    /// What was told of a container.
    private record Told(Verdict verdict, Set<String> standing) {
        static Told of(ContainerReport report) {
            return new Told(
                    report.verdict(),
                    report.standing().stream()
                            .map(Journal::words)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    private final Map<Key, Told> told = new HashMap<>();

    /// Two names of one engine, or a machine that was cloned, make two containers of one id.
    private record Key(String engine, String id) {
        static Key of(ContainerReport report) {
            return new Key(report.container().engine(), report.container().id());
        }
    }

    static boolean same(Optional<ContainerReport> a, Optional<ContainerReport> b) {
        return a.map(Told::of).equals(b.map(Told::of));
    }

    private static String words(Finding finding) {
        return finding.kind().label() + " " + finding.path();
    }

    /// A container was judged: says so if the verdict, or a finding that stands, is another than
    /// before.
    void judged(ContainerReport report) {
        Told now = Told.of(report);
        Told before = told.put(Key.of(report), now);
        if (now.equals(before)) {
            return;
        }
        List<Finding> added =
                report.standing().stream()
                        .filter(f -> before == null || !before.standing().contains(words(f)))
                        .toList();
        List<String> resolved =
                before == null
                        ? List.of()
                        : before.standing().stream()
                                .filter(f -> !now.standing().contains(f))
                                .toList();
        LoggingEventBuilder event =
                of(report, LOG.atLevel(level(report.verdict())))
                        .addKeyValue("before", before == null ? "new" : before.verdict().label())
                        .addKeyValue("after", now.verdict().label());
        if (!now.standing().isEmpty()) {
            event = event.addKeyValue("findings", List.copyOf(now.standing()));
        }
        if (!resolved.isEmpty()) {
            event = event.addKeyValue("resolved", resolved);
        }
        List<String> evidence = evidence(report, added);
        if (!evidence.isEmpty()) {
            event = event.addKeyValue("evidence", evidence);
        }
        event.log(sentence(report, added, resolved));
    }

    private static String sentence(
            ContainerReport report, List<Finding> added, List<String> resolved) {
        String name = report.container().name() + " is " + report.verdict().label();
        if (report.verdict() == Verdict.VIOLATING && !added.isEmpty()) {
            return name + ": " + added.getFirst().message();
        }
        if (report.verdict() == Verdict.UNVERIFIED && !report.unproved().isEmpty()) {
            return name + ": " + report.unproved().getFirst();
        }
        return resolved.isEmpty() ? name : name + ", and no longer: " + String.join(", ", resolved);
    }

    private static List<String> evidence(ContainerReport report, List<Finding> added) {
        return Stream.concat(
                        added.stream()
                                .filter(f -> f.severity().atLeast(Severity.MEDIUM))
                                .flatMap(f -> f.evidence().stream()),
                        report.verdict() == Verdict.UNVERIFIED
                                ? report.unproved().stream()
                                : Stream.of())
                .distinct()
                .toList();
    }

    private static Level level(Verdict verdict) {
        return verdict == Verdict.COMPLIANT ? Level.INFO : Level.WARN;
    }

    private static LoggingEventBuilder of(ContainerReport report, LoggingEventBuilder event) {
        Container container = report.container();
        return event.addKeyValue("container", container.name())
                .addKeyValue("id", container.shortId())
                .addKeyValue("image", container.image())
                .addKeyValue("engine", container.engine());
    }

    /// What was told before may have grown old since.
    void compare(Report report) {
        report.containers().stream().filter(c -> told.containsKey(Key.of(c))).forEach(this::judged);
    }

    void forget(String engine, String id) {
        told.remove(new Key(engine, id));
    }

    void gone(ContainerReport report) {
        Told before = told.remove(Key.of(report));
        if (before != null) {
            of(report, LOG.atInfo())
                    .addKeyValue("before", before.verdict().label())
                    .addKeyValue("after", "gone")
                    .log("{} is gone", report.container().name());
        }
    }

    void up(String host, String version, int containers) {
        ENGINES.atInfo()
                .addKeyValue("engine", host)
                .addKeyValue("version", version)
                .addKeyValue("containers", containers)
                .log("following the engine");
    }

    void lost(String host, String trouble, boolean wasUp) {
        (wasUp ? ENGINES.atWarn() : ENGINES.atError()).addKeyValue("engine", host).log(trouble);
    }
}

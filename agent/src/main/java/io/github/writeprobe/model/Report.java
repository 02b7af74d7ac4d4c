package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The result of one cycle over the containers of some engines. It is immutable, and every output
/// is a view of it.
///
/// @param toolVersion the version of writeprobe
/// @param containers the worst first: by verdict, then by worst finding, then by name
public record Report(
        String toolVersion,
        List<EngineReport> engines,
        Instant startedAt,
        Duration duration,
        List<ContainerReport> containers) {
    private static final Comparator<Ranked> WORST_FIRST =
            Comparator.comparing((Ranked r) -> r.report().verdict())
                    .thenComparing(r -> r.worst().isEmpty())
                    .thenComparing(r -> r.worst().orElse(Severity.LOW))
                    .thenComparing(r -> r.report().container().name())
                    .thenComparing(r -> r.report().container().id());

    /// A container with its worst finding, which is looked up once for all comparisons.
    private record Ranked(ContainerReport report, Optional<Severity> worst) {}

    public Report {
        requireNonNull(toolVersion);
        engines = List.copyOf(engines);
        requireNonNull(startedAt);
        requireNonNull(duration);
        containers =
                containers.stream()
                        .map(c -> new Ranked(c, c.worstSeverity()))
                        .sorted(WORST_FIRST)
                        .map(Ranked::report)
                        .toList();
    }

    /// The number of containers with this verdict.
    public long count(Verdict verdict) {
        return containers.stream().filter(c -> c.verdict() == verdict).count();
    }

    /// The number of running containers that were not judged, and are not in [#containers()].
    public long excludedCount() {
        return engines.stream().mapToLong(engine -> engine.excluded().size()).sum();
    }

    /// The number of those that are excluded for this reason.
    public long excludedCount(ExcludedContainer.Reason reason) {
        return engines.stream().mapToLong(engine -> engine.excludedCount(reason)).sum();
    }

    /// The number of unwaived findings of each kind; kinds without a finding are not in the map.
    public Map<FindingKind, Integer> findingCounts() {
        Map<FindingKind, Integer> counts = new EnumMap<>(FindingKind.class);
        containers.forEach(
                c -> c.activeFindings().forEach(f -> counts.merge(f.kind(), 1, Integer::sum)));
        return counts;
    }

    /// The outcome of the run as a whole, which decides its exit code.
    ///
    /// @param failOn the lowest severity that fails the run
    public Outcome outcome(Severity failOn) {
        boolean failed =
                containers.stream()
                        .flatMap(c -> c.activeFindings().stream())
                        .anyMatch(f -> f.severity().isAtLeast(failOn));
        if (failed) {
            return Outcome.FAILED;
        }
        boolean doubt =
                engines.stream().anyMatch(e -> !e.isUp())
                        || containers.stream().anyMatch(c -> !c.unproved().isEmpty());
        return doubt ? Outcome.UNVERIFIED : Outcome.PASSED;
    }

    /// The outcome of a run.
    public enum Outcome {
        /// Every engine answered, everything was verified, and no finding has the given severity.
        PASSED,
        /// A finding has the given severity or a worse one.
        FAILED,
        /// No such finding, but something could not be verified.
        UNVERIFIED
    }
}

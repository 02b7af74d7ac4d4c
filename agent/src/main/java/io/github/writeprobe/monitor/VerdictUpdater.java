package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.RestartLoopStatus;
import io.github.writeprobe.engine.UnreadableContainerIds;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// Judges the containers of one engine, from what is declared and what the witnesses observed, and
/// passes the verdicts to the report board and the change log.
final class VerdictUpdater {
    static final String INSPECT_FAILED = "the engine could not inspect it: ";

    private final String host;
    private final MonitorContext context;
    private final Collection<TrackedContainer> containers;
    private final SharedVolumes sharedVolumes = new SharedVolumes();
    private Judge judge;
    private boolean hasUnreadable;

    /// @param containers a live view of all containers of the engine
    VerdictUpdater(
            String host,
            MonitorContext context,
            Collection<TrackedContainer> containers,
            Judge judge) {
        this.host = host;
        this.context = context;
        this.containers = containers;
        this.judge = judge;
    }

    /// The paths that policy has rules for in a container.
    List<String> pathsOf(Container container) {
        return judge.pathsToProbe(container);
    }

    /// Judges all containers again, because the date or the policy has changed.
    void judgeBy(Judge now) {
        judge = now;
        containers.forEach(this::judge);
    }

    /// Updates the declaration of a container. Other containers may share a volume with it now, or
    /// no longer.
    void declared(TrackedContainer container, Container declared) {
        Set<String> before = container.declared().map(SharedVolumes::sources).orElse(Set.of());
        container.declare(new LastInspectResult.Current(declared));
        judgeThoseThatShare(
                sharedVolumes.replace(before, SharedVolumes.sources(declared)), container);
        judge(container);
    }

    void remove(TrackedContainer container) {
        container
                .declared()
                .ifPresent(declared ->
                        judgeThoseThatShare(
                                sharedVolumes.replace(SharedVolumes.sources(declared), Set.of()),
                                container));
        container.report().ifPresent(context.changeLog()::gone);
        context.board().remove(host, container.id());
    }

    /// Reports a container that runs but of which nothing else is known, so that it is not missing
    /// from the report.
    ///
    /// @param reason why it is unverified
    void unread(TrackedContainer container, String reason) {
        Container unread = Container.unreadable(container.id(), container.name(), host);
        context.board().put(ContainerReport.unreadable(unread, reason), OptionalLong.empty());
    }

    /// Reports how many containers the engine lists without an id that can be read.
    void unreadable(int number) {
        if (number == 0 && hasUnreadable) {
            context.board().remove(host, UnreadableContainerIds.ID);
        }
        hasUnreadable = number > 0;
        UnreadableContainerIds.reports(host, number)
                .forEach(report -> context.board().put(report, OptionalLong.empty()));
    }

    void judge(TrackedContainer container) {
        container
                .declared()
                .ifPresent(declared -> {
                    LastProbeResults known = container.results();
                    ContainerReport report = judge(declared, known.latest());
                    if (known.silence().isPresent()) {
                        report = report.withFailedProbe(judge(declared, known.silence()));
                    }
                    report = UnwritableSinceUpdater.carryOver(container.report(), report);
                    report =
                            FindingActors.carryOver(
                                    container.report(), report, container.changedBy());
                    for (String doubt : doubts(container)) {
                        report = report.withUnproved(doubt);
                    }
                    container.report(report);
                    OptionalLong probedAt = probedAt(known);
                    ContainerReport shown = context.board().put(report, probedAt);
                    if (probedAt.isPresent()) {
                        context.changeLog().judged(shown);
                    }
                });
    }

    private static OptionalLong probedAt(LastProbeResults known) {
        return known.latest()
                .map(results -> OptionalLong.of(results.requestedAt()))
                .orElse(OptionalLong.empty());
    }

    /// The reasons why the container is unverified, whatever the witnesses observe.
    private static List<String> doubts(TrackedContainer container) {
        return Stream.of(
                        container.declaration().failure().map(why -> INSPECT_FAILED + why),
                        container.runState().restartLoop().map(RestartLoopStatus::message))
                .flatMap(Optional::stream)
                .toList();
    }

    /// The witnesses observed the same again.
    void confirm(TrackedContainer container) {
        LastProbeResults known = container.results();
        if (container.report().isPresent() && known.latest().isPresent()) {
            ContainerReport again =
                    container.report().get().withProbeResults(known.latest().get().all());
            container.report(again);
            context.board().confirm(again, probedAt(known));
        }
    }

    private ContainerReport judge(Container declared, Optional<TimestampedProbeResults> results) {
        return judge.judge(
                declared,
                results.map(TimestampedProbeResults::all).orElse(List.of()),
                sharedVolumes.shared());
    }

    private void judgeThoseThatShare(Set<String> sources, TrackedContainer but) {
        if (sources.isEmpty()) {
            return;
        }
        containers.stream()
                .filter(container -> container != but && shares(container, sources))
                .forEach(this::judge);
    }

    private static boolean shares(TrackedContainer container, Set<String> sources) {
        return container
                .declared()
                .filter(declared ->
                        SharedVolumes.sources(declared).stream().anyMatch(sources::contains))
                .isPresent();
    }
}

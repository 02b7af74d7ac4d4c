package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.RestartLoop;
import io.github.writeprobe.cycle.UnreadableContainers;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// What is made of the containers of one engine: from what is declared and what was heard to the
/// board and the journal. Belongs to the follower's thread.
final class VerdictUpdater {
    static final String UNINSPECTED = "the engine could not inspect it: ";

    private final String host;
    private final MonitorContext desk;
    private final Collection<TrackedContainer> containers;
    private final SharedVolumes shares = new SharedVolumes();
    private Judge judge;
    private boolean unreadable;

    /// @param containers all of the engine, as they come and go
    VerdictUpdater(
            String host,
            MonitorContext desk,
            Collection<TrackedContainer> containers,
            Judge judge) {
        this.host = host;
        this.desk = desk;
        this.containers = containers;
        this.judge = judge;
    }

    /// What policy asks about in a container.
    List<String> pathsOf(Container container) {
        return judge.pathsOf(container);
    }

    /// Another day, or another policy.
    void judgeBy(Judge now) {
        judge = now;
        containers.forEach(this::judge);
    }

    /// The engine has said what it declares. Others may share a volume with it now, or no longer.
    void declared(TrackedContainer container, Container declared) {
        Set<String> before = container.declared.map(SharedVolumes::sources).orElse(Set.of());
        container.declared = Optional.of(declared);
        rejudge(shares.replace(before, SharedVolumes.sources(declared)), container);
        judge(container);
    }

    void gone(TrackedContainer container) {
        container.declared.ifPresent(
                d -> rejudge(shares.replace(SharedVolumes.sources(d), Set.of()), container));
        container.report.ifPresent(desk.journal()::gone);
        desk.board().remove(host, container.id());
    }

    /// A container of which nothing is known but that it runs. It must not be invisible for that.
    ///
    /// @param name as the engine lists it; empty if nobody knows
    /// @param why a sentence
    void unknown(TrackedContainer unknown, String name, String why) {
        desk.board()
                .put(
                        ContainerReport.unread(Container.unread(unknown.id(), name, host), why),
                        OptionalLong.empty());
    }

    /// The engine lists so many containers without an id that can be read.
    void unreadable(int number) {
        if (number == 0 && unreadable) {
            desk.board().remove(host, UnreadableContainers.ID);
        }
        unreadable = number > 0;
        UnreadableContainers.reports(host, number)
                .forEach(report -> desk.board().put(report, OptionalLong.empty()));
    }

    /// Something new is known of a container.
    void judge(TrackedContainer container) {
        container.declared.ifPresent(declared -> {
            ContainerReport said = judge(declared, container.heard);
            ContainerReport report =
                    container.silence.isPresent()
                            ? said.butThen(judge(declared, container.silence))
                            : said;
            for (String doubt : doubts(container)) {
                report = report.doubted(doubt);
            }
            container.report = Optional.of(report);
            OptionalLong heardAt =
                    container.heard.map(h -> OptionalLong.of(h.at())).orElse(OptionalLong.empty());
            ContainerReport shown = desk.board().put(report, heardAt);
            if (heardAt.isPresent()) {
                desk.journal().judged(shown);
            }
        });
    }

    /// What the witnesses know nothing of.
    private static List<String> doubts(TrackedContainer container) {
        return Stream.of(
                        container.uninspected.map(why -> UNINSPECTED + why),
                        container.restarts.map(RestartLoop::sentence))
                .flatMap(Optional::stream)
                .toList();
    }

    /// What is known of it was seen again, and nothing is new.
    void confirm(TrackedContainer container) {
        if (container.report.isEmpty() || container.heard.isEmpty()) {
            return;
        }
        ContainerReport again =
                container.report.get().seenAgain(container.heard.get().testimonies());
        container.report = Optional.of(again);
        desk.board().put(again, OptionalLong.of(container.heard.get().at()));
    }

    private ContainerReport judge(Container declared, Optional<LastResults> heard) {
        return judge.judge(
                declared, heard.map(LastResults::testimonies).orElse(List.of()), shares.shared());
    }

    private void rejudge(Set<String> touched, TrackedContainer but) {
        if (touched.isEmpty()) {
            return;
        }
        for (TrackedContainer container : containers) {
            boolean concerned =
                    container != but
                            && container
                                    .declared
                                    .filter(d ->
                                            SharedVolumes.sources(d).stream()
                                                    .anyMatch(touched::contains))
                                    .isPresent();
            if (concerned) {
                judge(container);
            }
        }
    }
}

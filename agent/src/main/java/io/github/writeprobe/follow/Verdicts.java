package io.github.writeprobe.follow;

import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What is made of the containers of one engine: from what is declared and what was heard to the
/// board and the journal. Belongs to the follower's thread.
final class Verdicts {
    private final String host;
    private final Desk desk;
    private final Collection<Followed> containers;
    private final Shares shares = new Shares();
    private Judge judge;

    /// @param containers all of the engine, as they come and go
    Verdicts(String host, Desk desk, Collection<Followed> containers, Judge judge) {
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
    void declared(Followed container, Container declared) {
        Set<String> before = container.declared.map(Shares::sources).orElse(Set.of());
        container.declared = Optional.of(declared);
        rejudge(shares.replace(before, Shares.sources(declared)), container);
        judge(container);
    }

    void gone(Followed container) {
        container.declared.ifPresent(
                d -> rejudge(shares.replace(Shares.sources(d), Set.of()), container));
        container.report.ifPresent(desk.journal()::gone);
        desk.board().remove(host, container.id());
    }

    /// A container of which nothing is known but that it runs. It must not be invisible for that.
    void unknown(Followed unknown, String why) {
        Container container =
                new Container(
                        unknown.id(),
                        unknown.id(),
                        "",
                        host,
                        false,
                        false,
                        List.of(),
                        "",
                        false,
                        Set.of(),
                        false,
                        Map.of(),
                        0);
        ContainerReport report =
                new ContainerReport(
                        container,
                        Verdict.UNVERIFIED,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of("the engine could not inspect it: " + why),
                        List.of());
        desk.board().put(report, OptionalLong.empty());
    }

    /// Something new is known of a container.
    void judge(Followed container) {
        container.declared.ifPresent(declared -> {
            ContainerReport said = judge(declared, container.heard);
            ContainerReport report =
                    container.silence.isPresent()
                            ? said.butThen(judge(declared, container.silence))
                            : said;
            container.report = Optional.of(report);
            OptionalLong heardAt =
                    container.heard.map(h -> OptionalLong.of(h.at())).orElse(OptionalLong.empty());
            ContainerReport shown = desk.board().put(report, heardAt);
            if (heardAt.isPresent()) {
                desk.journal().judged(shown);
            }
        });
    }

    /// What is known of it was seen again, and nothing is new.
    void confirm(Followed container) {
        if (container.report.isEmpty() || container.heard.isEmpty()) {
            return;
        }
        ContainerReport again =
                container.report.get().seenAgain(container.heard.get().testimonies());
        container.report = Optional.of(again);
        desk.board().put(again, OptionalLong.of(container.heard.get().at()));
    }

    private ContainerReport judge(Container declared, Optional<Heard> heard) {
        return judge.judge(
                declared, heard.map(Heard::testimonies).orElse(List.of()), shares.shared());
    }

    private void rejudge(Set<String> touched, Followed but) {
        if (touched.isEmpty()) {
            return;
        }
        for (Followed container : containers) {
            boolean concerned =
                    container != but
                            && container
                                    .declared
                                    .filter(d ->
                                            Shares.sources(d).stream().anyMatch(touched::contains))
                                    .isPresent();
            if (concerned) {
                judge(container);
            }
        }
    }
}

package io.github.writeprobe.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountActor;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.trace.ChangeMaker;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which findings name who changed the mounts.
class FindingActorsTest {
    private static final String ID = "1".repeat(64);
    private static final MountActor FIRST = actor("the first change");
    private static final MountActor SECOND = actor("the second change");

    private static MountActor actor(String reason) {
        return new MountActor(new ChangeMaker.NotKnown(reason), ID);
    }

    private static Finding finding(FindingKind kind, String path) {
        return new Finding(
                kind, Severity.CRITICAL, path, "it is", "undo it", List.of(), Optional.empty());
    }

    private static ContainerReport report(Finding... findings) {
        return new ContainerReport(
                Container.unreadable(ID, "web", "unix:///one"),
                Verdict.VIOLATING,
                List.of(),
                List.of(),
                Arrays.asList(findings),
                List.of(),
                List.of());
    }

    private static ContainerReport after(
            Optional<ContainerReport> before, Optional<MountActor> changedBy, Finding... now) {
        return FindingActors.carryOver(before, report(now), changedBy);
    }

    @Test
    void aNewFindingAfterAChangeNamesWhoMadeIt() {
        ContainerReport now =
                after(
                        Optional.of(report()),
                        Optional.of(FIRST),
                        finding(FindingKind.DRIFT, "/"),
                        finding(FindingKind.UNDECLARED, "/x"),
                        finding(FindingKind.UNWRITABLE, "/y"));
        assertThat(now.findings())
                .allSatisfy(f -> {
                    assertThat(f.actor()).contains(FIRST);
                    assertThat(f.evidence()).containsExactly(FIRST.line());
                });
    }

    @Test
    void aFindingThatDoesNotComeFromAMountNamesNobody() {
        ContainerReport now =
                after(
                        Optional.of(report()),
                        Optional.of(FIRST),
                        finding(FindingKind.BYPASSABLE, "/"),
                        finding(FindingKind.EXPOSED, "/"));
        assertThat(now.findings()).allMatch(f -> f.actor().isEmpty());
    }

    @Test
    void aLaterChangeDoesNotTakeOverAnEarlierFinding() {
        ContainerReport first =
                after(Optional.of(report()), Optional.of(FIRST), finding(FindingKind.DRIFT, "/"));
        ContainerReport second =
                after(
                        Optional.of(first),
                        Optional.of(SECOND),
                        finding(FindingKind.DRIFT, "/"),
                        finding(FindingKind.DRIFT, "/data"));
        assertThat(second.findings().get(0).actor()).contains(FIRST);
        assertThat(second.findings().get(1).actor()).contains(SECOND);
        ContainerReport third =
                after(
                        Optional.of(second),
                        Optional.empty(),
                        finding(FindingKind.DRIFT, "/"),
                        finding(FindingKind.DRIFT, "/data"));
        assertThat(third.findings().get(0).actor()).contains(FIRST);
        assertThat(third.findings().get(1).actor()).contains(SECOND);
    }

    /// It was so before anybody listened.
    @Test
    void whatTheFirstReportFindsWasMadeByNobodyKnown() {
        Finding drift = finding(FindingKind.DRIFT, "/");
        ContainerReport first = after(Optional.empty(), Optional.of(FIRST), drift);
        assertThat(first.findings().getFirst().actor()).isEmpty();
        ContainerReport second = after(Optional.of(first), Optional.of(FIRST), drift);
        assertThat(second.findings().getFirst().actor()).isEmpty();
    }

    @Test
    void theLogSaysWhoMadeTheChange() {
        ContainerReport now =
                after(Optional.of(report()), Optional.of(FIRST), finding(FindingKind.DRIFT, "/"));
        ContainerReportChange change = ContainerReportChange.since(Set.of(), now);
        assertThat(change.actors()).containsExactly(FIRST.line());
        assertThat(change.sentence()).isEqualTo("web is violating: it is; " + FIRST.line());
    }
}

package io.github.writeprobe.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Since when a container cannot write where it should.
class UnwritableSinceUpdaterTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00.123Z");
    private static final WriteResult WRITABLE = new WriteResult.Writable();
    private static final WriteResult REFUSED = new WriteResult.Refused(Errno.EROFS, false, "");

    private static Instant minute(int n) {
        return NOON.plus(Duration.ofMinutes(n));
    }

    private static ContainerReport probed(int minute, ProbeIdentity identity, WriteResult write) {
        List<Finding> findings =
                write instanceof WriteResult.Refused
                        ? List.of(finding(FindingKind.UNWRITABLE), finding(FindingKind.EXECUTABLE))
                        : List.of(finding(FindingKind.EXECUTABLE));
        PathObservation observation =
                new PathObservation(
                        WitnessName.PROCFS,
                        identity,
                        OptionalInt.empty(),
                        "/data",
                        "/data",
                        write,
                        new FileExecutionResult.Untested(""));
        PathReport path =
                new PathReport(
                        "/data",
                        MountKind.VOLUME,
                        "/data",
                        "data",
                        Persistence.VOLUME,
                        Optional.of(true),
                        new Expectation(Expectation.Access.WRITABLE, false, "declared writable"),
                        Optional.empty(),
                        List.of(observation));
        return new ContainerReport(
                Container.unreadable("1".repeat(64), "web", "unix:///one"),
                Verdict.COMPLIANT,
                List.of(witness(minute, identity, Optional.empty())),
                List.of(path),
                findings,
                List.of(),
                List.of());
    }

    private static WitnessRun witness(
            int minute, ProbeIdentity identity, Optional<WriteResult.Inconclusive> trouble) {
        return new WitnessRun(
                WitnessName.PROCFS,
                identity,
                minute(minute),
                Duration.ofMillis(1),
                trouble,
                Optional.empty());
    }

    private static Finding finding(FindingKind kind) {
        return new Finding(
                kind, Severity.HIGH, "/data", "A message", "", List.of("seen"), Optional.empty());
    }

    private static ContainerReport service(int minute, WriteResult write) {
        return probed(minute, ProbeIdentity.SERVICE, write);
    }

    /// The reports of some probes, one after the other.
    private static ContainerReport last(ContainerReport... reports) {
        Optional<ContainerReport> last = Optional.empty();
        for (ContainerReport report : reports) {
            last = Optional.of(UnwritableSinceUpdater.carryOver(last, report));
        }
        return last.orElseThrow();
    }

    private static List<String> evidence(ContainerReport report) {
        return report.findings().getFirst().evidence();
    }

    @Test
    void aMountThatStoppedBeingWritableHasChanged() {
        ContainerReport report = last(service(0, WRITABLE), service(1, REFUSED));
        assertThat(evidence(report))
                .containsExactly(
                        "seen",
                        "changed: writable at 2026-11-30T12:00:00Z, refused at"
                                + " 2026-11-30T12:01:00Z");
        assertThat(report.findings().getFirst().onset().orElseThrow().found()).isEqualTo(minute(1));
    }

    @Test
    void laterProbesKeepTheTimeAndAnotherFaultHasAnother() {
        assertThat(
                        evidence(
                                last(
                                        service(0, WRITABLE),
                                        service(1, REFUSED),
                                        service(2, REFUSED),
                                        service(3, REFUSED))))
                .containsExactly(
                        "seen",
                        "changed: writable at 2026-11-30T12:00:00Z, refused at"
                                + " 2026-11-30T12:01:00Z");
        assertThat(evidence(last(service(1, REFUSED), service(2, WRITABLE), service(3, REFUSED))))
                .contains(
                        "changed: writable at 2026-11-30T12:02:00Z, refused at"
                                + " 2026-11-30T12:03:00Z");
    }

    /// It may have been so for long before the agent started.
    @Test
    void aMountThatNobodySawWritableMayHaveBeenSoForLonger() {
        assertThat(evidence(last(service(1, REFUSED))))
                .contains("refused since: 2026-11-30T12:01:00Z, or earlier");
        assertThat(evidence(last(probed(0, ProbeIdentity.ROOT, WRITABLE), service(1, REFUSED))))
                .contains("refused since: 2026-11-30T12:01:00Z, or earlier");
    }

    /// A report keeps the observations of the probe before a failed one.
    @Test
    void aFailedProbeIsNoTimeAtWhichItWasWritable() {
        ContainerReport failed =
                new ContainerReport(
                        service(1, WRITABLE).container(),
                        Verdict.UNVERIFIED,
                        List.of(
                                witness(
                                        1,
                                        ProbeIdentity.SERVICE,
                                        Optional.of(
                                                new WriteResult.Inconclusive(
                                                        InconclusiveCause.TIMED_OUT, "")))),
                        service(1, WRITABLE).paths(),
                        List.of(),
                        List.of("timed out"),
                        List.of());
        assertThat(evidence(last(service(0, WRITABLE), failed, service(2, REFUSED))))
                .contains("refused since: 2026-11-30T12:02:00Z, or earlier");
    }

    @Test
    void otherFindingsAreAsTheyAre() {
        ContainerReport report = last(service(0, WRITABLE), service(1, REFUSED));
        assertThat(report.findings().getLast()).isEqualTo(finding(FindingKind.EXECUTABLE));
    }
}

package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// When an audit names `doctor`.
class DoctorHintTest {
    private static final EngineReport UP =
            new EngineReport(Reports.LOCAL, "29.0", "1.52", List.of(), Optional.empty());

    private static String text(EngineReport engine, ContainerReport... containers) {
        return new DoctorHint(
                        new Report(
                                "0.1.0",
                                List.of(engine),
                                Reports.NOON,
                                Duration.ZERO,
                                List.of(containers)))
                .text();
    }

    private static ContainerReport container(
            Verdict verdict, WitnessName witness, InconclusiveCause cause, String detail) {
        ContainerReport report = new ContainerReportBuilder("web").readOnly().compliant();
        return new ContainerReport(
                report.container(),
                verdict,
                List.of(
                        new WitnessRun(
                                witness,
                                ProbeIdentity.SERVICE,
                                Reports.NOON,
                                Duration.ZERO,
                                Optional.of(new WriteResult.Inconclusive(cause, detail)),
                                Optional.empty())),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void nothingIsSaidIfNothingIsMissing() {
        assertThat(text(UP)).isEmpty();
        assertThat(text(UP, new ContainerReportBuilder("web").readOnly().compliant())).isEmpty();
    }

    @Test
    void whatRootWouldAddIsSaidEvenIfAllIsCompliant() {
        ContainerReport web =
                container(
                        Verdict.COMPLIANT,
                        WitnessName.PROCFS,
                        InconclusiveCause.UNREACHABLE,
                        "it needs root, or CAP_SYS_PTRACE");

        assertThat(text(UP, web, web))
                .isEqualTo(
                        "procfs, which needs no shell and sees every mount, was not used: it needs"
                                + " root, or CAP_SYS_PTRACE. See writeprobe doctor.");
    }

    @Test
    void anUnverifiedContainerOutOfReachLeadsToDoctor() {
        assertThat(
                        text(
                                UP,
                                container(
                                        Verdict.UNVERIFIED,
                                        WitnessName.EXEC,
                                        InconclusiveCause.NO_SHELL,
                                        "")))
                .contains("writeprobe doctor");
    }

    @Test
    void aContainerThatStoppedDoesNot() {
        assertThat(
                        text(
                                UP,
                                container(
                                        Verdict.UNVERIFIED,
                                        WitnessName.EXEC,
                                        InconclusiveCause.GONE,
                                        "")))
                .isEmpty();
    }

    @Test
    void anEngineThatDoesNotAnswerDoes() {
        assertThat(text(new EngineReport(Reports.LOCAL, "", "", List.of(), Optional.of("down"))))
                .contains("writeprobe doctor");
    }
}

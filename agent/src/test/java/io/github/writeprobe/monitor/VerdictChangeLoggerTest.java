package io.github.writeprobe.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WaiverNote;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the log contains when a verdict changes.
class VerdictChangeLoggerTest {
    private static final Finding DRIFT =
            finding(FindingKind.DRIFT, Severity.CRITICAL, "/", "The root filesystem was remounted");
    private static final Finding EXPOSED =
            finding(FindingKind.EXPOSED, Severity.HIGH, "/", "The root filesystem is writable");
    private static final Finding LATE =
            finding(
                    FindingKind.UNDECLARED,
                    Severity.MEDIUM,
                    "/late",
                    "The mount /late is not declared");

    private final Logged log = new Logged("verdict");
    private final VerdictChangeLogger journal =
            new VerdictChangeLogger(new VerdictChangeHistory(), java.time.Clock.systemUTC());

    @AfterEach
    void close() {
        log.close();
    }

    private static Finding finding(
            FindingKind kind, Severity severity, String path, String message) {
        return new Finding(
                kind, severity, path, message, "Fix it", List.of("seen"), Optional.empty());
    }

    private static Finding waived(Finding f, Optional<LocalDate> expires) {
        return new Finding(
                f.kind(),
                f.severity(),
                f.path(),
                f.message(),
                f.remedy(),
                f.evidence(),
                Optional.of(new WaiverNote("soon", "pay", expires)));
    }

    private static Finding waived(Finding finding) {
        return waived(finding, Optional.of(LocalDate.of(2026, 12, 1)));
    }

    private void judged(Verdict verdict, Finding... findings) {
        Container container =
                Container.builder("0".repeat(64), "web", "unix:///one")
                        .image("image")
                        .readonlyRootfs(true)
                        .build();
        journal.judged(
                new ContainerReport(
                        container,
                        verdict,
                        List.of(),
                        List.of(),
                        List.of(findings),
                        verdict == Verdict.UNVERIFIED ? List.of("no probe since 14:02") : List.of(),
                        List.of()));
    }

    private String last() {
        return log.lines().getLast();
    }

    @Test
    void whatBecomesWaivedIsNotResolved() {
        judged(Verdict.VIOLATING, EXPOSED);
        judged(Verdict.COMPLIANT, waived(EXPOSED));
        assertThat(last())
                .isEqualTo("INFO web is compliant: exposed / is waived by pay until 2026-12-01");
        assertThat(log.last("waived")).contains(List.of("exposed / by pay until 2026-12-01"));
        assertThat(log.last("resolved")).isEmpty();
        assertThat(log.last("findings")).isEmpty();
    }

    /// Nothing else is wrong with such a container, and health checks may stay green.
    @Test
    void aCompliantContainerThatCannotWriteIsAWarning() {
        Finding unwritable =
                finding(FindingKind.UNWRITABLE, Severity.HIGH, "/data", "The disk is read-only");
        judged(Verdict.COMPLIANT);
        judged(Verdict.COMPLIANT, unwritable);
        assertThat(last())
                .isEqualTo("WARN web is compliant, with a new finding: The disk is read-only");
        judged(Verdict.COMPLIANT);
        assertThat(last()).isEqualTo("INFO web is compliant; resolved: unwritable /data");
        judged(
                Verdict.COMPLIANT,
                finding(FindingKind.UNWRITABLE, Severity.LOW, "/data", "uid 1000 may not write"));
        assertThat(last()).isEqualTo("INFO web is compliant");
    }

    @Test
    void aWaiverWithoutALastDayNamesNone() {
        judged(Verdict.VIOLATING, EXPOSED);
        judged(Verdict.COMPLIANT, waived(EXPOSED, Optional.empty()));
        assertThat(last()).isEqualTo("INFO web is compliant: exposed / is waived by pay");
    }

    @Test
    void whatBecomesWaivedBesideWhatIsResolvedOrStandsIsToldApart() {
        judged(Verdict.VIOLATING, DRIFT, EXPOSED);
        judged(Verdict.COMPLIANT, waived(EXPOSED));
        assertThat(last())
                .isEqualTo(
                        "INFO web is compliant; resolved: drift /; exposed / is waived by pay"
                                + " until 2026-12-01");
        assertThat(log.last("resolved")).contains(List.of("drift /"));
        judged(Verdict.VIOLATING, EXPOSED, LATE);
        judged(Verdict.VIOLATING, waived(EXPOSED), LATE);
        assertThat(last())
                .isEqualTo("WARN web is violating; exposed / is waived by pay until 2026-12-01");
    }

    @Test
    void aWaiverThatEndsAddsItsFindingAgain() {
        judged(Verdict.COMPLIANT, waived(EXPOSED));
        judged(Verdict.VIOLATING, EXPOSED);
        assertThat(last()).isEqualTo("WARN web is violating: The root filesystem is writable");
    }

    @Test
    void aWaivedFindingThatIsMendedIsNoNews() {
        judged(Verdict.COMPLIANT, waived(EXPOSED));
        judged(Verdict.COMPLIANT);
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void resolvedFindingIsLoggedForAViolatingContainer() {
        judged(Verdict.VIOLATING, DRIFT);
        judged(Verdict.VIOLATING, EXPOSED);
        assertThat(last())
                .isEqualTo(
                        "WARN web is violating: The root filesystem is writable; resolved:"
                                + " drift /");
        judged(Verdict.UNVERIFIED);
        assertThat(last())
                .isEqualTo("WARN web is unverified: no probe since 14:02; resolved: exposed /");
    }

    @Test
    void theWorstOfWhatIsNewIsNamedAndNotOfWhatWasKnown() {
        judged(Verdict.VIOLATING, DRIFT);
        judged(Verdict.VIOLATING, LATE, DRIFT, EXPOSED);
        assertThat(last()).isEqualTo("WARN web is violating: The root filesystem is writable");
    }
}

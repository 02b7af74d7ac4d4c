package io.github.writeprobe.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.OtherMountNamespace;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The verdict if the `procfs` witness is inconclusive, and if it reports other mount namespaces.
class KernelSilenceTest {
    private static final WriteResult EROFS = new WriteResult.Refused(Errno.EROFS, false, "");

    private static JudgeCase execReadOnly() {
        return JudgeCase.readOnly().observed("/", EROFS);
    }

    @ParameterizedTest
    @EnumSource(
            value = InconclusiveCause.class,
            names = {"TIMED_OUT", "OUTPUT_CAPPED", "UNEXPECTED_ERROR", "NAMESPACE", "CHROOT"})
    void aFailedKernelProbeLeavesItUnverified(InconclusiveCause cause) {
        ContainerReport report = execReadOnly().kernelTrouble(cause).judge();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved()).anyMatch(u -> u.contains(cause.meaning()));
    }

    @Test
    void whereTheKernelIsUnreachableOtherWitnessesDecide() {
        assertThat(execReadOnly().judge().verdict()).isEqualTo(Verdict.COMPLIANT);
        assertThat(execReadOnly().kernelTrouble(InconclusiveCause.UNREACHABLE).judge().verdict())
                .isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void whatIsInconclusiveForTheKernelNoOtherWitnessProves() {
        ContainerReport report =
                execReadOnly()
                        .kernelObserved(
                                ProbeIdentity.ROOT,
                                0,
                                "/",
                                new WriteResult.Inconclusive(InconclusiveCause.TIMED_OUT, ""))
                        .judge();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    private static ContainerReport with(KernelFacts facts) {
        return execReadOnly()
                .kernelObserved(ProbeIdentity.ROOT, 0, "/", EROFS)
                .facts(facts)
                .judge();
    }

    @Test
    void aDoubtOfTheKernelsLeavesItUnverified() {
        ContainerReport report =
                with(KernelFacts.NONE.withOtherViews(List.of(), List.of("process 7 (x) hides")));
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved()).contains("process 7 (x) hides");
    }

    private static KernelFacts view(String line, WriteResult write) {
        var entry = MountTable.parse(line).entries().getFirst();
        PathObservation seen =
                new PathObservation(
                        WitnessName.PROCFS,
                        ProbeIdentity.ROOT,
                        OptionalInt.of(0),
                        entry.mountPoint(),
                        entry.mountPoint(),
                        write,
                        new FileExecutionResult.Untested(""));
        return KernelFacts.NONE.withOtherViews(
                List.of(
                        new OtherMountNamespace(
                                7, "x", List.of(new OtherMountNamespace.Mount(entry, seen)))),
                List.of());
    }

    @Test
    void whatAnotherProcessWritesWhereItIsDeclaredReadOnlyIsDrift() {
        ContainerReport report =
                with(view("300 299 0:1 / / rw - overlay overlay rw", new WriteResult.Writable()));
        Finding drift = report.findings().getFirst();
        assertThat(drift.kind()).isEqualTo(FindingKind.DRIFT);
        assertThat(drift.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(drift.message()).contains("process 7 (x)", "uid 0 wrote to /");
        assertThat(drift.evidence()).anyMatch(e -> e.contains("300 299 0:1 / / rw"));
    }

    /// A critical finding needs a successful write.
    @Test
    void whatIsWritableInTheMountTableOnlyIsUnverified() {
        ContainerReport report =
                with(
                        view(
                                "300 299 0:1 / / rw - overlay overlay rw",
                                new WriteResult.Inconclusive(InconclusiveCause.TIMED_OUT, "")));
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.findings()).noneMatch(f -> f.kind() == FindingKind.DRIFT);
    }

    @Test
    void whatIsMountedThereAndNowhereElseIsUndeclared() {
        ContainerReport report =
                with(view("301 299 0:77 / /mine rw - tmpfs tmpfs rw", new WriteResult.Writable()));
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
        assertThat(report.findings())
                .anyMatch(f ->
                        f.kind() == FindingKind.UNDECLARED
                                && f.path().equals("/mine")
                                && f.message().contains("process 7 (x)"));
    }

    /// The first process's own was unmounted.
    @Test
    void whatTheEngineMountedForAllIsUndeclaredNowhere() {
        String hosts = "301 299 0:78 /hosts /etc/hosts rw - ext4 /dev/sda rw";
        ContainerReport report =
                JudgeCase.writable()
                        .observed("/", JudgeCase.WRITABLE)
                        .kernelObserved(ProbeIdentity.ROOT, 0, "/", JudgeCase.WRITABLE)
                        .facts(view(hosts, new WriteResult.Writable()))
                        .judge();
        assertThat(report.findings()).noneMatch(f -> f.kind() == FindingKind.UNDECLARED);
        assertThat(with(view(hosts, new WriteResult.Writable())).findings())
                .anyMatch(f -> f.path().equals("/etc/hosts"));
    }
}

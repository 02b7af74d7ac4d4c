package io.github.writeprobe.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Diagnosis.Check;
import io.github.writeprobe.model.Diagnosis.State;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `doctor` says of the witnesses, from an audit's own results.
class WitnessChecksTest {
    private static WitnessRun works(WitnessName witness) {
        return report(witness, Optional.empty());
    }

    private static WitnessRun fails(WitnessName witness, InconclusiveCause cause) {
        return report(witness, Optional.of(new WriteResult.Inconclusive(cause, "detail")));
    }

    private static WitnessRun report(
            WitnessName witness, Optional<WriteResult.Inconclusive> trouble) {
        return new WitnessRun(
                witness,
                ProbeIdentity.SERVICE,
                Instant.EPOCH,
                Duration.ZERO,
                trouble,
                Optional.empty());
    }

    private static ContainerReport container(String name, WitnessRun... witnesses) {
        return new ContainerReport(
                Container.unreadable("a".repeat(64), name, "unix:///var/run/docker.sock"),
                Verdict.UNVERIFIED,
                Arrays.asList(witnesses),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static Check check(
            WitnessName witness, Optional<String> procfsUnavailable, ContainerReport... reports) {
        return of(
                witness,
                new WitnessChecks(List.of(reports), Optional.empty(), procfsUnavailable, false));
    }

    private static Check of(WitnessName witness, WitnessChecks checks) {
        return checks.checks().stream()
                .filter(c -> c.subject().equals(witness.label()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"EXEC", "PROCFS"})
    void aWitnessThatReachesEveryContainerWorks(WitnessName witness) {
        Check check =
                check(
                        witness,
                        Optional.empty(),
                        container("a", works(witness)),
                        container("b", works(witness)));

        assertThat(check.state()).isEqualTo(State.WORKS);
        assertThat(check.detail()).isEqualTo("probed 2 of 2 running containers");
        assertThat(check.remedy()).isEmpty();
    }

    @Test
    void theMostFrequentReasonComesFirstAndHasTheRemedy() {
        Check check =
                check(
                        WitnessName.EXEC,
                        Optional.empty(),
                        container("a", works(WitnessName.EXEC)),
                        container("b", fails(WitnessName.EXEC, InconclusiveCause.TIMED_OUT)),
                        container("c", fails(WitnessName.EXEC, InconclusiveCause.NO_SHELL)),
                        container("d", fails(WitnessName.EXEC, InconclusiveCause.NO_SHELL)));

        assertThat(check.state()).isEqualTo(State.LIMITED);
        assertThat(check.detail())
                .isEqualTo(
                        "probed 1 of 4 running containers; c, d: the image has no shell; b: the"
                                + " probe did not finish in time");
        assertThat(check.remedy()).contains("procfs").contains("root");
    }

    @Test
    void manyContainersWithOneReasonAreCounted() {
        ContainerReport[] reports =
                List.of("a", "b", "c", "d", "e").stream()
                        .map(n -> container(n, fails(WitnessName.EXEC, InconclusiveCause.NO_SHELL)))
                        .toArray(ContainerReport[]::new);

        Check check = check(WitnessName.EXEC, Optional.empty(), reports);

        assertThat(check.state()).isEqualTo(State.FAILS);
        assertThat(check.detail()).contains("a, b, c and 2 more: the image has no shell");
    }

    @Test
    void aContainerThatOnlyTheOtherWitnessProbedDoesNotCount() {
        Check check =
                check(
                        WitnessName.EXEC,
                        Optional.empty(),
                        container("a", works(WitnessName.PROCFS)));

        assertThat(check.state()).isEqualTo(State.FAILS);
        assertThat(check.detail()).isEqualTo("probed 0 of 1 running container");
    }

    @Test
    void procfsWithoutPrivilegesSaysWhichAreMissingAndWhatItWouldAdd() {
        Check check =
                check(
                        WitnessName.PROCFS,
                        Optional.of("it needs root, or CAP_SYS_PTRACE"),
                        container("a", fails(WitnessName.PROCFS, InconclusiveCause.UNREACHABLE)));

        assertThat(check.state()).isEqualTo(State.FAILS);
        assertThat(check.detail()).isEqualTo("it needs root, or CAP_SYS_PTRACE");
        assertThat(check.remedy()).contains("as root").contains("without a shell");
    }

    @Test
    void processesOutOfReachAreFoundInTheHostsPidNamespace() {
        Check check =
                check(
                        WitnessName.PROCFS,
                        Optional.empty(),
                        container("a", fails(WitnessName.PROCFS, InconclusiveCause.UNREACHABLE)));

        assertThat(check.remedy()).contains("--pid host");
    }

    @Test
    void withoutContainersNothingWasTried() {
        assertThat(check(WitnessName.EXEC, Optional.empty()).state()).isEqualTo(State.UNUSED);
        assertThat(check(WitnessName.PROCFS, Optional.empty()).state()).isEqualTo(State.UNUSED);
    }

    @Test
    void otherWitnessesThanTheSelectedOneAreNotUsed() {
        WitnessChecks checks =
                new WitnessChecks(
                        List.of(container("a", works(WitnessName.EXEC))),
                        Optional.of(WitnessName.EXEC),
                        Optional.of("it is not selected"),
                        true);

        assertThat(of(WitnessName.EXEC, checks).state()).isEqualTo(State.WORKS);
        assertThat(of(WitnessName.PROCFS, checks).state()).isEqualTo(State.UNUSED);
        assertThat(of(WitnessName.SIDECAR, checks).detail()).contains("not selected");
    }

    @Test
    void theSidecarIsTriedOnlyIfItIsSetUpAndNeeded() {
        ContainerReport probed = container("a", works(WitnessName.SIDECAR));

        assertThat(check(WitnessName.SIDECAR, Optional.empty(), probed).detail())
                .startsWith("not set up");
        assertThat(
                        of(
                                        WitnessName.SIDECAR,
                                        new WitnessChecks(
                                                List.of(probed),
                                                Optional.empty(),
                                                Optional.empty(),
                                                true))
                                .state())
                .isEqualTo(State.WORKS);
    }
}

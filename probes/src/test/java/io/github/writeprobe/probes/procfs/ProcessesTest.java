package io.github.writeprobe.probes.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.OwnPrivilegeCheck;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Parses procfs files about the credentials of a process.
class ProcessesTest {
    private static final IdMap SAME = IdMap.parse("         0          0 4294967295\n");
    private static final IdMap REMAPPED = IdMap.parse("         0     100000      65536\n");
    private static final long DAC_OVERRIDE = 1L << 1;
    private static final long SYS_ADMIN = 1L << 21;

    private static Optional<ProcessStatus> status(String capabilities) {
        return ProcessStatus.parse(
                """
                Name:\tredis-server
                Umask:\t0077
                PPid:\t77
                Uid:\t1\t2\t3\t999
                Gid:\t4\t5\t6\t998
                Groups:\t998 2000\s
                CapEff:\t%s
                CapBnd:\t00000000a80425fb
                """
                        .formatted(capabilities));
    }

    @Test
    void theIdsForFilesAreTheLastOfFour() {
        ProcessStatus status = status("0000000000200002").orElseThrow();
        assertThat(status.uid()).isEqualTo(999);
        assertThat(status.gid()).isEqualTo(998);
        assertThat(status.groups()).containsExactly(998, 2000);
        assertThat(status.effective()).isEqualTo(DAC_OVERRIDE | SYS_ADMIN);
        assertThat(status.boundingSet()).isEqualTo(0xa80425fbL);
    }

    @Test
    void malformedProcessStatusIsEmpty() {
        assertThat(status("none")).isEmpty();
        assertThat(ProcessStatus.parse("")).isEmpty();
        assertThat(ProcessStatus.parse("Uid:\t0\t0\n")).isEmpty();
    }

    @Test
    void theServiceHasWhatItsProcessHasAndRootWhatItMayHave() {
        ProcessStatus status = status("0000000000200002").orElseThrow();
        FileAccessCredentials service =
                FileAccessCredentials.of(ProbeIdentity.SERVICE, status, SAME, SAME).orElseThrow();
        assertThat(service)
                .isEqualTo(
                        new FileAccessCredentials(
                                OptionalInt.of(999),
                                999,
                                998,
                                List.of(998, 2000),
                                DAC_OVERRIDE,
                                false));
        FileAccessCredentials root =
                FileAccessCredentials.of(ProbeIdentity.ROOT, status, SAME, SAME).orElseThrow();
        assertThat(root.uid()).isZero();
        assertThat(root.groups()).containsExactly(0);
        assertThat(root.mayOverridePermissions()).isTrue();
        assertThat(root.withoutCapabilities().mayOverridePermissions()).isFalse();
    }

    @Test
    void inAnotherUserNamespaceIdsAreTheMachines() {
        ProcessStatus status =
                ProcessStatus.parse(
                                """
                                Name:\tsh
                                PPid:\t77
                                Uid:\t100000\t100000\t100000\t100000
                                Gid:\t100000\t100000\t100000\t100000
                                Groups:\t
                                CapEff:\t0000000000000002
                                CapBnd:\t0000000000000002
                                """)
                        .orElseThrow();
        FileAccessCredentials service =
                FileAccessCredentials.of(ProbeIdentity.SERVICE, status, REMAPPED, REMAPPED)
                        .orElseThrow();
        assertThat(service.containerUid()).hasValue(0);
        assertThat(service.uid()).isEqualTo(100_000);
        assertThat(service.inOtherUserNamespace()).isTrue();
        assertThat(FileAccessCredentials.of(ProbeIdentity.ROOT, status, REMAPPED, REMAPPED))
                .hasValue(service);
    }

    @Test
    void unmappedIdIsEmpty() {
        assertThat(REMAPPED.toContainerId(99_999)).isEmpty();
        assertThat(REMAPPED.toContainerId(165_536)).isEmpty();
        assertThat(REMAPPED.toContainerId(165_535)).hasValue(65_535);
        assertThat(REMAPPED.toHostId(65_536)).isEmpty();
        assertThat(SAME.toHostId(-2)).hasValue(-2);
        IdMap nobody = IdMap.parse("nonsense\n1 x 2\n");
        assertThat(nobody.isIdentityMapping()).isFalse();
        ProcessStatus status = status("0").orElseThrow();
        assertThat(FileAccessCredentials.of(ProbeIdentity.ROOT, status, nobody, nobody)).isEmpty();
        assertThat(
                        FileAccessCredentials.of(ProbeIdentity.SERVICE, status, nobody, nobody)
                                .orElseThrow()
                                .containerUid())
                .isEmpty();
    }

    @Test
    void missingCapabilitiesAreNamed() {
        LinuxSyscalls kernel = new LinuxSyscalls(Abi.detect().orElseThrow());
        assertThat(
                        OwnPrivilegeCheck.missingToProbe(
                                kernel, status("0000000000000082").orElseThrow()))
                .hasValue(
                        "it needs root, or CAP_SYS_PTRACE, CAP_DAC_OVERRIDE, CAP_SETUID,"
                                + " CAP_SETGID; missing: CAP_SYS_PTRACE, CAP_SETGID");
        assertThat(
                        OwnPrivilegeCheck.missingToProbe(
                                kernel, status("00000000000800c2").orElseThrow()))
                .isEmpty();
        assertThat(ProcfsWitness.unavailable("why").unavailableReason()).hasValue("why");
    }
}

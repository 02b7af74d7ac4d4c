package io.github.writeprobe.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Diagnosis.Check;
import io.github.writeprobe.model.Diagnosis.State;
import io.github.writeprobe.probes.kernel.HostFacts;
import io.github.writeprobe.probes.kernel.HostFacts.Cgroups;
import io.github.writeprobe.probes.kernel.HostFacts.Namespace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostChecksTest {
    private static HostFacts facts(String release, Namespace namespace, String label) {
        return new HostFacts(release, namespace, namespace, Cgroups.V2, label, true);
    }

    private static Check check(String subject, HostFacts facts) {
        return HostChecks.of(facts).stream()
                .filter(c -> c.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRecentHostHasNothingToMend() {
        List<Check> checks = HostChecks.of(facts("6.12.1", Namespace.INITIAL, "unconfined"));

        assertThat(checks).allMatch(c -> c.state() == State.WORKS && c.remedy().isEmpty());
    }

    @Test
    void withoutProcfsNothingElseIsChecked() {
        List<Check> checks = HostChecks.of(facts("", Namespace.UNKNOWN, ""));

        assertThat(checks).hasSize(1);
        assertThat(checks.getFirst().state()).isEqualTo(State.FAILS);
        assertThat(checks.getFirst().remedy()).contains("mount -t proc proc /proc");
    }

    @ParameterizedTest
    @CsvSource({"5.4.0, FAILS, 5.8 or later", "5.15.0, LIMITED, overlayfs", "6.1.0, WORKS, Linux"})
    void anOldKernelIsNamedWithWhatItLacks(String release, State state, String detail) {
        Check kernel = check("kernel", facts(release, Namespace.INITIAL, ""));

        assertThat(kernel.state()).isEqualTo(state);
        assertThat(kernel.detail()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource({"PID namespace, --pid host", "user namespace, --userns host"})
    void anotherNamespaceIsLeftWithOneOption(String subject, String option) {
        Check namespace = check(subject, facts("6.12.1", Namespace.OTHER, ""));

        assertThat(namespace.state()).isEqualTo(State.LIMITED);
        assertThat(namespace.remedy()).contains(option);
    }

    @ParameterizedTest
    @CsvSource({
        "docker-default (enforce), LIMITED, apparmor=unconfined",
        "'system_u:system_r:container_t:s0:c1,c2', LIMITED, label=disable",
        "'unconfined_u:unconfined_r:unconfined_t:s0', WORKS, ''",
        "unconfined, WORKS, ''",
    })
    void aProfileForContainersIsALimit(String label, State state, String option) {
        Check module = check("security module", facts("6.12.1", Namespace.INITIAL, label));

        assertThat(module.state()).isEqualTo(state);
        assertThat(module.remedy()).contains(option);
    }
}

package io.github.writeprobe.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerPolicyRuleTest {
    @Test
    void theDefaultRuleWantsAReadOnlyRootOfEveryContainerAndNothingElse() {
        assertThat(ContainerPolicyRule.DEFAULT.rootfs()).isEqualTo(Access.READ_ONLY);
        assertThat(ContainerPolicyRule.DEFAULT.writable()).isEmpty();
        assertThat(ContainerPolicyRule.DEFAULT.noexec()).isEmpty();
        assertThat(
                        ContainerPolicyRule.DEFAULT
                                .match()
                                .matches(Containers.labelled("a", "b", Map.of())))
                .isTrue();
    }

    @Test
    void theDefaultPolicyHasNeitherRulesNorWaiversAndDistrustsLabels() {
        assertThat(Policy.DEFAULT)
                .isEqualTo(new Policy(Severity.HIGH, false, List.of(), List.of()));
    }

    @Test
    void laterChangesOfTheListsAreNotSeen() {
        List<String> writable = new ArrayList<>(List.of("/data"));
        List<String> noexec = new ArrayList<>(List.of("/tmp"));
        ContainerPolicyRule rule =
                new ContainerPolicyRule(
                        "r",
                        ContainerSelector.ANY,
                        Access.READ_ONLY,
                        Optional.of(writable),
                        noexec);

        writable.add("/etc");
        noexec.clear();

        assertThat(rule.writable()).contains(List.of("/data"));
        assertThat(rule.noexec()).containsExactly("/tmp");
    }
}

package io.github.writeprobe.policy;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Severity;
import java.util.List;

/// What an operator requires of containers.
///
/// @param failOn the lowest severity of a finding that fails a run
/// @param honourLabels whether a container may waive its own findings by `writeprobe.*` labels
/// @param rules the first rule that matches a container applies; if none matches,
///   [ContainerPolicyRule#DEFAULT]
public record Policy(
        Severity failOn,
        boolean honourLabels,
        List<ContainerPolicyRule> rules,
        List<Waiver> waivers) {
    public static final Policy DEFAULT = new Policy(Severity.HIGH, false, List.of(), List.of());

    public Policy {
        requireNonNull(failOn);
        rules = List.copyOf(rules);
        waivers = List.copyOf(waivers);
    }
}

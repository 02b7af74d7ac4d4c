package io.github.writeprobe.cri.inspect;

import io.github.writeprobe.engine.Engine.Inspected;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A container of a pod as the subject of a recommendation.
///
/// The kubelet keeps its probes to itself, so it counts as having no health check. The `VOLUME`s of
/// its image are mounts of it.
final class PodProposalTargetReader {
    private PodProposalTargetReader() {}

    static ProposalTarget of(Inspected inspected, Optional<Instant> created, RuntimeSpec spec) {
        return new ProposalTarget(
                inspected.container(),
                environment(spec.environment()),
                spec.command(),
                Set.of(),
                spec.workingDirectory(),
                false,
                Map.of(),
                Optional.of(spec.uid()),
                Optional.of(spec.gid()),
                new ProposalTarget.State(
                        inspected.restarts().isPresent(), created, Set.of(), List.of(), Set.of()));
    }

    private static Map<String, String> environment(List<String> variables) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String variable : variables) {
            int equals = variable.indexOf('=');
            environment.put(
                    equals < 0 ? variable : variable.substring(0, equals),
                    equals < 0 ? "" : variable.substring(equals + 1));
        }
        return environment;
    }
}

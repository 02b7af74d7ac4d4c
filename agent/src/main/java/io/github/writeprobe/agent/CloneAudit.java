package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probing.WitnessRunner;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/// Audits a read-only clone. That a service works in the clone does not prove that its read-only
/// mounts refuse writes.
final class CloneAudit {
    private final WitnessRunner witnesses;
    private final Judge judge;

    CloneAudit(Configuration configuration, Engine engine, ProcfsWitness procfs, LocalDate today) {
        this.witnesses = new WitnessRunner(configuration.probe().settings(), engine, procfs);
        this.judge = new Judge(configuration.policy(), today);
    }

    /// Messages of the drift findings. Other findings existed before, and are not caused by the
    /// proposal.
    List<String> driftMessages(ProposalTarget clone)
            throws EngineUnavailable, InterruptedException {
        Container container = clone.container();
        List<String> paths = witnesses.paths(container, judge.pathsToProbe(container));
        return judge
                .judge(container, witnesses.probe(container, paths).all(), Set.of())
                .findings()
                .stream()
                .filter(f -> f.kind() == FindingKind.DRIFT)
                .map(Finding::message)
                .toList();
    }
}

package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WitnessReport;
import io.github.writeprobe.policy.LabelPolicy;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.policy.Rule;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Says what was found about a container, under a policy.
public final class Judge {
    private static final Comparator<Finding> WORST_FIRST =
            Comparator.comparing(Finding::waived)
                    .thenComparing(Finding::severity)
                    .thenComparing(Finding::path)
                    .thenComparing(Finding::kind);

    private final Policy policy;
    private final LocalDate today;

    /// @param today decides which waivers have expired
    public Judge(Policy policy, LocalDate today) {
        this.policy = policy;
        this.today = today;
    }

    /// @param heard what each witness said; none of them saying anything makes the container
    ///   unverified
    /// @param shared names of volumes and host paths that more than one container of the engine
    ///   mounts
    public ContainerReport judge(Container container, List<ProbeResult> heard, Set<String> shared) {
        List<ProbeResult> testimonies = heard.stream().map(Judge::readable).toList();
        JudgedContainer scene =
                new MountSurvey(container, rule(container), testimonies, shared).scene();
        ReadOnlyFindings readOnly = new ReadOnlyFindings(scene);
        UndeclaredFindings undeclared = new UndeclaredFindings(scene);
        UseFindings use = new UseFindings(scene);
        OtherViewFindings otherViews = new OtherViewFindings(scene);
        List<Finding> findings =
                new Waivers(policy, container, today)
                                .apply(
                                        Stream.of(
                                                        readOnly.all(),
                                                        undeclared.all(),
                                                        use.all(),
                                                        otherViews.all(),
                                                        new Contradictions(scene).all())
                                                .flatMap(s -> s)
                                                .toList())
                                .stream()
                                .sorted(WORST_FIRST)
                                .toList();
        List<String> unproved = unproved(scene, readOnly, undeclared, use, otherViews);
        return new ContainerReport(
                container,
                verdict(findings, unproved),
                testimonies.stream().map(WitnessReport::of).toList(),
                scene.paths(),
                findings,
                unproved,
                testimonies.stream().flatMap(t -> t.leftovers().stream()).toList());
    }

    private static Verdict verdict(List<Finding> findings, List<String> unproved) {
        boolean violating =
                findings.stream()
                        .anyMatch(f -> !f.waived() && f.severity().atLeast(Severity.MEDIUM));
        if (violating) {
            return Verdict.VIOLATING;
        }
        return unproved.isEmpty() ? Verdict.COMPLIANT : Verdict.UNVERIFIED;
    }

    /// When no witness could say anything, that is the one sentence that counts. It stands even
    /// where nothing has to be read-only: without a mount table nobody knows what else is mounted.
    private static List<String> unproved(
            JudgedContainer scene,
            ReadOnlyFindings readOnly,
            UndeclaredFindings undeclared,
            UseFindings use,
            OtherViewFindings otherViews) {
        boolean heard = scene.testimonies().stream().anyMatch(t -> t.trouble().isEmpty());
        if (!heard) {
            return List.of(
                    "nothing could be probed: "
                            + scene.testimonies().stream()
                                    .flatMap(t -> t.trouble().stream())
                                    .map(FindingWords::trouble)
                                    .distinct()
                                    .reduce((a, b) -> a + "; " + b)
                                    .orElse("no witness was asked yet"));
        }
        if (scene.testimonies().stream().allMatch(t -> t.mounts().entries().isEmpty())) {
            return List.of("the container's mount table could not be read");
        }
        if (scene.rootfs().kind() != MountKind.ROOTFS) {
            return List.of("a mount lies over the root filesystem, which no witness can see past");
        }
        return Stream.of(
                        KernelDoubts.of(scene.testimonies()),
                        otherViews.unproved(),
                        readOnly.unproved(),
                        undeclared.unproved(),
                        use.unproved())
                .flatMap(List::stream)
                .toList();
    }

    /// Of a table that was not read to its end nobody knows on which mount a path lies, so nothing
    /// that goes with it counts.
    private static ProbeResult readable(ProbeResult t) {
        return t.mounts().entries().size() < MountTable.MOST
                ? t
                : ProbeResult.none(
                        t.witness(),
                        t.identity(),
                        t.at(),
                        t.took(),
                        new Write.Inconclusive(
                                Cause.OUTPUT_CAPPED,
                                "its mount table has " + MountTable.MOST + " entries or more"));
    }

    private Rule rule(Container container) {
        Rule rule =
                policy.rules().stream()
                        .filter(r -> r.match().matches(container))
                        .findFirst()
                        .orElse(Rule.DEFAULT);
        List<String> asked =
                policy.honourLabels() ? LabelPolicy.writable(container.labels()) : List.of();
        return asked.isEmpty() ? rule : rule.alsoWritable(asked);
    }

    /// What a policy asks about besides the configured paths: where a rule speaks of a path, it is
    /// probed.
    public List<String> pathsOf(Container container) {
        Rule rule = rule(container);
        return Stream.concat(rule.noexec().stream(), rule.writable().stream().flatMap(List::stream))
                .toList();
    }
}

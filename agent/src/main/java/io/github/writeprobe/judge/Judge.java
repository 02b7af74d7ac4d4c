package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.policy.LabelPolicy;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Compares what witnesses observed in a container with its declaration and the policy.
public final class Judge {
    private static final Comparator<Finding> WORST_FIRST =
            Comparator.comparing(Finding::isWaived)
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

    /// @param probeResults the results of all witnesses; if none has an observation, the container
    ///   is unverified
    /// @param shared names of volumes and host paths that more than one container of the engine
    ///   mounts
    public ContainerReport judge(
            Container container, List<ProbeResult> probeResults, Set<String> shared) {
        List<ProbeResult> results = probeResults.stream().map(Judge::withReadableMounts).toList();
        JudgingInput judged =
                new JudgingInputBuilder(container, rule(container), results, shared)
                        .judgedContainer();
        ReadOnlyFindings readOnly = new ReadOnlyFindings(judged);
        UndeclaredFindings undeclared = new UndeclaredFindings(judged);
        ExecutableFindings executable = new ExecutableFindings(judged);
        OtherMountNamespaceFindings otherViews = new OtherMountNamespaceFindings(judged);
        List<Finding> findings =
                new Waivers(policy, container, today)
                                .apply(
                                        Stream.of(
                                                        readOnly.findings(),
                                                        undeclared.findings(),
                                                        executable.findings(),
                                                        new UnwritableFindings(judged).findings(),
                                                        otherViews.findings(),
                                                        new WitnessContradictions(judged)
                                                                .findings())
                                                .flatMap(s -> s)
                                                .toList())
                                .stream()
                                .sorted(WORST_FIRST)
                                .toList();
        List<String> unproved = unproved(judged, readOnly, undeclared, executable, otherViews);
        return new ContainerReport(
                container,
                verdict(findings, unproved),
                results.stream().map(WitnessRun::of).toList(),
                judged.paths(),
                findings,
                unproved,
                results.stream().flatMap(t -> t.leftovers().stream()).toList());
    }

    /// What cannot be written is no violation: the verdict is about what can.
    private static Verdict verdict(List<Finding> findings, List<String> unproved) {
        boolean violating =
                findings.stream()
                        .filter(f -> f.kind() != FindingKind.UNWRITABLE)
                        .anyMatch(f -> !f.isWaived() && f.severity().isAtLeast(Severity.MEDIUM));
        if (violating) {
            return Verdict.VIOLATING;
        }
        return unproved.isEmpty() ? Verdict.COMPLIANT : Verdict.UNVERIFIED;
    }

    /// If no witness has a result, only that reason is reported. The container is then unverified
    /// even if nothing has to be read-only: without a mount table, undeclared mounts are not known.
    private static List<String> unproved(
            JudgingInput judged,
            ReadOnlyFindings readOnly,
            UndeclaredFindings undeclared,
            ExecutableFindings executable,
            OtherMountNamespaceFindings otherViews) {
        boolean anyAnswered = judged.results().stream().anyMatch(t -> t.trouble().isEmpty());
        if (!anyAnswered) {
            return List.of(
                    "nothing could be probed: "
                            + judged.results().stream()
                                    .flatMap(t -> t.trouble().stream())
                                    .map(PathObservationText::reason)
                                    .distinct()
                                    .reduce((a, b) -> a + "; " + b)
                                    .orElse("no witness has probed it yet"));
        }
        if (judged.results().stream().allMatch(t -> t.mounts().entries().isEmpty())) {
            return List.of("the container's mount table could not be read");
        }
        if (judged.rootfs().kind() != MountKind.ROOTFS) {
            return List.of(
                    "another mount covers the root filesystem, and no witness can probe below it");
        }
        return Stream.of(
                        ProcfsDoubts.of(judged.results()),
                        otherViews.unproved(),
                        readOnly.unproved(),
                        undeclared.unproved(),
                        executable.unproved())
                .flatMap(List::stream)
                .toList();
    }

    /// A mount table that was not read to its end does not say on which mount a path is, so none of
    /// the result's observations count.
    private static ProbeResult withReadableMounts(ProbeResult t) {
        return t.mounts().entries().size() < MountTable.MAX_ENTRIES
                ? t
                : ProbeResult.failed(
                        t.witness(),
                        t.identity(),
                        t.at(),
                        t.took(),
                        new WriteResult.Inconclusive(
                                InconclusiveCause.OUTPUT_CAPPED,
                                "its mount table has "
                                        + MountTable.MAX_ENTRIES
                                        + " entries or more"));
    }

    private ContainerPolicyRule rule(Container container) {
        ContainerPolicyRule rule =
                policy.rules().stream()
                        .filter(r -> r.match().matches(container))
                        .findFirst()
                        .orElse(ContainerPolicyRule.DEFAULT);
        List<String> requestedByLabels =
                policy.honourLabels() ? LabelPolicy.writablePaths(container.labels()) : List.of();
        return requestedByLabels.isEmpty() ? rule : rule.withWritablePaths(requestedByLabels);
    }

    /// The paths that the container's rule names. They are probed in addition to the configured
    /// paths.
    public List<String> pathsToProbe(Container container) {
        ContainerPolicyRule rule = rule(container);
        return Stream.concat(rule.noexec().stream(), rule.writable().stream().flatMap(List::stream))
                .toList();
    }
}

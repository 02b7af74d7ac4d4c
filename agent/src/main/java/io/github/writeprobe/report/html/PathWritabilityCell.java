package io.github.writeprobe.report.html;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.report.ReportWording;
import io.github.writeprobe.text.UntrustedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A cell of the table: one path of one container.
///
/// @param anchor the id of its evidence on the page; empty if there is none
/// @param path as the policy or the mount table names it
/// @param mark whether the path is writable, with a rating
/// @param facts other short facts
public record PathWritabilityCell(String anchor, String path, TonedLabel mark, List<String> facts) {
    /// The container has no such path, or it was not probed.
    static final PathWritabilityCell EMPTY =
            new PathWritabilityCell("", "", new TonedLabel(LabelTone.NONE, ""), List.of());

    public PathWritabilityCell {
        facts = List.copyOf(facts);
    }

    public boolean isEmpty() {
        return anchor.isEmpty();
    }

    static PathWritabilityCell of(ContainerReport container, PathReport path, String anchor) {
        List<Finding> findings =
                container.findings().stream().filter(f -> concerns(f, path)).toList();
        String state = state(path);
        return new PathWritabilityCell(
                anchor,
                UntrustedText.clip(path.path(), 200),
                new TonedLabel(tone(path, state, findings), state),
                facts(path, state, findings));
    }

    /// Whether a finding is about the path. A finding about its mount is, if a probe wrote at the
    /// path.
    private static boolean concerns(Finding finding, PathReport path) {
        return finding.path().equals(path.path())
                || (finding.path().equals(path.mountPoint()) && !writes(path).isEmpty());
    }

    private static String state(PathReport path) {
        if (!writes(path).isEmpty()) {
            return "writable";
        }
        List<WriteResult> seen = path.observations().stream().map(PathObservation::write).toList();
        if (seen.stream().anyMatch(WriteResult::provesReadOnly)) {
            return "read-only";
        }
        if (seen.stream().anyMatch(w -> w instanceof WriteResult.Refused)) {
            return "refused";
        }
        return seen.stream().anyMatch(w -> w instanceof WriteResult.Absent)
                ? "absent"
                : "not known";
    }

    private static List<PathObservation> writes(PathReport path) {
        return path.observations().stream()
                .filter(o -> o.write() instanceof WriteResult.Writable)
                .toList();
    }

    private static LabelTone tone(PathReport path, String state, List<Finding> findings) {
        Optional<Severity> worst =
                findings.stream()
                        .filter(f -> !f.isWaived())
                        .map(Finding::severity)
                        .min(Severity::compareTo);
        if (worst.isPresent()) {
            return LabelTone.of(worst.get());
        }
        if (!findings.isEmpty()) {
            return LabelTone.MILD;
        }
        boolean proved = state.equals("read-only") || state.equals("writable");
        boolean wanted = path.expectation().access() == Expectation.Access.READ_ONLY;
        if (state.equals("not known") || (wanted && !proved && !state.equals("absent"))) {
            return LabelTone.DOUBT;
        }
        return state.equals("absent") ? LabelTone.NONE : LabelTone.GOOD;
    }

    private static List<String> facts(PathReport path, String state, List<Finding> findings) {
        List<String> facts = new ArrayList<>();
        List<PathObservation> writes = writes(path);
        if (!writes.isEmpty()) {
            executable(writes).ifPresent(facts::add);
            facts.add(path.persistence().label());
            facts.add(
                    "by "
                            + writes.stream()
                                    .map(PathObservation::identity)
                                    .distinct()
                                    .sorted()
                                    .map(ProbeIdentity::label)
                                    .collect(Collectors.joining(", ")));
        } else {
            // The finding is about the mount; the write succeeded at another path of it.
            findings.stream()
                    .filter(f -> !f.isWaived())
                    .map(f -> f.kind().label())
                    .distinct()
                    .forEach(facts::add);
        }
        // A refusal at a path below the mount point does not contradict the mount's declaration.
        boolean own = path.path().equals(path.mountPoint());
        boolean proved = state.equals("writable") || state.equals("read-only");
        path.declaredWritable()
                .filter(_ -> own || proved)
                .filter(declared -> !state.equals(ReportWording.access(declared)))
                .ifPresent(declared -> facts.add("declared " + ReportWording.access(declared)));
        if (!findings.isEmpty() && findings.stream().allMatch(Finding::isWaived)) {
            facts.add("waived");
        }
        return facts;
    }

    private static Optional<String> executable(List<PathObservation> writes) {
        if (writes.stream().anyMatch(o -> o.execute() instanceof FileExecutionResult.Ran)) {
            return Optional.of("executable");
        }
        return writes.stream().anyMatch(o -> o.execute() instanceof FileExecutionResult.Refused)
                ? Optional.of("not executable")
                : Optional.empty();
    }
}

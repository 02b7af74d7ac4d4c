package io.github.writeprobe.report.html;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.report.ReportWords;
import io.github.writeprobe.report.UntrustedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One path of one container in short.
///
/// @param anchor where its evidence stands; empty where there is none
/// @param path as policy or the mount table names it
/// @param mark whether it is writable, and how that is to be taken
/// @param facts what else counts, a few words each
public record PathCell(String anchor, String path, Mark mark, List<String> facts) {
    /// The container has no such path, or nobody asked.
    static final PathCell NOTHING = new PathCell("", "", new Mark(Tone.NONE, ""), List.of());

    public PathCell {
        facts = List.copyOf(facts);
    }

    public boolean isNothing() {
        return anchor.isEmpty();
    }

    static PathCell of(ContainerReport container, PathReport path, String anchor) {
        List<Finding> findings =
                container.findings().stream().filter(f -> concerns(f, path)).toList();
        String word = word(path);
        return new PathCell(
                anchor,
                UntrustedText.clip(path.path(), 200),
                new Mark(tone(path, word, findings), word),
                facts(path, word, findings));
    }

    /// A finding about the mount that a path lies on is about the path, if it was written there.
    private static boolean concerns(Finding finding, PathReport path) {
        return finding.path().equals(path.path())
                || (finding.path().equals(path.mountPoint()) && !writers(path).isEmpty());
    }

    private static String word(PathReport path) {
        if (!writers(path).isEmpty()) {
            return "writable";
        }
        List<Write> seen = path.observations().stream().map(Observation::write).toList();
        if (seen.stream().anyMatch(Write::provesReadOnly)) {
            return "read-only";
        }
        if (seen.stream().anyMatch(w -> w instanceof Write.Refused)) {
            return "refused";
        }
        return seen.stream().anyMatch(w -> w instanceof Write.Absent) ? "absent" : "not known";
    }

    private static List<Observation> writers(PathReport path) {
        return path.observations().stream()
                .filter(o -> o.write() instanceof Write.Writable)
                .toList();
    }

    private static Tone tone(PathReport path, String word, List<Finding> findings) {
        Optional<Severity> worst =
                findings.stream()
                        .filter(f -> !f.waived())
                        .map(Finding::severity)
                        .min(Severity::compareTo);
        if (worst.isPresent()) {
            return Tone.of(worst.get());
        }
        if (!findings.isEmpty()) {
            return Tone.MILD;
        }
        boolean proved = word.equals("read-only") || word.equals("writable");
        boolean wanted = path.expectation().access() == Expectation.Access.READ_ONLY;
        if (word.equals("not known") || (wanted && !proved && !word.equals("absent"))) {
            return Tone.DOUBT;
        }
        return word.equals("absent") ? Tone.NONE : Tone.GOOD;
    }

    private static List<String> facts(PathReport path, String word, List<Finding> findings) {
        List<String> facts = new ArrayList<>();
        List<Observation> writers = writers(path);
        if (!writers.isEmpty()) {
            executable(writers).ifPresent(facts::add);
            facts.add(path.persistence().label());
            facts.add(
                    "by "
                            + writers.stream()
                                    .map(Observation::identity)
                                    .distinct()
                                    .sorted()
                                    .map(Identity::label)
                                    .collect(Collectors.joining(", ")));
        } else {
            // What is wrong with it shows elsewhere on the same mount.
            findings.stream()
                    .filter(f -> !f.waived())
                    .map(f -> f.kind().label())
                    .distinct()
                    .forEach(facts::add);
        }
        // Of what lies on another mount and was refused, nothing follows for what is declared of
        // it.
        boolean own = path.path().equals(path.mountPoint());
        boolean proved = word.equals("writable") || word.equals("read-only");
        path.declaredWritable()
                .filter(_ -> own || proved)
                .filter(declared -> !word.equals(ReportWords.access(declared)))
                .ifPresent(declared -> facts.add("declared " + ReportWords.access(declared)));
        if (!findings.isEmpty() && findings.stream().allMatch(Finding::waived)) {
            facts.add("waived");
        }
        return facts;
    }

    private static Optional<String> executable(List<Observation> writers) {
        if (writers.stream().anyMatch(o -> o.execute() instanceof ExecutionOutcome.Ran)) {
            return Optional.of("executable");
        }
        return writers.stream().anyMatch(o -> o.execute() instanceof ExecutionOutcome.Refused)
                ? Optional.of("not executable")
                : Optional.empty();
    }
}

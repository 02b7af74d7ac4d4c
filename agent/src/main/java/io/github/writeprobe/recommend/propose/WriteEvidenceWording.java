package io.github.writeprobe.recommend.propose;

import static java.util.stream.Collectors.joining;

import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.WriteEvidence.WriteEvidenceKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Describes in words what was observed. The texts may contain untrusted text, which is not escaped
/// yet.
public final class WriteEvidenceWording {
    private static final int EXAMPLES = 2;
    private static final long MEBIBYTE = 1L << 20;
    private static final long KIBIBYTE = 1L << 10;

    private WriteEvidenceWording() {}

    /// What the sources show about some paths, one line for each source.
    static List<ProposalItemEvidence> evidence(List<WriteEvidence> traces) {
        List<ProposalItemEvidence> evidence = new ArrayList<>();
        List<WriteEvidence> watched =
                filter(traces, t -> t.sources().contains(WriteEvidenceSource.WATCH));
        if (!watched.isEmpty()) {
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.WATCH,
                            sentence(watched, "wrote", "written") + writeCounts(watched)));
        }
        List<WriteEvidence> open =
                filter(traces, t -> t.sources().contains(WriteEvidenceSource.OPEN_FILES));
        if (!open.isEmpty()) {
            boolean gone = open.stream().allMatch(WriteEvidence::gone);
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.OPEN_FILES,
                            sentence(open, "had open for writing:", "open for writing")
                                    + (gone ? ", already deleted" : "")));
        }
        List<WriteEvidence> changed =
                filter(traces, t -> t.sources().equals(Set.of(WriteEvidenceSource.DIFF)));
        List<WriteEvidence> files =
                filter(changed, t -> t.kind() != WriteEvidenceKind.DIRECTORY_CHANGED);
        if (!files.isEmpty()) {
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.DIFF,
                            shortList(paths(files))
                                    + (files.size() == 1 ? " is" : " are")
                                    + " new or changed since the container was created"));
        }
        filter(changed, t -> t.kind() == WriteEvidenceKind.DIRECTORY_CHANGED).stream()
                .findFirst()
                .ifPresent(t ->
                        evidence.add(
                                new ProposalItemEvidence(
                                        WriteEvidenceSource.DIFF,
                                        "something was created in " + t.path() + " and removed")));
        List<WriteEvidence> refused =
                filter(traces, t -> t.sources().contains(WriteEvidenceSource.LOG));
        if (!refused.isEmpty()) {
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.LOG,
                            "its log says that "
                                    + shortList(paths(refused))
                                    + " could not be written"));
        }
        List<WriteEvidence> cloned =
                filter(traces, t -> t.sources().contains(WriteEvidenceSource.PROOF));
        if (!cloned.isEmpty()) {
            evidence.add(
                    new ProposalItemEvidence(
                            WriteEvidenceSource.PROOF,
                            "a clone wrote " + shortList(paths(cloned))));
        }
        return evidence;
    }

    /// The counts are a lower bound, because the kernel merges writes that follow each other.
    private static String writeCounts(List<WriteEvidence> watched) {
        long times = watched.stream().mapToLong(WriteEvidence::times).sum();
        long bytes = watched.stream().mapToLong(WriteEvidence::bytes).sum();
        return (times == 1 ? ", seen once" : ", seen " + times + " times")
                + (bytes == 0 ? "" : ", " + bytes(bytes) + " in all");
    }

    private static List<WriteEvidence> filter(
            List<WriteEvidence> traces, Predicate<WriteEvidence> predicate) {
        return traces.stream().filter(predicate).toList();
    }

    private static String sentence(List<WriteEvidence> traces, String active, String passive) {
        TreeSet<String> names = new TreeSet<>();
        traces.forEach(t -> names.addAll(t.writers()));
        String paths = shortList(paths(traces));
        return names.isEmpty()
                ? paths + (traces.size() == 1 ? " was " : " were ") + passive
                : shortList(names) + " " + active + " " + paths;
    }

    static List<String> paths(Collection<WriteEvidence> traces) {
        return traces.stream().map(WriteEvidence::path).toList();
    }

    /// `a`, `a and b`, `a, b and 3 more`.
    public static String shortList(Collection<String> names) {
        List<String> all = List.copyOf(names);
        int more = all.size() - EXAMPLES;
        if (more > 0) {
            return all.stream().limit(EXAMPLES).collect(joining(", ")) + " and " + more + " more";
        }
        return String.join(" and ", all);
    }

    static String bytes(long bytes) {
        if (bytes >= MEBIBYTE) {
            return (bytes + MEBIBYTE / 2) / MEBIBYTE + " MiB";
        }
        if (bytes >= KIBIBYTE) {
            return bytes / KIBIBYTE + " KiB";
        }
        return bytes + (bytes == 1 ? " byte" : " bytes");
    }

    /// In whole minutes or seconds.
    public static String duration(Duration duration) {
        long seconds = Math.max(0, (duration.toMillis() + 500) / 1000);
        return seconds >= 120
                ? (seconds + 30) / 60 + " minutes"
                : seconds + (seconds == 1 ? " second" : " seconds");
    }
}

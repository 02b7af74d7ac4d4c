package io.github.writeprobe.recommend.format;

import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.observe.WriteEvidenceGap;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import io.github.writeprobe.recommend.propose.WriteEvidenceWording;
import io.github.writeprobe.recommend.prove.ProofResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The summary of a recommendation: what is proposed, how good the evidence is, and what is left to
/// decide.
///
/// @param heading names the container
/// @param lines may contain untrusted text, which is escaped when it is written
public record RecommendationSummary(String heading, List<Line> lines) {
    private static final int MAX_PATHS = 5;

    /// @param first what the line begins with; continuation lines are indented by its width
    public record Line(String first, String text) {}

    public RecommendationSummary {
        lines = List.copyOf(lines);
    }

    public static RecommendationSummary of(Recommendation recommendation) {
        Proposal proposal = recommendation.proposal();
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("", proposed(proposal)));
        lines.add(new Line("", watched(proposal)));
        for (WriteEvidenceGap shortfall : proposal.shortfalls()) {
            lines.add(
                    new Line(
                            "",
                            "Not available: "
                                    + shortfall.source().label()
                                    + ", because "
                                    + shortfall.reason()
                                    + "; may be missing: "
                                    + shortfall.cost()));
        }
        recommendation.proof().ifPresentOrElse(p -> addProof(p, lines), () -> addUnproved(lines));
        if (!proposal.notes().isEmpty()) {
            lines.add(new Line("", "To check:"));
            proposal.notes().forEach(note -> lines.add(new Line("- ", note)));
        }
        return new RecommendationSummary(name(proposal), lines);
    }

    private static String name(Proposal proposal) {
        return proposal.subject().container().name()
                + ", image "
                + proposal.subject().container().image();
    }

    private static String proposed(Proposal proposal) {
        List<String> parts = new ArrayList<>();
        parts.add("a read-only root filesystem");
        count(proposal, Tmpfs.class::isInstance, "tmpfs", parts);
        count(proposal, Volume.class::isInstance, "new volume", parts);
        count(proposal, Setting.class::isInstance, "setting", parts);
        count(proposal, Kept.class::isInstance, "mount kept", parts);
        long unsure =
                proposal.provisions().stream()
                        .filter(p -> p instanceof Volume v && !v.certain())
                        .count();
        return "Proposed: "
                + String.join(", ", parts)
                + (unsure == 0 ? "" : "; " + count(unsure, "volume") + " to check");
    }

    private static void count(
            Proposal proposal, Predicate<ProposalItem> predicate, String noun, List<String> parts) {
        long number = proposal.provisions().stream().filter(predicate).count();
        if (number > 0) {
            parts.add(count(number, noun));
        }
    }

    private static String count(long number, String noun) {
        if (number == 1 || noun.equals("tmpfs")) {
            return number + " " + noun;
        }
        return number + " " + (noun.equals("mount kept") ? "mounts kept" : noun + "s");
    }

    private static String watched(Proposal proposal) {
        return proposal.watched().isZero()
                ? "It was not watched, so files that it writes and removes, and writes to mounts,"
                        + " are not known"
                : "It was watched for " + WriteEvidenceWording.duration(proposal.watched());
    }

    private static void addUnproved(List<Line> lines) {
        lines.add(new Line("", "It was not proved; --prove tests it on a clone"));
    }

    private static void addProof(ProofResult proof, List<Line> lines) {
        lines.add(
                new Line(
                        "",
                        "Proof: "
                                + proof.outcome().label()
                                + ", "
                                + proof.reason()
                                + " (exercised for "
                                + WriteEvidenceWording.duration(proof.exercised())
                                + " by "
                                + proof.exercise().label()
                                + ")"));
        proof.coverage().ifPresent(c -> ProofCoverageText.add(c, proof.proposal(), lines));
        List<String> missed = proof.missed().stream().map(WrittenFile::path).distinct().toList();
        if (!missed.isEmpty()) {
            int more = missed.size() - MAX_PATHS;
            lines.add(
                    new Line(
                            "",
                            "The first proposal missed "
                                    + String.join(", ", missed.stream().limit(MAX_PATHS).toList())
                                    + (more > 0 ? " and " + more + " more" : "")));
        }
        proof.differences().forEach(d -> lines.add(new Line("", "About the clones: " + d)));
        proof.log().forEach(line -> lines.add(new Line("| ", line)));
    }

    /// The summary as comments.
    String comments() {
        StringBuilder text = new StringBuilder(CommentText.of("", "", heading));
        for (Line line : lines) {
            text.append(CommentText.of("", "  " + line.first(), line.text()));
        }
        return text.toString();
    }
}

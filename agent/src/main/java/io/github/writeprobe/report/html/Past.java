package io.github.writeprobe.report.html;

import io.github.writeprobe.model.VerdictChange;
import io.github.writeprobe.report.Plain;
import java.util.List;

/// A change of a verdict as it is shown.
///
/// @param at in ISO 8601
public record Past(
        String at,
        String container,
        Mark before,
        Mark after,
        String sentence,
        List<String> findings) {
    private static final int NAME_WIDEST = 120;

    public Past {
        findings = List.copyOf(findings);
    }

    static Past of(VerdictChange change) {
        return new Past(
                Row.second(change.at()),
                Plain.clip(change.container(), NAME_WIDEST),
                new Mark(Tone.ofVerdict(change.before()), change.before()),
                new Mark(Tone.ofVerdict(change.after()), change.after()),
                Complaint.text(change.sentence()),
                change.findings().stream().map(Complaint::text).toList());
    }
}

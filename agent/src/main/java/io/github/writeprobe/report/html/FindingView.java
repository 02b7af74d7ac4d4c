package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Finding;
import io.github.writeprobe.report.ReportWords;
import io.github.writeprobe.report.UntrustedText;
import java.util.List;

/// A finding as it is shown.
///
/// @param severity how bad, as a word
/// @param waiver why it is waived; empty if it is not
public record FindingView(
        Mark severity,
        String kind,
        String meaning,
        String path,
        String message,
        String remedy,
        List<String> evidence,
        String waiver,
        List<String> references) {
    private static final int LONGEST = 4_000;

    public FindingView {
        evidence = List.copyOf(evidence);
        references = List.copyOf(references);
    }

    static FindingView of(Finding f) {
        return new FindingView(
                new Mark(f.waived() ? Tone.MILD : Tone.of(f.severity()), f.severity().label()),
                f.kind().label(),
                f.kind().meaning(),
                text(f.path()),
                text(f.message()) + ".",
                text(f.remedy()) + ".",
                f.evidence().stream().map(FindingView::text).toList(),
                f.waiver().map(w -> text(ReportWords.of(w))).orElse(""),
                f.kind().references());
    }

    public boolean waived() {
        return !waiver.isEmpty();
    }

    /// Whether it belongs among the findings, and not only into the container's evidence.
    public boolean stands() {
        return !waived() && severity.tone() == Tone.BAD;
    }

    /// All of a stranger's text, but for what no honest one has.
    static String text(String strange) {
        return UntrustedText.clip(strange, LONGEST);
    }
}

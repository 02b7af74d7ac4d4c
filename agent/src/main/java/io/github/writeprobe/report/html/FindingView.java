package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Finding;
import io.github.writeprobe.report.ReportWording;
import io.github.writeprobe.text.UntrustedText;
import java.util.List;

/// A finding on the page.
///
/// @param waiver why it is waived; empty if it is not
public record FindingView(
        TonedLabel severity,
        String kind,
        String meaning,
        String path,
        String message,
        String remedy,
        List<String> evidence,
        String waiver,
        List<String> references) {
    private static final int MAX_LENGTH = 4_000;

    public FindingView {
        evidence = List.copyOf(evidence);
        references = List.copyOf(references);
    }

    static FindingView of(Finding f) {
        return new FindingView(
                new TonedLabel(
                        f.isWaived() ? LabelTone.MILD : LabelTone.of(f.severity()),
                        f.severity().label()),
                f.kind().label(),
                f.kind().meaning(),
                clip(f.path()),
                clip(f.message()) + ".",
                clip(f.remedy()) + ".",
                f.evidence().stream().map(FindingView::clip).toList(),
                f.waiver().map(w -> clip(ReportWording.of(w))).orElse(""),
                f.kind().references());
    }

    public boolean isWaived() {
        return !waiver.isEmpty();
    }

    /// Whether it is shown in the list of findings, and not only in the container's evidence.
    public boolean isActive() {
        return !isWaived() && severity.tone() == LabelTone.BAD;
    }

    /// An untrusted text, escaped. Only texts that are far longer than usual are truncated.
    static String clip(String untrusted) {
        return UntrustedText.clip(untrusted, MAX_LENGTH);
    }
}

package io.github.writeprobe.report.html;

import io.github.writeprobe.model.VerdictChange;
import io.github.writeprobe.text.UntrustedText;
import java.util.List;

/// A change of a verdict on the page.
///
/// @param at in ISO 8601
public record VerdictChangeView(
        String at,
        String container,
        TonedLabel before,
        TonedLabel after,
        String message,
        List<String> findings) {
    private static final int MAX_NAME_WIDTH = 120;

    public VerdictChangeView {
        findings = List.copyOf(findings);
    }

    static VerdictChangeView of(VerdictChange change) {
        return new VerdictChangeView(
                ContainerRowView.timestamp(change.at()),
                UntrustedText.clip(change.container(), MAX_NAME_WIDTH),
                new TonedLabel(LabelTone.ofVerdict(change.before()), change.before()),
                new TonedLabel(LabelTone.ofVerdict(change.after()), change.after()),
                FindingView.clip(change.message()),
                change.findings().stream().map(FindingView::clip).toList());
    }
}

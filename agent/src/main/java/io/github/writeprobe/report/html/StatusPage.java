package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.VerdictChange;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/// The page of [HtmlFormat], kept up to date by an agent.
///
/// @param generation the id of the state that it shows, as in the agent's events
/// @param warning why it may be out of date
/// @param history the newest change first
public record StatusPage(
        Report report, String generation, Optional<String> warning, List<VerdictChange> history) {
    /// The value of the Content-Security-Policy header.
    public static final String POLICY =
            InlinedAssets.INSTANCE.policy() + "; connect-src 'self'; frame-ancestors 'none'";

    public StatusPage {
        history = List.copyOf(history);
    }

    /// @throws IOException if `out` throws it
    public void write(Writer out) throws IOException {
        PageModel.Live live =
                new PageModel.Live(
                        true,
                        generation,
                        FindingView.clip(warning.orElse("")),
                        history.stream().map(VerdictChangeView::of).toList());
        HtmlTemplates.write(PageModel.of(report, live), out);
    }
}

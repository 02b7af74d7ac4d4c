package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.VerdictChange;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/// The same page as [HtmlFormat]'s, of an agent that keeps it fresh.
///
/// @param generation which state of things it shows, as the agent's events name it
/// @param warning why it is not to be relied on
/// @param history the newest first
public record StatusPage(
        Report report, String generation, Optional<String> warning, List<VerdictChange> history) {
    /// What the Content-Security-Policy header has to say.
    public static final String POLICY =
            InlinedAssets.INSTANCE.policy() + "; connect-src 'self'; frame-ancestors 'none'";

    public StatusPage {
        history = List.copyOf(history);
    }

    /// @throws IOException if `out` does
    public void write(Writer out) throws IOException {
        PageModel.Live live =
                new PageModel.Live(
                        true,
                        generation,
                        FindingView.clip(warning.orElse("")),
                        history.stream().map(VerdictChangeView::of).toList());
        Templates.write(PageModel.of(report, live), out);
    }
}

package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.text.TerminalStyle;
import java.io.IOException;
import java.io.Writer;
import java.util.Optional;

/// The explanation of a report's containers, as `writeprobe explain` would print one after another.
///
/// @param container the only one, if given
record ExplanationFormat(TerminalStyle style, Optional<String> container, Optional<String> path)
        implements ReportFormat {
    ExplanationFormat(TerminalStyle style) {
        this(style, Optional.empty(), Optional.empty());
    }

    @Override
    public void write(Report report, Writer out) throws IOException {
        for (ContainerReport c : report.containers()) {
            if (container.isEmpty() || container.get().equals(c.container().name())) {
                new ExplanationWriter(style).write(c, path, out);
            }
        }
    }
}

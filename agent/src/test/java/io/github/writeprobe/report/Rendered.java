package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Report;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Reports as texts.
final class Rendered {
    private Rendered() {}

    /// The text of one of the cases of [Reports#all()].
    static String text(ReportFormat format, String name) {
        return text(format, requireNonNull(Reports.all().get(name)));
    }

    static String text(ReportFormat format, Report report) {
        StringWriter out = new StringWriter();
        try {
            format.write(report, out);
        } catch (IOException fromMemory) {
            throw new UncheckedIOException(fromMemory);
        }
        return out.toString();
    }
}

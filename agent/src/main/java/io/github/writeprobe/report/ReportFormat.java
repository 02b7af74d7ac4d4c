package io.github.writeprobe.report;

import io.github.writeprobe.model.Report;
import java.io.IOException;
import java.io.Writer;

/// A format of the report.
///
/// A format depends on the report alone: it reads no clock and calls no engine, and the same report
/// gives the same text.
public interface ReportFormat {
    /// Writes the whole report, ending with a newline, and flushes.
    ///
    /// @param out encodes as UTF-8; it is not closed
    /// @throws IOException if `out` throws it
    void write(Report report, Writer out) throws IOException;
}

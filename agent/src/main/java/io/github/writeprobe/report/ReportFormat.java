package io.github.writeprobe.report;

import io.github.writeprobe.model.Report;
import java.io.IOException;
import java.io.Writer;

/// A way to write a report down.
///
/// A format is a function of the report alone: it reads no clock and asks no engine, and the same
/// report gives the same text.
public interface ReportFormat {
    /// Writes the whole report, ending in a newline, and flushes.
    ///
    /// @param out encodes as UTF-8; stays open
    /// @throws IOException if `out` does
    void write(Report report, Writer out) throws IOException;
}

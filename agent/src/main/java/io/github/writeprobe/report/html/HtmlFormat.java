package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.ReportFormat;
import java.io.IOException;
import java.io.Writer;

/// The report as a web page in one file. The page loads nothing, so it can be archived or sent.
public final class HtmlFormat implements ReportFormat {
    @Override
    public void write(Report report, Writer out) throws IOException {
        HtmlTemplates.write(PageModel.of(report, PageModel.Live.NONE), out);
    }
}

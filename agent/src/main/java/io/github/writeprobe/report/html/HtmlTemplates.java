package io.github.writeprobe.report.html;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateException;
import gg.jte.output.WriterOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/// The templates in `src/main/jte`, which the build compiles to classes.
final class HtmlTemplates {
    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(ContentType.Html);

    private HtmlTemplates() {}

    static void write(PageModel page, Writer out) throws IOException {
        try {
            ENGINE.render("page.jte", page, new WriterOutput(out));
        } catch (TemplateException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw new IOException(io.getCause());
            }
            throw e;
        } catch (UncheckedIOException e) {
            throw new IOException(e.getCause());
        }
        out.flush();
    }
}

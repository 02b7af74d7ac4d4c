package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.Evidence;
import io.github.writeprobe.report.Plain;
import io.github.writeprobe.report.Wrapped;
import java.util.Collection;

/// Comments that begin with `#`, as YAML and shells have them. A text in one cannot end it: it is
/// made plain, and so is one line, before it is broken into several that each begin with `#`.
final class Comments {
    private static final int COLUMNS = 110;
    private static final int LONGEST = 600;

    private Comments() {}

    /// A text as lines, the first after `first`.
    static String of(String indent, String first, String text) {
        String rest = " ".repeat(first.length());
        return Wrapped.lines(
                        indent + "# " + first,
                        indent + "# " + rest,
                        Plain.clip(text, LONGEST),
                        COLUMNS)
                + "\n";
    }

    static String of(String indent, Collection<Evidence> evidence) {
        return of(indent, "", evidence);
    }

    /// @param first what each begins with
    static String of(String indent, String first, Collection<Evidence> evidence) {
        StringBuilder text = new StringBuilder();
        evidence.forEach(e -> text.append(of(indent, first + e.source().label() + ": ", e.text())));
        return text.toString();
    }
}

package io.github.writeprobe.report;

import io.github.writeprobe.model.Diagnosis;
import io.github.writeprobe.model.Diagnosis.Area;
import io.github.writeprobe.model.Diagnosis.Check;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.UntrustedText;
import io.github.writeprobe.text.WrappedText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A diagnosis for people at a terminal: one paragraph for each check, with what would help.
public final class DiagnosisText {
    private static final int MAX_SUBJECT_WIDTH = 100;
    private static final int MAX_TEXT_WIDTH = 600;
    private static final int MAX_COLUMN_WIDTH = 16;

    private final TerminalStyle style;

    public DiagnosisText(TerminalStyle style) {
        this.style = style;
    }

    public void write(Diagnosis diagnosis, Writer out) throws IOException {
        List<String> sections = new ArrayList<>();
        for (Area area : Area.values()) {
            List<Check> checks = diagnosis.checks(area);
            if (!checks.isEmpty()) {
                sections.add(
                        style.bold(area.label().toUpperCase(Locale.ROOT))
                                + "\n"
                                + paragraphs(checks));
            }
        }
        sections.add(WrappedText.wrap("", "", summary(diagnosis), style.columns()) + "\n");
        out.append(String.join("\n", sections));
        out.flush();
    }

    /// Short subjects are a column; below a long one, the detail is on lines of its own.
    private String paragraphs(List<Check> checks) {
        int width = checks.stream().mapToInt(c -> UntrustedText.width(c.subject())).max().orElse(0);
        return checks.stream()
                .map(c -> paragraph(c, width <= MAX_COLUMN_WIDTH ? width : 0))
                .collect(Collectors.joining());
    }

    /// @param column the width of the column of the subjects; 0 if there is none
    private String paragraph(Check check, int column) {
        String indent = " ".repeat(column == 0 ? 2 : column + 4);
        String first = mark(check.state()) + " " + style.clip(check.subject(), MAX_SUBJECT_WIDTH);
        String subject =
                column == 0
                        ? first + "\n" + indent
                        : first + " ".repeat(column + 2 - UntrustedText.width(check.subject()));
        String detail = wrap(subject, indent, check.detail());
        return check.remedy().isEmpty()
                ? detail
                : detail + wrap(indent + style.arrow() + " ", indent + "  ", check.remedy());
    }

    private String wrap(String first, String indent, String text) {
        return WrappedText.wrap(first, indent, style.clip(text, MAX_TEXT_WIDTH), style.columns())
                + "\n";
    }

    private String mark(Diagnosis.State state) {
        return switch (state) {
            case WORKS -> style.green(style.checkMark());
            case LIMITED -> style.yellow("!");
            case FAILS -> style.red(style.crossMark());
            case UNUSED -> style.faint("-");
        };
    }

    private static String summary(Diagnosis diagnosis) {
        long answering = diagnosis.answeringEngines();
        long used =
                diagnosis.checks(Area.ENGINES).stream()
                        .filter(c -> c.state() != Diagnosis.State.UNUSED)
                        .count();
        if (answering == 0) {
            return "No engine answered, so nothing can be verified from here.";
        }
        return "%d of %s answered. Next: writeprobe audit"
                .formatted(answering, ReportWording.count(used, "engine"));
    }
}

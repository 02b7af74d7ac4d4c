package io.github.writeprobe.report;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.UntrustedText;
import io.github.writeprobe.text.WrappedText;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Everything that is known about one container: what is declared, what was observed, which rule
/// applies, and what to do.
public final class ExplanationWriter {
    private static final int LABEL_WIDTH = 12;

    private final TerminalStyle style;

    public ExplanationWriter(TerminalStyle style) {
        this.style = style;
    }

    /// @param path if present, only what concerns this path is written
    public void write(ContainerReport report, Optional<String> path, Writer out)
            throws IOException {
        container(report, out);
        for (PathReport p : report.paths()) {
            if (path.isEmpty() || path.get().equals(p.path())) {
                path(p, path.isPresent(), out);
            }
        }
        if (path.isPresent()
                && report.paths().stream().noneMatch(p -> p.path().equals(path.get()))) {
            heading(path.get(), "", out);
            line("observed", "nothing: " + unprobedReason(report), out);
        }
        List<Finding> findings =
                report.findings().stream()
                        .filter(f -> path.isEmpty() || concerns(report, f, path.get()))
                        .toList();
        if (findings.isEmpty()) {
            String none =
                    report.unproved().isEmpty()
                            ? "No findings."
                            : "No findings, but not everything could be verified.";
            out.append("\n" + WrappedText.wrap("", "", none, style.columns()) + "\n");
        }
        for (Finding f : findings) {
            finding(f, out);
        }
        out.flush();
    }

    private static String unprobedReason(ContainerReport report) {
        return report.witnesses().stream()
                .flatMap(w -> w.trouble().stream())
                .map(t -> t.cause().meaning())
                .findFirst()
                .orElse("it is on a filesystem of the kernel, which is not probed");
    }

    /// Whether a finding is about the path or about the mount that the path is on.
    private static boolean concerns(ContainerReport report, Finding f, String path) {
        return f.path().equals(path)
                || report.paths().stream()
                        .anyMatch(p -> p.path().equals(path) && p.mountPoint().equals(f.path()));
    }

    private void container(ContainerReport report, Writer out) throws IOException {
        Container c = report.container();
        heading(c.name(), " (" + c.shortId() + ")", out);
        line("image", c.image(), out);
        line("engine", c.engine(), out);
        line("verdict", report.verdict().label(), out);
        for (String unproved : report.unproved()) {
            line("", unproved, out);
        }
        line("declared", ReportWording.declared(c), out);
        for (WitnessRun w : report.witnesses()) {
            line(
                    "witness",
                    w.witness().label()
                            + " as "
                            + w.identity().label()
                            + String.format(Locale.ROOT, ", %.0f ms", w.duration().toNanos() / 1e6)
                            + w.trouble().map(t -> ": " + ReportWording.of(t)).orElse("")
                            + w.proofs().map(p -> ", " + ReportWording.of(p)).orElse(""),
                    out);
        }
    }

    private void path(PathReport p, boolean onlyPath, Writer out) throws IOException {
        out.append("\n");
        heading(p.path(), "", out);
        line("declared", p.declaredWritable().map(ReportWording::access).orElse("nothing"), out);
        line("mount", ReportWording.mount(p) + ", writes go to: " + p.persistence().label(), out);
        // Only once for each mount: the line of an overlay is long, and most paths are on it.
        if (p.entry().isPresent() && (onlyPath || p.mountPoint().equals(p.path()))) {
            line("mount table", style.clip(p.entry().get().line(), 300), out);
        }
        line("policy", ReportWording.of(p.expectation()), out);
        if (p.observations().isEmpty()) {
            line("observed", "nothing", out);
        }
        for (PathObservation o : p.observations()) {
            line("observed", ReportWording.of(o), out);
        }
    }

    private void finding(Finding f, Writer out) throws IOException {
        String heading = f.severity().label() + " " + f.kind().label() + " at " + f.path();
        out.append("\n");
        heading(heading, f.waiver().map(w -> " (waived)").orElse(""), out);
        line("what", f.message() + ".", out);
        line("why", f.kind().meaning(), out);
        for (String evidence : f.evidence()) {
            line("evidence", style.clip(evidence, 400), out);
        }
        line("remedy", f.remedy() + ".", out);
        if (f.waiver().isPresent()) {
            line("waiver", ReportWording.of(f.waiver().get()), out);
        }
        if (!f.kind().references().isEmpty()) {
            line("see", String.join(", ", f.kind().references()), out);
        }
    }

    private void heading(String text, String more, Writer out) throws IOException {
        String wrapped =
                WrappedText.wrap("", "", UntrustedText.escape(text) + more, style.columns());
        int bold = wrapped.length() - more.length();
        out.append(style.bold(wrapped.substring(0, bold)) + wrapped.substring(bold) + "\n");
    }

    private void line(String label, String text, Writer out) throws IOException {
        out.append(
                WrappedText.wrap(
                        "  " + style.faint(TerminalStyle.pad(label, LABEL_WIDTH)) + " ",
                        " ".repeat(LABEL_WIDTH + 3),
                        UntrustedText.escape(text),
                        style.columns()));
        out.append("\n");
    }
}

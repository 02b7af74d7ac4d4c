package io.github.writeprobe.report;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.WitnessReport;
import io.github.writeprobe.probes.Execute;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.Write;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// All that is known of one container: what is declared, what was observed, which rule counts, and
/// what to do.
public final class Explanation {
    private static final int LABEL = 12;

    private final Style style;

    public Explanation(Style style) {
        this.style = style;
    }

    /// @param path leaves out everything that is not about it
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
            line("observed", "nothing: " + whyNot(report), out);
        }
        List<Finding> findings =
                report.findings().stream()
                        .filter(f -> path.isEmpty() || concerns(report, f, path.get()))
                        .toList();
        if (findings.isEmpty()) {
            out.append(
                    report.unproved().isEmpty()
                            ? "\nNo findings.\n"
                            : "\nNo findings, but not all could be verified.\n");
        }
        for (Finding f : findings) {
            finding(f, out);
        }
        out.flush();
    }

    private static String whyNot(ContainerReport report) {
        return report.witnesses().stream()
                .flatMap(w -> w.trouble().stream())
                .map(t -> t.cause().meaning())
                .findFirst()
                .orElse("it is a view of the kernel's, which is not probed");
    }

    /// A finding about the mount that a path lies on is about the path too.
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
        line(
                "declared",
                "ReadonlyRootfs=" + c.readonlyRootfs() + ", user " + user(c) + powers(c),
                out);
        for (WitnessReport w : report.witnesses()) {
            line(
                    "witness",
                    w.witness().label()
                            + " as "
                            + w.identity().label()
                            + String.format(Locale.ROOT, ", %.0f ms", w.took().toNanos() / 1e6)
                            + w.trouble().map(t -> ": " + Words.of(t)).orElse(""),
                    out);
        }
    }

    private static String user(Container c) {
        return c.user().isEmpty() ? "root (none set)" : c.user();
    }

    private static String powers(Container c) {
        if (c.privileged()) {
            return ", privileged";
        }
        return c.capabilities().contains("SYS_ADMIN") ? ", CAP_SYS_ADMIN" : "";
    }

    private void path(PathReport p, boolean alone, Writer out) throws IOException {
        out.append("\n");
        heading(p.path(), "", out);
        line(
                "declared",
                p.declaredWritable().map(w -> w ? "writable" : "read-only").orElse("nothing"),
                out);
        line(
                "mount",
                p.kind().label()
                        + (p.mountPoint().equals(p.path()) ? "" : " at " + p.mountPoint())
                        + ", source "
                        + p.source()
                        + ", writes go to: "
                        + p.persistence().label(),
                out);
        // Once a mount: the line of an overlay is long, and most paths lie on it.
        if (p.entry().isPresent() && (alone || p.mountPoint().equals(p.path()))) {
            line("mount table", style.clip(p.entry().get().line(), 300), out);
        }
        line(
                "policy",
                p.expectation().access().label()
                        + (p.expectation().noexec() ? ", noexec" : "")
                        + " ("
                        + p.expectation().rule()
                        + ")",
                out);
        if (p.observations().isEmpty()) {
            line("observed", "nothing", out);
        }
        for (Observation o : p.observations()) {
            line("observed", observed(o), out);
        }
    }

    private static String observed(Observation o) {
        String who =
                o.witness().label()
                        + " as "
                        + o.identity().label()
                        + (o.uid().isPresent() ? " (uid " + o.uid().getAsInt() + ")" : "");
        String where = o.resolved().equals(o.path()) ? "" : ", which is " + o.resolved();
        return who
                + where
                + ": "
                + switch (o.write()) {
                    case Write.Writable _ -> "wrote" + ran(o.execute());
                    case Write.Refused r ->
                            "refused with "
                                    + r.errno()
                                    + (r.created() ? ", after a file was created" : "");
                    case Write.Absent _ -> "absent";
                    case Write.Inconclusive i -> "inconclusive: " + Words.of(i);
                };
    }

    private static String ran(Execute execute) {
        return switch (execute) {
            case Execute.Ran _ -> ", and ran what it wrote";
            case Execute.Refused r -> ", could not run what it wrote (" + r.errno() + ")";
            case Execute.Untested u -> ", running it was not tested (" + u.reason() + ")";
        };
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
            line("waiver", Words.of(f.waiver().get()), out);
        }
        if (!f.kind().references().isEmpty()) {
            line("see", String.join(", ", f.kind().references()), out);
        }
    }

    private void heading(String text, String more, Writer out) throws IOException {
        String wrapped = Wrapped.lines("", "", Plain.text(text) + more, style.columns());
        int bold = wrapped.length() - more.length();
        out.append(style.bold(wrapped.substring(0, bold)) + wrapped.substring(bold) + "\n");
    }

    private void line(String label, String text, Writer out) throws IOException {
        out.append(
                Wrapped.lines(
                        "  " + style.faint(Style.pad(label, LABEL)) + " ",
                        " ".repeat(LABEL + 3),
                        Plain.text(text),
                        style.columns()));
        out.append("\n");
    }
}

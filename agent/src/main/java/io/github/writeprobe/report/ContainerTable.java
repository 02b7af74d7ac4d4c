package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.Write;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One line a container: is its root filesystem read-only in fact, and where else could the service
/// write.
final class ContainerTable {
    private static final int NAME_WIDEST = 28;
    private static final int IMAGE_WIDEST = 28;
    private static final int ROOTFS = 11;
    private static final int ROOM_FOR_IMAGES = 110;

    private final Style style;

    ContainerTable(Style style) {
        this.style = style;
    }

    void write(List<ContainerReport> containers, Writer out) throws IOException {
        if (containers.isEmpty()) {
            return;
        }
        int name = width(containers, NAME_WIDEST, "CONTAINER", c -> c.container().name());
        boolean images = style.columns() >= ROOM_FOR_IMAGES;
        int image =
                images
                        ? width(containers, IMAGE_WIDEST, "IMAGE", c -> c.container().image()) + 2
                        : 0;
        int rest = style.columns() - 2 - name - 2 - image - ROOTFS - 2;
        out.append(
                style.faint(
                                "  "
                                        + Style.pad("CONTAINER", name)
                                        + "  "
                                        + (images ? Style.pad("IMAGE", image) : "")
                                        + Style.pad("ROOTFS", ROOTFS)
                                        + "  WRITABLE BY THE SERVICE")
                        + "\n");
        for (ContainerReport c : containers) {
            out.append(symbol(c.verdict()) + " ");
            out.append(Style.pad(Plain.clip(Plain.text(c.container().name()), name), name) + "  ");
            if (images) {
                out.append(
                        Style.pad(Plain.clip(Plain.text(c.container().image()), image - 2), image));
            }
            out.append(rootfs(c) + "  ");
            out.append(Plain.clip(Plain.text(writable(c)), rest)).append("\n");
        }
    }

    private static int width(
            List<ContainerReport> containers,
            int widest,
            String heading,
            java.util.function.Function<ContainerReport, String> text) {
        int longest =
                containers.stream()
                        .mapToInt(c -> Plain.width(Plain.text(text.apply(c))))
                        .max()
                        .orElse(0);
        return Math.clamp(longest, heading.length(), widest);
    }

    private String symbol(Verdict verdict) {
        return switch (verdict) {
            case VIOLATING -> style.red(style.bad());
            case UNVERIFIED -> style.yellow(style.doubtful());
            case COMPLIANT -> style.green(style.good());
        };
    }

    /// In fact, not as declared.
    private String rootfs(ContainerReport c) {
        boolean drift =
                c.findings().stream()
                        .anyMatch(f -> f.kind() == FindingKind.DRIFT && f.path().equals("/"));
        if (drift) {
            return style.bold(style.red(Style.pad("DRIFTED", ROOTFS)));
        }
        boolean proved =
                c.paths().stream()
                        .filter(p -> p.mountPoint().equals("/"))
                        .flatMap(p -> p.observations().stream())
                        .anyMatch(o ->
                                o.write() instanceof Write.Refused r
                                        && r.proof() == Errno.Proof.READ_ONLY);
        if (proved) {
            return style.green(Style.pad("read-only", ROOTFS));
        }
        boolean exposed =
                c.findings().stream()
                        .filter(f -> f.kind() == FindingKind.EXPOSED && f.path().equals("/"))
                        .anyMatch(f -> !f.waived());
        if (!c.container().readonlyRootfs()) {
            String text = Style.pad("writable", ROOTFS);
            return exposed ? style.red(text) : text;
        }
        return style.yellow(Style.pad("not proved", ROOTFS));
    }

    /// `/tmp (memory), /data (volume)`, or why it is not known.
    private String writable(ContainerReport c) {
        Map<String, Persistence> places = new LinkedHashMap<>();
        boolean seen = false;
        for (PathReport p : c.paths()) {
            for (Observation o : p.observations()) {
                seen |= !(o.write() instanceof Write.Inconclusive);
                if (p.kind() != MountKind.ENGINE
                        && o.identity() == Identity.SERVICE
                        && o.write() instanceof Write.Writable) {
                    places.putIfAbsent(p.path(), p.persistence());
                }
            }
        }
        if (!seen) {
            return c.unproved().isEmpty() ? "" : "not known: " + shortened(c);
        }
        if (places.isEmpty()) {
            return style.symbols() ? "–" : "-";
        }
        return places.entrySet().stream()
                .map(e ->
                        e.getValue() == Persistence.CONTAINER
                                ? e.getKey()
                                : e.getKey() + " (" + e.getValue().label() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String shortened(ContainerReport c) {
        return c.witnesses().stream()
                .flatMap(w -> w.trouble().stream())
                .map(t -> t.cause().meaning())
                .findFirst()
                .orElse(c.unproved().getFirst());
    }
}

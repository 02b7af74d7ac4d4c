package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Write;
import java.util.List;
import java.util.function.Function;

/// One line a container: is its root filesystem read-only in fact, and where else could the service
/// write.
final class ContainerTable {
    private static final int NAME_WIDEST = 28;
    private static final int NAME_NARROW = 20;
    private static final int NAME_NARROWEST = 13;
    private static final int IMAGE_WIDEST = 28;
    private static final int ROOTFS = 11;
    private static final int ROOM_FOR_HEADINGS = 60;
    private static final int ROOM_FOR_NAMES = 70;
    private static final int ROOM_FOR_IMAGES = 110;

    private final TerminalStyle style;

    ContainerTable(TerminalStyle style) {
        this.style = style;
    }

    /// The table, or nothing where there is no container.
    String of(List<ContainerReport> containers) {
        if (containers.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        int name = width(containers, widestName(), "CONTAINER", c -> c.container().name());
        boolean images = style.columns() >= ROOM_FOR_IMAGES;
        int image =
                images
                        ? width(containers, IMAGE_WIDEST, "IMAGE", c -> c.container().image()) + 2
                        : 0;
        int rest = style.columns() - 2 - name - 2 - image - ROOTFS - 2;
        out.append(
                style.faint(
                                "  "
                                        + TerminalStyle.pad("CONTAINER", name)
                                        + "  "
                                        + (images ? TerminalStyle.pad("IMAGE", image) : "")
                                        + TerminalStyle.pad("ROOTFS", ROOTFS)
                                        + (style.columns() < ROOM_FOR_HEADINGS
                                                ? "  WRITABLE"
                                                : "  WRITABLE BY THE SERVICE"))
                        + "\n");
        for (ContainerReport c : containers) {
            out.append(symbol(c.verdict()) + " ");
            out.append(TerminalStyle.pad(style.clip(c.container().name(), name), name) + "  ");
            if (images) {
                out.append(TerminalStyle.pad(style.clip(c.container().image(), image - 2), image));
            }
            out.append(rootfs(c) + "  ");
            out.append(writable(c, rest)).append("\n");
        }
        return out.toString();
    }

    private int widestName() {
        if (style.columns() < ROOM_FOR_HEADINGS) {
            return NAME_NARROWEST;
        }
        return style.columns() < ROOM_FOR_NAMES ? NAME_NARROW : NAME_WIDEST;
    }

    private static int width(
            List<ContainerReport> containers,
            int widest,
            String heading,
            Function<ContainerReport, String> text) {
        int longest =
                containers.stream()
                        .mapToInt(c -> UntrustedText.width(UntrustedText.text(text.apply(c))))
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

    private String rootfs(ContainerReport c) {
        RootfsState rootfs = RootfsState.of(c);
        String text = TerminalStyle.pad(rootfs.label(), ROOTFS);
        return switch (rootfs) {
            case DRIFTED -> style.bold(style.red(text));
            case READ_ONLY -> style.green(text);
            case WRITABLE -> exposed(c) ? style.red(text) : text;
            case NOT_PROVED -> style.yellow(text);
        };
    }

    private static boolean exposed(ContainerReport c) {
        return c.standing().stream()
                .anyMatch(f -> f.kind() == FindingKind.EXPOSED && f.path().equals("/"));
    }

    /// `/tmp (memory), /data (volume)`, or why it is not known.
    private String writable(ContainerReport c, int room) {
        boolean seen =
                c.paths().stream()
                        .flatMap(p -> p.observations().stream())
                        .anyMatch(o -> !(o.write() instanceof Write.Inconclusive));
        if (!seen) {
            String why = c.unproved().isEmpty() ? "" : ": " + shortened(c);
            return style.clip("not known" + why, room);
        }
        List<String> places =
                c.paths().stream()
                        .filter(p -> p.kind() != MountKind.ENGINE && byTheService(p))
                        .filter(p -> !reachedByAnotherName(c, p))
                        .map(ContainerTable::place)
                        .distinct()
                        .toList();
        if (places.isEmpty()) {
            return style.symbols() ? "–" : "-";
        }
        return fitting(places, room);
    }

    /// Where a link is declared, and its target found in the mount table, the declared name says
    /// it.
    private static boolean reachedByAnotherName(ContainerReport c, PathReport place) {
        return c.paths().stream()
                .filter(p -> !p.path().equals(place.path()))
                .flatMap(p -> p.observations().stream())
                .anyMatch(o -> o.resolved().equals(place.path()));
    }

    private static boolean byTheService(PathReport p) {
        return p.observations().stream()
                .anyMatch(o ->
                        o.identity() == Identity.SERVICE && o.write() instanceof Write.Writable);
    }

    private static String place(PathReport p) {
        String path = UntrustedText.text(p.path());
        return p.persistence() == Persistence.CONTAINER
                ? path
                : path + " (" + p.persistence().label() + ")";
    }

    /// As many whole places as there is room for, and the number of the others.
    private String fitting(List<String> places, int room) {
        String text = String.join(", ", places);
        for (int n = places.size() - 1; n > 0 && UntrustedText.width(text) > room; n--) {
            text =
                    String.join(", ", places.subList(0, n))
                            + " and "
                            + (places.size() - n)
                            + " more";
        }
        return style.clip(text, room);
    }

    private static String shortened(ContainerReport c) {
        return c.witnesses().stream()
                .flatMap(w -> w.trouble().stream())
                .map(t -> t.cause().meaning())
                .findFirst()
                .orElse(c.unproved().getFirst());
    }
}

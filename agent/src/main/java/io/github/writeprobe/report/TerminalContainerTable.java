package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.UntrustedText;
import java.util.List;
import java.util.function.Function;

/// The table of containers: one line for each, with the observed state of its root filesystem and
/// the paths to which the service could write.
final class TerminalContainerTable {
    private static final int MAX_NAME_WIDTH = 28;
    private static final int MEDIUM_NAME_WIDTH = 20;
    private static final int MIN_NAME_WIDTH = 13;
    private static final int MAX_IMAGE_WIDTH = 28;
    private static final int ROOTFS_WIDTH = 11;
    private static final int MIN_COLUMNS_FOR_HEADINGS = 60;
    private static final int MIN_COLUMNS_FOR_NAMES = 70;
    private static final int MIN_COLUMNS_FOR_IMAGES = 110;

    private final TerminalStyle style;

    TerminalContainerTable(TerminalStyle style) {
        this.style = style;
    }

    /// The table; empty if there is no container.
    String render(List<ContainerReport> containers) {
        if (containers.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        int name = width(containers, maxNameWidth(), "CONTAINER", c -> c.container().name());
        boolean images = style.columns() >= MIN_COLUMNS_FOR_IMAGES;
        int image =
                images
                        ? width(containers, MAX_IMAGE_WIDTH, "IMAGE", c -> c.container().image())
                                + 2
                        : 0;
        int rest = style.columns() - 2 - name - 2 - image - ROOTFS_WIDTH - 2;
        out.append(
                style.faint(
                                "  "
                                        + TerminalStyle.pad("CONTAINER", name)
                                        + "  "
                                        + (images ? TerminalStyle.pad("IMAGE", image) : "")
                                        + TerminalStyle.pad("ROOTFS", ROOTFS_WIDTH)
                                        + (style.columns() < MIN_COLUMNS_FOR_HEADINGS
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

    private int maxNameWidth() {
        if (style.columns() < MIN_COLUMNS_FOR_HEADINGS) {
            return MIN_NAME_WIDTH;
        }
        return style.columns() < MIN_COLUMNS_FOR_NAMES ? MEDIUM_NAME_WIDTH : MAX_NAME_WIDTH;
    }

    private static int width(
            List<ContainerReport> containers,
            int maxWidth,
            String heading,
            Function<ContainerReport, String> text) {
        int longest =
                containers.stream()
                        .mapToInt(c -> UntrustedText.width(UntrustedText.escape(text.apply(c))))
                        .max()
                        .orElse(0);
        return Math.clamp(longest, heading.length(), maxWidth);
    }

    private String symbol(Verdict verdict) {
        return switch (verdict) {
            case VIOLATING -> style.red(style.crossMark());
            case UNVERIFIED -> style.yellow(style.questionMark());
            case COMPLIANT -> style.green(style.checkMark());
        };
    }

    private String rootfs(ContainerReport c) {
        RootfsState rootfs = RootfsState.of(c);
        String text = TerminalStyle.pad(rootfs.label(), ROOTFS_WIDTH);
        return switch (rootfs) {
            case DRIFTED -> style.bold(style.red(text));
            case READ_ONLY -> style.green(text);
            case WRITABLE -> isExposed(c) ? style.red(text) : text;
            case NOT_PROVED -> style.yellow(text);
        };
    }

    private static boolean isExposed(ContainerReport c) {
        return c.activeFindings().stream()
                .anyMatch(f -> f.kind() == FindingKind.EXPOSED && f.path().equals("/"));
    }

    /// `/tmp (memory), /data (volume)`, or the reason why it is not known.
    private String writable(ContainerReport c, int maxWidth) {
        boolean probed =
                c.paths().stream()
                        .flatMap(p -> p.observations().stream())
                        .anyMatch(o -> !(o.write() instanceof WriteResult.Inconclusive));
        if (!probed) {
            String why = c.unproved().isEmpty() ? "" : ": " + shortReason(c);
            return style.clip("not known" + why, maxWidth);
        }
        List<String> places =
                c.paths().stream()
                        .filter(p -> p.kind() != MountKind.ENGINE && isWritableByService(p))
                        .filter(p -> !isAlias(c, p))
                        .map(TerminalContainerTable::place)
                        .distinct()
                        .toList();
        if (places.isEmpty()) {
            return style.symbols() ? "–" : "-";
        }
        return fit(places, maxWidth);
    }

    /// Whether the path is the target of another path, which is a symbolic link. Only the declared
    /// path of the two is shown.
    private static boolean isAlias(ContainerReport c, PathReport place) {
        return c.paths().stream()
                .filter(p -> !p.path().equals(place.path()))
                .flatMap(p -> p.observations().stream())
                .anyMatch(o -> o.resolved().equals(place.path()));
    }

    private static boolean isWritableByService(PathReport p) {
        return p.observations().stream()
                .anyMatch(o ->
                        o.identity() == ProbeIdentity.SERVICE
                                && o.write() instanceof WriteResult.Writable);
    }

    private static String place(PathReport p) {
        String path = UntrustedText.escape(p.path());
        return p.persistence() == Persistence.CONTAINER
                ? path
                : path + " (" + p.persistence().label() + ")";
    }

    /// As many whole paths as fit, and the number of the others.
    private String fit(List<String> places, int maxWidth) {
        String text = String.join(", ", places);
        for (int n = places.size() - 1; n > 0 && UntrustedText.width(text) > maxWidth; n--) {
            text =
                    String.join(", ", places.subList(0, n))
                            + " and "
                            + (places.size() - n)
                            + " more";
        }
        return style.clip(text, maxWidth);
    }

    private static String shortReason(ContainerReport c) {
        return c.witnesses().stream()
                .flatMap(w -> w.trouble().stream())
                .map(t -> t.cause().meaning())
                .findFirst()
                .orElse(c.unproved().getFirst());
    }
}

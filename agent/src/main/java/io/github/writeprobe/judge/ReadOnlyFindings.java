package io.github.writeprobe.judge;

import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The findings about what should be read-only and is not: drift, exposed, bypassable.
final class ReadOnlyFindings {
    private final JudgedContainer scene;
    private final PowerHolder holder;

    ReadOnlyFindings(JudgedContainer scene) {
        this.scene = scene;
        this.holder = PowerHolder.of(scene);
    }

    Stream<Finding> all() {
        return Stream.of(
                        scene.mounts().stream().flatMap(m -> drift(m).stream()),
                        scene.mounts().stream().flatMap(m -> exposed(m).stream()),
                        bypassable().stream())
                .flatMap(s -> s);
    }

    private Optional<Finding> drift(Mount m) {
        if (!m.declaredReadOnly() || !(m.proof() instanceof MountProof.NotReadOnly(var by))) {
            return Optional.empty();
        }
        String what =
                m.kind() == MountKind.ROOTFS
                        ? "The root filesystem"
                        : "The mount " + m.mountPoint();
        return Optional.of(
                finding(
                        FindingKind.DRIFT,
                        Severity.CRITICAL,
                        m,
                        what + " is declared read-only, but " + FindingWords.wrote(by),
                        "Something remounted it after the container started: find out what, keep the"
                                + " container for forensics, and replace it"));
    }

    private Optional<Finding> exposed(Mount m) {
        if (m.engineSocket() && !cameAlong(m)) {
            return scene.rule().writable().isPresent()
                            && m.expectation().access() == Access.WRITABLE
                    ? Optional.empty()
                    : Optional.of(
                            finding(
                                    FindingKind.EXPOSED,
                                    Severity.HIGH,
                                    m,
                                    "An engine's socket can be reached through "
                                            + (m.kind() == MountKind.UNDECLARED
                                                    ? m.mountPoint()
                                                    : m.source())
                                            + ": whoever writes to it controls the host, also"
                                            + " where it is mounted :ro",
                                    "Take the socket out, or put a proxy before it that allows only the"
                                            + " calls this service needs"));
        }
        boolean wanted =
                m.declaredWritable().orElse(false)
                        && m.expectation().access() == Access.READ_ONLY
                        && !(m.proof() instanceof MountProof.ReadOnly && !m.calledWritable());
        if (!wanted) {
            return Optional.empty();
        }
        if (m.kind() == MountKind.ROOTFS) {
            return Optional.of(
                    finding(
                            FindingKind.EXPOSED,
                            Severity.HIGH,
                            m,
                            "The root filesystem is writable" + byWhom(m),
                            "Set read_only: true (docker run --read-only), and give back what the"
                                    + " service has to write as tmpfs or volumes"));
        }
        if (m.sensitive()) {
            return Optional.of(
                    finding(
                            FindingKind.EXPOSED,
                            Severity.HIGH,
                            m,
                            "The host's "
                                    + m.shown().sensitive().orElse(m.source())
                                    + " is mounted writable"
                                    + byWhom(m),
                            "Mount it read-only (:ro), or only the directory that the service needs"));
        }
        return Optional.of(
                finding(
                        FindingKind.EXPOSED,
                        Severity.HIGH,
                        m,
                        "The "
                                + m.kind().label()
                                + " is writable"
                                + byWhom(m)
                                + ", policy lists other paths",
                        "Mount it read-only, or list it under writable in the policy"));
    }

    /// Whether it lies below a mount through which an engine's socket can be reached as well: that
    /// one brought it along.
    private boolean cameAlong(Mount m) {
        return m.kind() == MountKind.UNDECLARED
                && scene.mounts().stream()
                        .filter(c -> c.kind() != MountKind.UNDECLARED && c.engineSocket())
                        .anyMatch(c -> MountTable.isAtOrBelow(m.mountPoint(), c.mountPoint()));
    }

    private static String byWhom(Mount m) {
        return switch (m.proof()) {
            case MountProof.NotReadOnly(List<Observation> by) -> ": " + FindingWords.wrote(by);
            case MountProof.Nothing(String why) ->
                    " as declared; no write was tried with success (" + why + ")";
            case MountProof.ReadOnly _ -> "";
        };
    }

    private Optional<Finding> bypassable() {
        Mount rootfs = scene.rootfs();
        if (!rootfsMayBeBypassed()) {
            return Optional.empty();
        }
        List<Powers.Found> powers = Powers.of(holder);
        if (powers.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Finding(
                        FindingKind.BYPASSABLE,
                        Severity.MEDIUM,
                        rootfs.mountPoint(),
                        (rootfs.declaredReadOnly()
                                        ? "The root filesystem is declared read-only, but the"
                                        : "The root filesystem is read-only so far, but the")
                                + " container can undo that: "
                                + powers.stream()
                                        .map(Powers.Found::words)
                                        .collect(Collectors.joining(", ")),
                        "Drop what it does not need: "
                                + powers.stream()
                                        .map(p -> p.power().remedy())
                                        .distinct()
                                        .collect(Collectors.joining("; ")),
                        Stream.concat(
                                        MountEvidence.of(scene, rootfs).stream(),
                                        powers.stream().map(Powers.Found::evidence))
                                .toList(),
                        Optional.empty()));
    }

    /// Whether it has to stay read-only, and is so far: a writable one needs no detour.
    private boolean rootfsMayBeBypassed() {
        Mount rootfs = scene.rootfs();
        boolean readOnly =
                rootfs.declaredReadOnly() || rootfs.proof() instanceof MountProof.ReadOnly;
        return readOnly
                && rootfs.expectation().access() == Access.READ_ONLY
                && !(rootfs.proof() instanceof MountProof.NotReadOnly);
    }

    private Finding finding(
            FindingKind kind, Severity severity, Mount m, String message, String remedy) {
        return new Finding(
                kind,
                severity,
                m.mountPoint(),
                message,
                remedy,
                MountEvidence.of(scene, m),
                Optional.empty());
    }

    /// What of the container has to be read-only, and was neither proved nor disproved, a sentence
    /// each.
    List<String> unproved() {
        Stream<String> powers =
                rootfsMayBeBypassed() ? Powers.undecided(holder).stream() : Stream.of();
        return Stream.concat(notProved(), powers).toList();
    }

    private Stream<String> notProved() {
        return scene.mounts().stream()
                .filter(Mount::hasToBeReadOnly)
                .filter(m -> m.kind() != MountKind.UNDECLARED)
                .filter(m -> !m.special())
                .filter(m -> m.declaredReadOnly() || exposed(m).isEmpty())
                .flatMap(m ->
                        m.proof() instanceof MountProof.Nothing(String why)
                                ? Stream.of(notProved(m, why))
                                : Stream.of());
    }

    private static String notProved(Mount m, String why) {
        String table = m.calledWritable() ? ", and the mount table calls it writable" : "";
        return m.mountPoint() + " is not proved read-only" + table + ": " + why;
    }
}

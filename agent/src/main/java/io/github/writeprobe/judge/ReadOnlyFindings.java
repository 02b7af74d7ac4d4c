package io.github.writeprobe.judge;

import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The findings about mounts that should be read-only and are not: `drift`, `exposed` and
/// `bypassable`.
final class ReadOnlyFindings {
    private final JudgingInput judged;
    private final PrivilegeFacts holder;

    ReadOnlyFindings(JudgingInput judged) {
        this.judged = judged;
        this.holder = PrivilegeFacts.of(judged);
    }

    Stream<Finding> findings() {
        return Stream.of(
                        judged.mounts().stream().flatMap(m -> drift(m).stream()),
                        judged.mounts().stream().flatMap(m -> exposed(m).stream()),
                        bypassable().stream())
                .flatMap(s -> s);
    }

    private Optional<Finding> drift(JudgedMount m) {
        if (!m.isDeclaredReadOnly()
                || !(m.proof() instanceof ProbedMountWritability.NotReadOnly(var by))) {
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
                        what + " is declared read-only, but " + PathObservationText.writes(by),
                        "Something remounted it after the container started: find out what, keep the"
                                + " container for forensics, and replace it"));
    }

    private Optional<Finding> exposed(JudgedMount m) {
        if (m.hasEngineSocket() && !isBelowEngineSocketMount(m)) {
            return judged.rule().writable().isPresent()
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
                                            + ": a process that can connect to it controls the"
                                            + " host, even if it is mounted :ro",
                                    "Remove the socket, or put a proxy in front of it that allows"
                                            + " only the calls that this service needs"));
        }
        boolean isExposed =
                m.declaredWritable().orElse(false)
                        && m.expectation().access() == Access.READ_ONLY
                        && !isNotMounted(m)
                        && !(m.proof() instanceof ProbedMountWritability.ReadOnly
                                && !m.isWritableInTable());
        if (!isExposed) {
            return Optional.empty();
        }
        if (m.kind() == MountKind.ROOTFS) {
            return Optional.of(
                    finding(
                            FindingKind.EXPOSED,
                            Severity.HIGH,
                            m,
                            "The root filesystem is writable" + writesSuffix(m),
                            Remedies.of(judged.container()).readOnlyRootfs()));
        }
        if (m.isSensitive()) {
            return Optional.of(
                    finding(
                            FindingKind.EXPOSED,
                            Severity.HIGH,
                            m,
                            "The host's "
                                    + m.shown().sensitive().orElse(m.source())
                                    + " is mounted writable"
                                    + writesSuffix(m),
                            Remedies.of(judged.container()).readOnlyOrSmallerMount()));
        }
        return Optional.of(
                finding(
                        FindingKind.EXPOSED,
                        Severity.HIGH,
                        m,
                        "The "
                                + m.kind().label()
                                + " is writable"
                                + writesSuffix(m)
                                + ", but the policy does not list it as writable",
                        "Mount it read-only, or list it under writable in the policy"));
    }

    /// Whether the mount table is known, and the mount cannot be reached in it: it was unmounted,
    /// or another one hides it.
    private boolean isNotMounted(JudgedMount m) {
        return m.entry().isEmpty()
                && !ProbeResult.mountsOf(judged.results()).entries().isEmpty()
                && m.kind() != MountKind.ROOTFS;
    }

    /// Whether it is below a declared mount through which an engine's socket can be reached too.
    /// The finding is then about that mount.
    private boolean isBelowEngineSocketMount(JudgedMount m) {
        return m.kind() == MountKind.UNDECLARED
                && judged.mounts().stream()
                        .filter(c -> c.kind() != MountKind.UNDECLARED && c.hasEngineSocket())
                        .anyMatch(c -> MountTable.isAtOrBelow(m.mountPoint(), c.mountPoint()));
    }

    private static String writesSuffix(JudgedMount m) {
        return switch (m.proof()) {
            case ProbedMountWritability.NotReadOnly(List<PathObservation> by) ->
                    ": " + PathObservationText.writes(by);
            case ProbedMountWritability.Nothing(String why) ->
                    " as declared; no probe has confirmed it (" + why + ")";
            case ProbedMountWritability.ReadOnly _ -> "";
        };
    }

    private Optional<Finding> bypassable() {
        JudgedMount rootfs = judged.rootfs();
        if (!isRootfsBypassable()) {
            return Optional.empty();
        }
        List<DangerousPrivilege.Found> powers = DangerousPrivilege.of(holder);
        if (powers.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Finding(
                        FindingKind.BYPASSABLE,
                        Severity.MEDIUM,
                        rootfs.mountPoint(),
                        (rootfs.isDeclaredReadOnly()
                                        ? "The root filesystem is declared read-only, but the"
                                        : "The root filesystem is read-only now, but the")
                                + " container can undo that: "
                                + powers.stream()
                                        .map(DangerousPrivilege.Found::description)
                                        .collect(Collectors.joining(", ")),
                        "Remove what the service does not need: "
                                + powers.stream()
                                        .map(p -> p.power().remedy())
                                        .distinct()
                                        .collect(Collectors.joining("; ")),
                        Stream.concat(
                                        MountEvidenceText.of(judged, rootfs).stream(),
                                        powers.stream().map(DangerousPrivilege.Found::evidence))
                                .toList(),
                        Optional.empty()));
    }

    /// Whether the root filesystem has to be read-only, and no write succeeded. If it is writable
    /// already, there is nothing to bypass.
    private boolean isRootfsBypassable() {
        JudgedMount rootfs = judged.rootfs();
        boolean readOnly =
                rootfs.isDeclaredReadOnly()
                        || rootfs.proof() instanceof ProbedMountWritability.ReadOnly;
        return readOnly
                && rootfs.expectation().access() == Access.READ_ONLY
                && !(rootfs.proof() instanceof ProbedMountWritability.NotReadOnly);
    }

    private Finding finding(
            FindingKind kind, Severity severity, JudgedMount m, String message, String remedy) {
        return new Finding(
                kind,
                severity,
                m.mountPoint(),
                message,
                remedy,
                MountEvidenceText.of(judged, m),
                Optional.empty());
    }

    /// A sentence for each mount that has to be read-only and was neither proved nor disproved, and
    /// for each power that could not be decided.
    List<String> unproved() {
        Stream<String> powers =
                isRootfsBypassable() ? DangerousPrivilege.undecided(holder).stream() : Stream.of();
        return Stream.concat(unprovedMounts(), powers).toList();
    }

    private Stream<String> unprovedMounts() {
        return judged.mounts().stream()
                .filter(JudgedMount::mustBeReadOnly)
                .filter(m -> m.kind() != MountKind.UNDECLARED)
                .filter(m -> !m.isSpecialFile())
                .filter(m -> m.isDeclaredReadOnly() || exposed(m).isEmpty())
                .flatMap(m ->
                        m.proof() instanceof ProbedMountWritability.Nothing(String why)
                                ? Stream.of(unprovedReason(m, why))
                                : Stream.of());
    }

    private static String unprovedReason(JudgedMount m, String why) {
        String table = m.isWritableInTable() ? ", and the mount table shows it as writable" : "";
        return m.mountPoint() + " is not proved read-only" + table + ": " + why;
    }
}

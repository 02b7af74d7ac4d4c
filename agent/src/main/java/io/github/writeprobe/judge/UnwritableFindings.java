package io.github.writeprobe.judge;

import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The findings `unwritable`: a mount is declared writable, and the policy allows that, but writes
/// to it are refused.
///
/// The severity depends on the cause. A filesystem that refuses everybody is a fault that nobody
/// intended. A user without permission may be intended, unless the policy lists the path.
final class UnwritableFindings {
    private final JudgingInput judged;

    UnwritableFindings(JudgingInput judged) {
        this.judged = judged;
    }

    Stream<Finding> findings() {
        return judged.mounts().stream()
                .filter(UnwritableFindings::shouldBeWritable)
                .flatMap(m -> refusal(m).map(r -> finding(m, r)).stream());
    }

    /// Why writes are refused.
    ///
    /// @param problem what the container or its service meets, to follow "but"
    private record Refusal(Severity severity, String problem, String remedy) {}

    private static boolean shouldBeWritable(JudgedMount m) {
        return switch (m.kind()) {
            case TMPFS, VOLUME, BIND ->
                    m.declaredWritable().orElse(false)
                            && m.expectation().access() == Access.WRITABLE;
            case ROOTFS, ENGINE, UNDECLARED -> false;
        };
    }

    private Optional<Refusal> refusal(JudgedMount m) {
        List<PathObservation> observations =
                m.observations().stream().filter(o -> o.resolved().equals(m.mountPoint())).toList();
        if (observations.stream().anyMatch(UnwritableFindings::isDeleted)) {
            return Optional.of(
                    new Refusal(
                            Severity.HIGH,
                            "the directory was deleted on the host: nothing can be created in it",
                            "Restart the container, so that it gets the directory that is there"
                                    + " now; mount the parent directory if deployments replace it"));
        }
        if (m.proof() instanceof ProbedMountWritability.ReadOnly) {
            return Optional.of(readOnly(m));
        }
        return observations.stream()
                .filter(o -> o.identity() == ProbeIdentity.SERVICE)
                .flatMap(o ->
                        o.write() instanceof WriteResult.Refused r
                                ? Stream.of(refusal(m, o, r.errno()))
                                : Stream.of())
                .findFirst();
    }

    private static boolean isDeleted(PathObservation o) {
        return o.write() instanceof WriteResult.Inconclusive i
                && i.cause() == InconclusiveCause.DELETED;
    }

    private Refusal readOnly(JudgedMount m) {
        boolean onlyThisMount =
                m.entry()
                        .filter(e -> e.options().contains("ro") && !e.superOptions().contains("ro"))
                        .isPresent();
        return onlyThisMount
                ? new Refusal(
                        Severity.HIGH,
                        "it is mounted read-only in the container (EROFS)",
                        "Restart the container; if it was remounted, find out by what. If it has to"
                                + " be read-only, declare the mount "
                                + Remedies.of(judged.container()).readOnly())
                : new Refusal(
                        Severity.HIGH,
                        "its filesystem is read-only for everybody (EROFS)",
                        "Look in the kernel's log for errors of the device (dmesg), repair the"
                                + " filesystem, and mount it writable again. If it has to be"
                                + " read-only, declare the mount "
                                + Remedies.of(judged.container()).readOnly());
    }

    private Refusal refusal(JudgedMount m, PathObservation o, Errno errno) {
        String service = PathObservationText.identity(o);
        return switch (errno) {
            case EIO ->
                    new Refusal(
                            Severity.HIGH,
                            "its filesystem fails (EIO)",
                            "Look in the kernel's log for errors of the device (dmesg)");
            case ESTALE ->
                    new Refusal(
                            Severity.HIGH,
                            "its server does not know the directory any more (ESTALE)",
                            "Mount the network filesystem again on the host, and restart the"
                                    + " container");
            case ENOTCONN ->
                    new Refusal(
                            Severity.HIGH,
                            "the server of its filesystem has ended (ENOTCONN)",
                            "Start the server and mount its filesystem again on the host, and"
                                    + " restart the container");
            case ENOSPC ->
                    new Refusal(
                            Severity.MEDIUM,
                            "its filesystem is full (ENOSPC)",
                            "Free some space or inodes (df, df -i), or give it more");
            case EDQUOT ->
                    new Refusal(
                            Severity.MEDIUM,
                            "the quota of " + service + " is used up (EDQUOT)",
                            "Free some space, or raise the quota");
            default ->
                    new Refusal(
                            isRequired(m) ? Severity.MEDIUM : Severity.LOW,
                            service + " cannot write to it (" + errno + ")",
                            Remedies.of(judged.container()).ownerOrDeclareReadOnly());
        };
    }

    /// Whether the policy lists it, so that somebody has said that the service writes there.
    private boolean isRequired(JudgedMount m) {
        return judged.rule().writable().orElse(List.of()).contains(m.mountPoint());
    }

    private Finding finding(JudgedMount m, Refusal refusal) {
        List<String> evidence = new ArrayList<>(MountEvidenceText.of(judged, m));
        List<String> neighbours = onSameFilesystem(m);
        if (!neighbours.isEmpty()) {
            evidence.add("on the same filesystem: " + PathObservationText.list(neighbours));
        }
        return new Finding(
                FindingKind.UNWRITABLE,
                refusal.severity(),
                m.mountPoint(),
                "The " + m.kind().label() + " is declared writable, but " + refusal.problem(),
                refusal.remedy(),
                evidence,
                Optional.empty());
    }

    /// Other mounts of the container that a fault of the filesystem affects as well.
    private List<String> onSameFilesystem(JudgedMount m) {
        Optional<String> device = m.entry().map(MountEntry::device);
        return judged.mounts().stream()
                .filter(other -> !other.mountPoint().equals(m.mountPoint()))
                .filter(other ->
                        device.isPresent() && other.entry().map(MountEntry::device).equals(device))
                .map(JudgedMount::mountPoint)
                .sorted()
                .toList();
    }
}

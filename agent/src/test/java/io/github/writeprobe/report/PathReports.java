package io.github.writeprobe.report;

import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reports of paths with observations.
final class PathReports {
    private static final Expectation READ_ONLY =
            new Expectation(
                    Expectation.Access.READ_ONLY,
                    false,
                    "default rule: rootfs has to be read-only");
    private static final Expectation NOEXEC =
            new Expectation(Expectation.Access.WRITABLE, true, "rule 1: noexec /tmp");
    private static final Expectation WRITABLE =
            new Expectation(Expectation.Access.WRITABLE, false, "declared writable");
    static final String OVERLAY_RO =
            "612 498 0:61 / / ro,relatime - overlay overlay rw,lowerdir=/l/A:/l/B,upperdir=/u";
    static final String OVERLAY_RW = OVERLAY_RO.replace(" / / ro,", " / / rw,");
    static final String TMP =
            "620 612 0:70 / /tmp rw,nosuid,nodev,noexec - tmpfs tmpfs rw,size=65536k";

    private PathReports() {}

    static PathReport rootfsDrifted() {
        return rootfs(
                Optional.of(false),
                entry(OVERLAY_RW),
                new WriteResult.Writable(),
                new FileExecutionResult.Ran());
    }

    static PathReport rootfsUnknown() {
        return rootfs(
                Optional.of(false),
                Optional.empty(),
                new WriteResult.Inconclusive(InconclusiveCause.NO_SHELL, ""),
                new FileExecutionResult.Untested("no shell"));
    }

    static PathReport rootfsRefused() {
        return rootfs(
                Optional.of(false),
                entry(OVERLAY_RO),
                new WriteResult.Refused(
                        Errno.EROFS, false, "sh: can't create /x: Read-only file system"),
                new FileExecutionResult.Untested("not writable"));
    }

    static PathReport rootfsWritable() {
        return rootfs(
                Optional.of(true),
                entry(OVERLAY_RW),
                new WriteResult.Writable(),
                new FileExecutionResult.Ran());
    }

    private static PathReport rootfs(
            Optional<Boolean> declared,
            Optional<MountEntry> entry,
            WriteResult write,
            FileExecutionResult execute) {
        return new PathReport(
                "/",
                MountKind.ROOTFS,
                "/",
                "overlay",
                Persistence.CONTAINER,
                declared,
                READ_ONLY,
                entry,
                List.of(observation("/", write, execute)));
    }

    static PathReport volumeRefused() {
        return new PathReport(
                "/data",
                MountKind.VOLUME,
                "/data",
                "shop_data",
                Persistence.SHARED,
                Optional.of(true),
                WRITABLE,
                Optional.empty(),
                List.of(
                        observation(
                                "/data",
                                new WriteResult.Refused(
                                        Errno.EACCES,
                                        false,
                                        "sh: can't create /data/x: Permission" + " denied"),
                                new FileExecutionResult.Untested("not writable"))));
    }

    static PathReport tmpWritable() {
        return tmpfs("/tmp");
    }

    static PathReport tmpfs(String path) {
        return new PathReport(
                path,
                MountKind.TMPFS,
                path,
                "tmpfs",
                Persistence.MEMORY,
                Optional.of(true),
                NOEXEC,
                entry(TMP.replace(" /tmp ", " " + path + " ")),
                List.of(
                        observation(
                                path,
                                new WriteResult.Writable(),
                                new FileExecutionResult.Refused(Errno.EACCES)),
                        new PathObservation(
                                WitnessName.EXEC,
                                ProbeIdentity.ROOT,
                                OptionalInt.of(0),
                                path,
                                path,
                                new WriteResult.Writable(),
                                new FileExecutionResult.Refused(Errno.EACCES))));
    }

    static Optional<MountEntry> entry(String line) {
        return MountTable.parse(line).entries().stream().findFirst();
    }

    static PathObservation observation(
            String path, WriteResult write, FileExecutionResult execute) {
        return new PathObservation(
                WitnessName.EXEC,
                ProbeIdentity.SERVICE,
                OptionalInt.of(101),
                path,
                path,
                write,
                execute);
    }
}

package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.docker.CloneRequest.CloneMount;
import io.github.writeprobe.docker.DockerCloneEnvironment.CreateResult;
import io.github.writeprobe.docker.MountPlan.PlannedMount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// The copies of one container's mounts, in volumes of the bench's own.
///
/// They are filled through a container that is never started, since an engine puts files into
/// containers only. It stays until the end, so that nobody takes the volumes for unused.
final class VolumeCopies {
    private static final int MISSING = 404;

    /// Where the filler has the volume that holds one copied file.
    private static final String FILE_MOUNT_POINT = "/writeprobe-file";

    /// A copy in the making.
    ///
    /// @param mountPoint the filler's mount point of the volume
    private record VolumeFill(PlannedMount.Copy plannedMount, String volume, String mountPoint) {}

    private final DockerCloneEnvironment cloneEnvironment;
    private final JsonNode original;
    private final MountPlan plan;
    private final List<CloneMount> mounts = new ArrayList<>();

    VolumeCopies(DockerCloneEnvironment cloneEnvironment, JsonNode original, MountPlan plan) {
        this.cloneEnvironment = cloneEnvironment;
        this.original = original;
        this.plan = plan;
    }

    /// What the clones get; after [#copyAll(List)].
    List<CloneMount> mounts() {
        return List.copyOf(mounts);
    }

    /// @param differences to add to
    /// @return why it is not possible; empty if it is done
    Optional<String> copyAll(List<String> differences)
            throws EngineUnavailable, InterruptedException {
        for (PlannedMount plannedMount : plan.plannedMounts()) {
            if (plannedMount instanceof PlannedMount.ReadOnlyFile readOnlyFile) {
                mounts.add(readOnlyMount(readOnlyFile.destination(), readOnlyFile.original()));
            }
        }
        List<PlannedMount.Copy> copies = plan.copies();
        if (copies.isEmpty()) {
            return Optional.empty();
        }
        List<VolumeFill> fills = new ArrayList<>();
        for (PlannedMount.Copy plannedMount : copies) {
            fills.add(
                    new VolumeFill(
                            plannedMount,
                            cloneEnvironment.createVolume(),
                            plannedMount.file()
                                    ? FILE_MOUNT_POINT + fills.size()
                                    : plannedMount.destination()));
        }
        CreateResult filler =
                cloneEnvironment.createContainer(
                        CloneRequest.filler(
                                original,
                                fills.stream()
                                        .map(f ->
                                                new CloneMount(
                                                        "volume",
                                                        f.volume(),
                                                        f.mountPoint(),
                                                        false,
                                                        false))
                                        .toList(),
                                DockerCloneEnvironment.containerLabels(
                                        cloneEnvironment.timeLeft())));
        if (!filler.answer().isOk()) {
            return Optional.of(
                    filler.answer().status() == MISSING
                            ? "its image is not there any more"
                            : "the engine would not make a copy: " + filler.answer().message());
        }
        return fill(filler.name(), fills, differences);
    }

    private Optional<String> fill(String filler, List<VolumeFill> fills, List<String> differences)
            throws EngineUnavailable, InterruptedException {
        String id = original.path("Id").asText("");
        FileCopier copier = new FileCopier(cloneEnvironment.calls(), cloneEnvironment.info());
        List<String> copiedWhileRunning = new ArrayList<>();
        long remainingBytes = cloneEnvironment.copyBytes();
        for (VolumeFill volumeFill : fills) {
            PlannedMount.Copy plannedMount = volumeFill.plannedMount();
            String targetDirectory =
                    plannedMount.file()
                            ? volumeFill.mountPoint()
                            : AbsolutePaths.parent(plannedMount.destination());
            long limit = remainingBytes;
            CopyResult result =
                    copyWithinTime(
                            copier, id, plannedMount.destination(), filler, targetDirectory, limit);
            switch (result) {
                case CopyResult.Done(long bytes) -> {
                    remainingBytes -= bytes;
                    mounts.add(cloneMount(volumeFill));
                    if (plannedMount.writable()) {
                        copiedWhileRunning.add(plannedMount.destination());
                    }
                }
                case CopyResult.TooLarge() -> {
                    if (plannedMount.writable() || plannedMount.file()) {
                        return Optional.of(
                                "%s holds more than the %s that may be copied for its clones"
                                        .formatted(
                                                plannedMount.destination(),
                                                ByteSizes.format(cloneEnvironment.copyBytes())));
                    }
                    mounts.add(readOnlyMount(plannedMount.destination(), plannedMount.original()));
                    differences.add(
                            "%s is larger than the %s that may be copied: its clones read the original's, and a socket in it would be the original's"
                                    .formatted(
                                            plannedMount.destination(),
                                            ByteSizes.format(cloneEnvironment.copyBytes())));
                }
                case CopyResult.DiskFull() -> {
                    return Optional.of(
                            "the engine's disk has no room for a copy of "
                                    + plannedMount.destination());
                }
                case CopyResult.Truncated() -> {
                    return Optional.of(
                            "%s changed under the engine's hands each time it was copied"
                                    .formatted(plannedMount.destination()));
                }
                case CopyResult.TimedOut(Duration time) -> {
                    return Optional.of(
                            "%s could not be copied within %s"
                                    .formatted(
                                            plannedMount.destination(),
                                            EngineErrors.formatDuration(time)));
                }
                case CopyResult.Failed(String reason) -> {
                    return Optional.of(
                            "%s could not be copied: %s"
                                    .formatted(plannedMount.destination(), reason));
                }
            }
        }
        if (!copiedWhileRunning.isEmpty()
                && original.path("State").path("Running").asBoolean(false)) {
            differences.add(
                    "%s %s copied while it ran, so its clones find what a power cut would have left"
                            .formatted(
                                    String.join(", ", copiedWhileRunning),
                                    copiedWhileRunning.size() == 1 ? "was" : "were"));
        }
        return Optional.empty();
    }

    /// Half of the time is for what the copy is for.
    private CopyResult copyWithinTime(
            FileCopier copier,
            String original,
            String path,
            String filler,
            String targetDirectory,
            long limit)
            throws EngineUnavailable, InterruptedException {
        Duration time = cloneEnvironment.timeLeft().dividedBy(2);
        try {
            return cloneEnvironment
                    .calls()
                    .execute(
                            "a copy of a volume",
                            time,
                            () -> copier.copy(original, path, filler, targetDirectory, limit));
        } catch (EngineUnavailable e) {
            if (e.getCause() instanceof TimeoutException) {
                return new CopyResult.TimedOut(Duration.ofSeconds(time.toSeconds()));
            }
            throw e;
        }
    }

    private CloneMount cloneMount(VolumeFill volumeFill)
            throws EngineUnavailable, InterruptedException {
        PlannedMount.Copy plannedMount = volumeFill.plannedMount();
        if (!plannedMount.file()) {
            return new CloneMount(
                    "volume",
                    volumeFill.volume(),
                    plannedMount.destination(),
                    !plannedMount.writable(),
                    false);
        }
        String call = "GET /volumes/NAME";
        String directory =
                cloneEnvironment
                        .calls()
                        .execute(
                                call,
                                () ->
                                        cloneEnvironment
                                                .calls()
                                                .requireJson(
                                                        call,
                                                        cloneEnvironment
                                                                .calls()
                                                                .api()
                                                                .get(
                                                                        "/volumes/"
                                                                                + volumeFill
                                                                                        .volume())))
                        .path("Mountpoint")
                        .asText("");
        return new CloneMount(
                "bind",
                AbsolutePaths.child(directory, AbsolutePaths.name(plannedMount.destination())),
                plannedMount.destination(),
                !plannedMount.writable(),
                false);
    }

    private static CloneMount readOnlyMount(String destination, MountPlan.OriginalMount original) {
        return new CloneMount(original.type(), original.source(), destination, true, false);
    }
}

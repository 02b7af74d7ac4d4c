package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.clone.CloneMountPlan.PlannedMount;
import io.github.writeprobe.docker.clone.CloneRequest.CloneMount;
import io.github.writeprobe.docker.clone.DockerCloneEnvironment.CreateResult;
import io.github.writeprobe.docker.inspect.AbsolutePaths;
import io.github.writeprobe.docker.transport.DockerErrorMessages;
import io.github.writeprobe.engine.EngineUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// The copies of one container's mounts, in volumes of the clone environment.
///
/// They are filled through a container that is never started, because an engine writes files only
/// into containers. This container stays until the end, so that the volumes do not count as unused.
final class VolumeCopies {
    private static final int MISSING = 404;

    /// The mount point, in that container, of a volume that holds one copied file.
    private static final String FILE_MOUNT_POINT = "/writeprobe-file";

    /// A volume to be filled.
    ///
    /// @param mountPoint of the volume in that container
    private record VolumeFill(PlannedMount.Copy plannedMount, String volume, String mountPoint) {}

    private final DockerCloneEnvironment cloneEnvironment;
    private final JsonNode original;
    private final CloneMountPlan plan;
    private final List<CloneMount> mounts = new ArrayList<>();

    VolumeCopies(DockerCloneEnvironment cloneEnvironment, JsonNode original, CloneMountPlan plan) {
        this.cloneEnvironment = cloneEnvironment;
        this.original = original;
        this.plan = plan;
    }

    /// The mounts of the clones, after [#copyAll(List)].
    List<CloneMount> mounts() {
        return List.copyOf(mounts);
    }

    /// @param differences receives further differences
    /// @return why copying is not possible; empty on success
    Optional<String> copyAll(List<String> differences)
            throws EngineUnavailable, InterruptedException {
        for (PlannedMount plannedMount : plan.plannedMounts()) {
            if (plannedMount instanceof PlannedMount.Original original) {
                mounts.add(readOnlyMount(original.destination(), original.original()));
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
                                        cloneEnvironment.remainingTime())));
        if (!filler.answer().isOk()) {
            return Optional.of(
                    filler.answer().status() == MISSING
                            ? "its image no longer exists"
                            : "the engine refused to create the container for the copy: "
                                    + filler.answer().message());
        }
        return fill(filler.name(), fills, differences);
    }

    private Optional<String> fill(String filler, List<VolumeFill> fills, List<String> differences)
            throws EngineUnavailable, InterruptedException {
        String id = original.path("Id").asText("");
        CloneDataCopier copier =
                new CloneDataCopier(cloneEnvironment.calls(), cloneEnvironment.info());
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
                                "%s is larger than the %s that may be copied for its clones"
                                        .formatted(
                                                plannedMount.destination(),
                                                ByteSizeFormatter.format(
                                                        cloneEnvironment.copyBytes())));
                    }
                    mounts.add(readOnlyMount(plannedMount.destination(), plannedMount.original()));
                    differences.add(
                            "%s is larger than the %s that may be copied: its clones mount the original read-only, with any sockets in it, and without what is mounted below it"
                                    .formatted(
                                            plannedMount.destination(),
                                            ByteSizeFormatter.format(
                                                    cloneEnvironment.copyBytes())));
                }
                case CopyResult.DiskFull() -> {
                    return Optional.of(
                            "there is not enough space on the engine's disk for a copy of "
                                    + plannedMount.destination());
                }
                case CopyResult.Truncated() -> {
                    return Optional.of(
                            "%s changed during every attempt to copy it"
                                    .formatted(plannedMount.destination()));
                }
                case CopyResult.TimedOut(Duration time) -> {
                    return Optional.of(
                            "%s could not be copied within %s"
                                    .formatted(
                                            plannedMount.destination(),
                                            DockerErrorMessages.formatDuration(time)));
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
                    "%s %s copied while it ran, so its clones find the data as after a power cut"
                            .formatted(
                                    String.join(", ", copiedWhileRunning),
                                    copiedWhileRunning.size() == 1 ? "was" : "were"));
        }
        return Optional.empty();
    }

    /// Half of the remaining time; the other half is for the proof.
    private CopyResult copyWithinTime(
            CloneDataCopier copier,
            String original,
            String path,
            String filler,
            String targetDirectory,
            long limit)
            throws EngineUnavailable, InterruptedException {
        Duration time = cloneEnvironment.remainingTime().dividedBy(2);
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

    private static CloneMount readOnlyMount(
            String destination, CloneMountPlan.OriginalMount original) {
        return new CloneMount(
                original.type(), original.source(), destination, true, false, original.subpath());
    }
}

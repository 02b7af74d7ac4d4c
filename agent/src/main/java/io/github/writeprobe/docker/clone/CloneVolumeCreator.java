package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.archive.EmptyDirectoryTar;
import io.github.writeprobe.docker.clone.CloneRequest.CloneMount;
import io.github.writeprobe.docker.clone.DockerCloneEnvironment.CreateResult;
import io.github.writeprobe.docker.inspect.AbsolutePaths;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.propose.ProposalItem;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The volumes that a proposal gives a clone. They are empty, or the engine fills them from the
/// image.
///
/// If the image has no such directory, a new volume belongs to root. The proposal says so, and how
/// to give it to the service. Here the owner is set through a container that is never started.
final class CloneVolumeCreator {
    private static final String MOUNT_NAME = "writeprobe-volume";

    private final DockerCloneEnvironment cloneEnvironment;
    private final JsonNode original;
    private final List<CloneMount> mounts = new ArrayList<>();
    private final List<String> volumes = new ArrayList<>();
    private final List<String> containers = new ArrayList<>();

    CloneVolumeCreator(DockerCloneEnvironment cloneEnvironment, JsonNode original) {
        this.cloneEnvironment = cloneEnvironment;
        this.original = original;
    }

    void create(List<ProposalItem> provisions) throws EngineUnavailable, InterruptedException {
        for (ProposalItem provision : provisions) {
            if (provision instanceof ProposalItem.Volume requested) {
                String volume = cloneEnvironment.createVolume();
                volumes.add(volume);
                mounts.add(
                        new CloneMount(
                                "volume",
                                volume,
                                AbsolutePaths.normalize(requested.path()),
                                false,
                                true));
                if (requested.needsChown()
                        && EmptyDirectoryTar.canHold(requested.uid(), requested.gid())) {
                    setOwner(volume, requested);
                }
            }
        }
    }

    private void setOwner(String volume, ProposalItem.Volume requested)
            throws EngineUnavailable, InterruptedException {
        CloneMount mount = new CloneMount("volume", volume, "/" + MOUNT_NAME, false, false);
        Duration life = cloneEnvironment.remainingTime();
        CreateResult filler =
                cloneEnvironment.createContainer(
                        CloneRequest.filler(
                                original,
                                List.of(mount),
                                DockerCloneEnvironment.containerLabels(life)));
        containers.add(filler.name());
        if (!filler.answer().isOk()) {
            return;
        }
        byte[] archive =
                EmptyDirectoryTar.of(
                        MOUNT_NAME, requested.mode(), requested.uid(), requested.gid(), 0);
        String path = "/containers/" + filler.name() + "/archive?path=%2F";
        cloneEnvironment
                .calls()
                .execute(
                        "PUT /containers/ID/archive",
                        () ->
                                cloneEnvironment
                                        .calls()
                                        .api()
                                        .put(
                                                path,
                                                CloneDataCopier.TAR_CONTENT_TYPE,
                                                new ByteArrayInputStream(archive)));
    }

    List<CloneMount> mounts() {
        return List.copyOf(mounts);
    }

    /// The names of the volumes, to be removed after the clone.
    List<String> volumes() {
        return List.copyOf(volumes);
    }

    /// The names of the containers, to be removed before the volumes.
    List<String> containers() {
        return List.copyOf(containers);
    }
}

package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.docker.CloneRequest.Mounted;
import io.github.writeprobe.docker.DockerCloneEnvironment.Creation;
import io.github.writeprobe.recommend.Provision;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The volumes that a proposal gives a clone, empty or filled by the engine from the image.
///
/// Where the image has no such directory, a new volume is root's; a proposal says so, and how to
/// give it to the service. Here that is done through a container that is never started.
final class NewVolumes {
    private static final String AT = "writeprobe-volume";
    private static final int AS_CHOWN_LEAVES_IT = 0755;

    private final DockerCloneEnvironment bench;
    private final JsonNode original;
    private final List<Mounted> mounted = new ArrayList<>();
    private final List<String> volumes = new ArrayList<>();
    private final List<String> containers = new ArrayList<>();

    NewVolumes(DockerCloneEnvironment bench, JsonNode original) {
        this.bench = bench;
        this.original = original;
    }

    void make(List<Provision> provisions) throws EngineUnavailable, InterruptedException {
        for (Provision provision : provisions) {
            if (provision instanceof Provision.Volume wanted) {
                String volume = bench.volume();
                volumes.add(volume);
                mounted.add(
                        new Mounted(
                                "volume",
                                volume,
                                AbsolutePaths.cleaned(wanted.path()),
                                false,
                                true));
                if (wanted.ofRoot() && TarDirectory.fits(wanted.uid(), wanted.gid())) {
                    give(volume, wanted);
                }
            }
        }
    }

    private void give(String volume, Provision.Volume wanted)
            throws EngineUnavailable, InterruptedException {
        Mounted there = new Mounted("volume", volume, "/" + AT, false, false);
        Duration life = bench.timeLeft();
        Creation filler =
                bench.create(
                        CloneRequest.filler(
                                original, List.of(there), DockerCloneEnvironment.labels(life)));
        containers.add(filler.name());
        if (!filler.answer().ok()) {
            return;
        }
        byte[] archive = TarDirectory.of(AT, AS_CHOWN_LEAVES_IT, wanted.uid(), wanted.gid(), 0);
        String path = "/containers/" + filler.name() + "/archive?path=%2F";
        bench.calls()
                .make(
                        "PUT /containers/ID/archive",
                        () ->
                                bench.calls()
                                        .api()
                                        .put(
                                                path,
                                                FileCopier.TAR,
                                                new ByteArrayInputStream(archive)));
    }

    List<Mounted> mounted() {
        return List.copyOf(mounted);
    }

    /// By name, to be removed after the clone.
    List<String> volumes() {
        return List.copyOf(volumes);
    }

    /// The same; before the volumes.
    List<String> containers() {
        return List.copyOf(containers);
    }
}

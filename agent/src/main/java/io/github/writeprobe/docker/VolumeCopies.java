package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.docker.CloneRequest.Mounted;
import io.github.writeprobe.docker.DockerCloneEnvironment.Creation;
import io.github.writeprobe.docker.MountPlan.Part;
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
    private static final String FILE = "/writeprobe-file";

    /// A copy in the making.
    ///
    /// @param at the filler's mount point of the volume
    private record Filling(Part.Copy part, String volume, String at) {}

    private final DockerCloneEnvironment bench;
    private final JsonNode original;
    private final MountPlan plan;
    private final List<Mounted> mounted = new ArrayList<>();

    VolumeCopies(DockerCloneEnvironment bench, JsonNode original, MountPlan plan) {
        this.bench = bench;
        this.original = original;
        this.plan = plan;
    }

    /// What the clones get; after [#make(List)].
    List<Mounted> mounted() {
        return List.copyOf(mounted);
    }

    /// @param differences to add to
    /// @return why it is not possible; empty if it is done
    Optional<String> make(List<String> differences) throws EngineUnavailable, InterruptedException {
        for (Part part : plan.parts()) {
            if (part instanceof Part.Lent lent) {
                mounted.add(lent(lent.destination(), lent.original()));
            }
        }
        List<Part.Copy> wanted = plan.copies();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        List<Filling> fillings = new ArrayList<>();
        for (Part.Copy part : wanted) {
            fillings.add(
                    new Filling(
                            part,
                            bench.volume(),
                            part.file() ? FILE + fillings.size() : part.destination()));
        }
        Creation filler =
                bench.create(
                        CloneRequest.filler(
                                original,
                                fillings.stream()
                                        .map(f ->
                                                new Mounted(
                                                        "volume", f.volume(), f.at(), false, false))
                                        .toList(),
                                DockerCloneEnvironment.labels(bench.timeLeft())));
        if (!filler.answer().ok()) {
            return Optional.of(
                    filler.answer().status() == MISSING
                            ? "its image is not there any more"
                            : "the engine would not make a copy: " + filler.answer().message());
        }
        return fill(filler.name(), fillings, differences);
    }

    private Optional<String> fill(String filler, List<Filling> fillings, List<String> differences)
            throws EngineUnavailable, InterruptedException {
        String id = original.path("Id").asText("");
        FileCopier copying = new FileCopier(bench.calls(), bench.info());
        List<String> live = new ArrayList<>();
        long left = bench.copyBytes();
        for (Filling filling : fillings) {
            Part.Copy part = filling.part();
            String into = part.file() ? filling.at() : AbsolutePaths.parent(part.destination());
            long limit = left;
            CopyResult copied = copied(copying, id, part.destination(), filler, into, limit);
            switch (copied) {
                case CopyResult.Done(long bytes) -> {
                    left -= bytes;
                    mounted.add(copy(filling));
                    if (part.writable()) {
                        live.add(part.destination());
                    }
                }
                case CopyResult.TooLarge() -> {
                    if (part.writable() || part.file()) {
                        return Optional.of(
                                "%s holds more than the %s that may be copied for its clones"
                                        .formatted(
                                                part.destination(),
                                                ByteSizes.text(bench.copyBytes())));
                    }
                    mounted.add(lent(part.destination(), part.original()));
                    differences.add(
                            "%s is larger than the %s that may be copied: its clones read the original's, and a socket in it would be the original's"
                                    .formatted(
                                            part.destination(), ByteSizes.text(bench.copyBytes())));
                }
                case CopyResult.NoRoom() -> {
                    return Optional.of(
                            "the engine's disk has no room for a copy of " + part.destination());
                }
                case CopyResult.Torn() -> {
                    return Optional.of(
                            "%s changed under the engine's hands each time it was copied"
                                    .formatted(part.destination()));
                }
                case CopyResult.Slow(Duration time) -> {
                    return Optional.of(
                            "%s could not be copied within %s"
                                    .formatted(part.destination(), EngineErrors.seconds(time)));
                }
                case CopyResult.Failed(String why) -> {
                    return Optional.of(
                            "%s could not be copied: %s".formatted(part.destination(), why));
                }
            }
        }
        if (!live.isEmpty() && original.path("State").path("Running").asBoolean(false)) {
            differences.add(
                    "%s %s copied while it ran, so its clones find what a power cut would have left"
                            .formatted(String.join(", ", live), live.size() == 1 ? "was" : "were"));
        }
        return Optional.empty();
    }

    /// Half of the time is for what the copy is for.
    private CopyResult copied(
            FileCopier copying,
            String original,
            String path,
            String filler,
            String into,
            long limit)
            throws EngineUnavailable, InterruptedException {
        Duration time = bench.timeLeft().dividedBy(2);
        try {
            return bench.calls()
                    .make(
                            "a copy of a volume",
                            time,
                            () -> copying.copy(original, path, filler, into, limit));
        } catch (EngineUnavailable e) {
            if (e.getCause() instanceof TimeoutException) {
                return new CopyResult.Slow(Duration.ofSeconds(time.toSeconds()));
            }
            throw e;
        }
    }

    private Mounted copy(Filling filling) throws EngineUnavailable, InterruptedException {
        Part.Copy part = filling.part();
        if (!part.file()) {
            return new Mounted(
                    "volume", filling.volume(), part.destination(), !part.writable(), false);
        }
        String what = "GET /volumes/NAME";
        String directory =
                bench.calls()
                        .make(
                                what,
                                () ->
                                        bench.calls()
                                                .expect(
                                                        what,
                                                        bench.calls()
                                                                .api()
                                                                .get(
                                                                        "/volumes/"
                                                                                + filling
                                                                                        .volume())))
                        .path("Mountpoint")
                        .asText("");
        return new Mounted(
                "bind",
                AbsolutePaths.child(directory, AbsolutePaths.name(part.destination())),
                part.destination(),
                !part.writable(),
                false);
    }

    private static Mounted lent(String destination, MountPlan.Original original) {
        return new Mounted(original.type(), original.source(), destination, true, false);
    }
}

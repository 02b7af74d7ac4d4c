package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.probes.writes.FileType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What a clone gets in place of its original's mounts.
///
/// @param differences for people, what is not as in the original; each a sentence
record MountPlan(List<PlannedMount> plannedMounts, List<String> differences) {
    /// Of the machine itself: too much to be copied, and full of what a clone could do harm by.
    private static final Set<String> MACHINE_PATHS =
            Set.of(
                    "/",
                    "/boot",
                    "/dev",
                    "/proc",
                    "/run",
                    "/sys",
                    "/usr",
                    "/var",
                    "/var/lib",
                    "/var/lib/containerd",
                    "/var/lib/docker",
                    "/var/lib/kubelet",
                    "/var/run");

    private static final Set<String> KERNEL_PATHS = Set.of("/dev", "/proc", "/sys");

    MountPlan {
        plannedMounts = List.copyOf(plannedMounts);
        differences = List.copyOf(differences);
    }

    /// A mount of the clone's.
    sealed interface PlannedMount {
        String destination();

        /// A directory or a file that is copied: sockets are no part of a copy, and nothing that a
        /// clone writes gets back.
        ///
        /// @param original how the original itself could be mounted; only ever read-only
        record Copy(String destination, boolean file, boolean writable, OriginalMount original)
                implements PlannedMount {}

        /// One file of the original's, read-only.
        record ReadOnlyFile(String destination, OriginalMount original) implements PlannedMount {}
    }

    /// @param type `volume` or `bind`
    /// @param source a volume's name, or the machine's path
    record OriginalMount(String type, String source) {}

    /// @param inspected the original's inspect
    /// @param typeOf of the files at mount points; empty where nobody can say
    static MountPlan of(JsonNode inspected, Function<String, Optional<FileType>> typeOf) {
        List<PlannedMount> plannedMounts = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        for (JsonNode mount : inspected.path("Mounts")) {
            String destination = AbsolutePaths.normalize(mount.path("Destination").asText(""));
            String type = mount.path("Type").asText("");
            boolean volume = type.equals("volume");
            String source = mount.path(volume ? "Name" : "Source").asText("");
            if (type.equals("tmpfs") || destination.equals("/")) {
                continue;
            }
            if (!volume && !type.equals("bind")) {
                differences.add(
                        "%s is left out: clones do without mounts of the type %s"
                                .formatted(destination, type));
            } else if (!volume && isMachinePath(source)) {
                differences.add(
                        "%s is left out: it is %s of the machine itself"
                                .formatted(destination, source));
            } else {
                boolean writable = mount.path("RW").asBoolean(true);
                OriginalMount original = new OriginalMount(type, source);
                switch (typeOf.apply(destination).orElse(FileType.UNKNOWN)) {
                    case DIRECTORY ->
                            plannedMounts.add(
                                    new PlannedMount.Copy(destination, false, writable, original));
                    case REGULAR ->
                            plannedMounts.add(
                                    writable
                                            ? new PlannedMount.Copy(
                                                    destination, true, true, original)
                                            : new PlannedMount.ReadOnlyFile(destination, original));
                    case SOCKET ->
                            differences.add(
                                    "%s is left out: it is a socket, by which clones could reach what is not theirs"
                                            .formatted(destination));
                    case SYMLINK, FIFO, DEVICE, UNKNOWN ->
                            differences.add(
                                    "%s is left out: it is neither a directory nor a file"
                                            .formatted(destination));
                }
            }
        }
        return new MountPlan(plannedMounts, differences);
    }

    private static boolean isMachinePath(String source) {
        String path = AbsolutePaths.normalize(source);
        return MACHINE_PATHS.contains(path)
                || KERNEL_PATHS.stream().anyMatch(kernel -> AbsolutePaths.isWithin(path, kernel));
    }

    List<PlannedMount.Copy> copies() {
        return plannedMounts.stream()
                .filter(PlannedMount.Copy.class::isInstance)
                .map(PlannedMount.Copy.class::cast)
                .toList();
    }
}

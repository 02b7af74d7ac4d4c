package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.inspect.AbsolutePaths;
import io.github.writeprobe.docker.inspect.HostConfigMount;
import io.github.writeprobe.probes.writes.FileType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What a clone gets instead of its original's mounts.
///
/// @param differences what differs from the original; each a sentence for people
record CloneMountPlan(List<PlannedMount> plannedMounts, List<String> differences) {
    /// Directories of the host that are too big to be copied, and through which a clone could do
    /// harm.
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
                    "/var/lib/containers",
                    "/var/lib/containers/storage",
                    "/var/lib/docker",
                    "/var/lib/kubelet",
                    "/var/run");

    private static final Set<String> KERNEL_PATHS = Set.of("/dev", "/proc", "/sys");

    /// Devices that every container has. A bind of one usually masks a file of the image.
    private static final Set<String> HARMLESS_DEVICES =
            Set.of(
                    "/dev/full",
                    "/dev/null",
                    "/dev/random",
                    "/dev/tty",
                    "/dev/urandom",
                    "/dev/zero");

    CloneMountPlan {
        plannedMounts = List.copyOf(plannedMounts);
        differences = List.copyOf(differences);
    }

    /// A mount of the clone.
    sealed interface PlannedMount {
        String destination();

        /// A copy of a directory or a file. Sockets are not copied, and a clone's writes do not
        /// change the original.
        ///
        /// @param original how to mount the original itself; only read-only
        record Copy(String destination, boolean file, boolean writable, OriginalMount original)
                implements PlannedMount {}

        /// A read-only file of the original, a harmless device, or an image, which is always
        /// read-only.
        record Original(String destination, OriginalMount original) implements PlannedMount {}
    }

    /// @param type `volume`, `bind` or `image`
    /// @param source the name of a volume or image, or a path on the host
    /// @param subpath the part of the volume or image that is mounted; empty for all of it
    record OriginalMount(String type, String source, String subpath) {}

    /// @param inspected the original's inspect
    /// @param typeOf returns the type of the file at a mount point; empty if it is unknown
    static CloneMountPlan of(JsonNode inspected, Function<String, Optional<FileType>> typeOf) {
        List<PlannedMount> plannedMounts = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        Map<String, HostConfigMount> requests = HostConfigMount.byDestination(inspected);
        for (JsonNode mount : inspected.path("Mounts")) {
            String destination = AbsolutePaths.normalize(mount.path("Destination").asText(""));
            String type = mount.path("Type").asText("");
            boolean volume = type.equals("volume");
            String source = mount.path(volume ? "Name" : "Source").asText("");
            if (type.equals("tmpfs") || destination.equals("/")) {
                continue;
            }
            HostConfigMount request = HostConfigMount.at(destination, requests);
            Optional<String> image = request.imageName();
            addMountDifferences(mount, request, destination, differences);
            if (image.isPresent()) {
                plannedMounts.add(
                        new PlannedMount.Original(
                                destination,
                                new OriginalMount("image", image.get(), request.subpath())));
            } else if (!volume && !type.equals("bind")) {
                differences.add(
                        "%s is missing in its clones: mounts of the type %s are not supported"
                                .formatted(destination, type));
            } else if (!volume && HARMLESS_DEVICES.contains(AbsolutePaths.normalize(source))) {
                // A device can be written also if its mount is read-only.
                plannedMounts.add(
                        new PlannedMount.Original(
                                destination, new OriginalMount(type, source, request.subpath())));
            } else if (!volume && isMachinePath(source)) {
                differences.add(
                        "%s is missing in its clones: it is %s of the host"
                                .formatted(destination, source));
            } else {
                boolean writable = mount.path("RW").asBoolean(true);
                OriginalMount original = new OriginalMount(type, source, request.subpath());
                switch (typeOf.apply(destination).orElse(FileType.UNKNOWN)) {
                    case DIRECTORY ->
                            plannedMounts.add(
                                    new PlannedMount.Copy(destination, false, writable, original));
                    case REGULAR ->
                            plannedMounts.add(
                                    writable
                                            ? new PlannedMount.Copy(
                                                    destination, true, true, original)
                                            : new PlannedMount.Original(destination, original));
                    case SOCKET ->
                            differences.add(
                                    "%s is missing in its clones: it is a socket, through which a clone could do harm"
                                            .formatted(destination));
                    case SYMLINK, FIFO, DEVICE, UNKNOWN ->
                            differences.add(
                                    "%s is missing in its clones: it is neither a directory nor a file"
                                            .formatted(destination));
                }
            }
        }
        return new CloneMountPlan(plannedMounts, differences);
    }

    /// What the clones leave out of how a mount was declared.
    private static void addMountDifferences(
            JsonNode mount, HostConfigMount request, String destination, List<String> differences) {
        String propagation = mount.path("Propagation").asText("");
        if (propagation.endsWith("shared") || propagation.endsWith("slave")) {
            differences.add(
                    "%s has the propagation %s: its clones do not see what is mounted there later"
                            .formatted(destination, propagation));
        }
        // An unknown type has a message of its own.
        List<String> unknown =
                request.details(mount).unknown().stream()
                        .filter(what -> !what.startsWith("type "))
                        .toList();
        if (!unknown.isEmpty()) {
            differences.add(
                    "%s is different in its clones, because this version does not understand: %s"
                            .formatted(destination, String.join(", ", unknown)));
        }
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

package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.writeprobe.model.TypeSpecificMountOptions;
import io.github.writeprobe.model.TypeSpecificMountOptions.BindRecursion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a user requested for a mount, as an entry of `HostConfig.Mounts`. An inspect repeats only
/// some of it in its own list `Mounts`.
///
/// Every field is either read here, or on the list of those that make no difference, or reported as
/// unknown: a field of a later version of the API is never dropped silently.
///
/// @param json a missing node if it was requested otherwise, as by `-v`
public record HostConfigMount(JsonNode json) {
    private static final Set<String> UNDERSTOOD_TYPES =
            Set.of("", "bind", "volume", "tmpfs", "image");

    /// Fields that are read here or elsewhere, and fields without effect once the mount exists: the
    /// driver and the labels of a volume belong to the volume, and the consistency mode is for
    /// engines in a virtual machine.
    private static final Set<String> UNDERSTOOD_FIELDS =
            Set.of(
                    "Type",
                    "Source",
                    "Target",
                    "Destination",
                    "Name",
                    "Driver",
                    "Mode",
                    "RW",
                    "Propagation",
                    "ReadOnly",
                    "Consistency",
                    "BindOptions.Propagation",
                    "BindOptions.NonRecursive",
                    "BindOptions.CreateMountpoint",
                    "BindOptions.ReadOnlyNonRecursive",
                    "BindOptions.ReadOnlyForceRecursive",
                    "VolumeOptions.NoCopy",
                    "VolumeOptions.Subpath",
                    "VolumeOptions.Labels",
                    "VolumeOptions.DriverConfig",
                    "ImageOptions.Subpath",
                    "TmpfsOptions.SizeBytes",
                    "TmpfsOptions.Mode",
                    "TmpfsOptions.Options");

    /// The options of `-v` that are read here or elsewhere, or have no effect on Linux.
    private static final Set<String> UNDERSTOOD_MODES =
            Set.of(
                    "",
                    "ro",
                    "rw",
                    "z",
                    "Z",
                    "nocopy",
                    "rbind",
                    "private",
                    "rprivate",
                    "shared",
                    "rshared",
                    "slave",
                    "rslave",
                    "cached",
                    "delegated",
                    "consistent",
                    "default");

    private static final HostConfigMount NONE = new HostConfigMount(MissingNode.getInstance());

    /// @param inspected a container's inspect
    public static Map<String, HostConfigMount> byDestination(JsonNode inspected) {
        Map<String, HostConfigMount> requests = new HashMap<>();
        for (JsonNode requested : inspected.path("HostConfig").path("Mounts")) {
            requests.put(
                    AbsolutePaths.normalize(requested.path("Target").asText("")),
                    new HostConfigMount(requested));
        }
        return requests;
    }

    public static HostConfigMount at(String destination, Map<String, HostConfigMount> requests) {
        return requests.getOrDefault(AbsolutePaths.normalize(destination), NONE);
    }

    /// The part of the volume or image that is mounted; empty for all of it.
    public String subpath() {
        String ofVolume = json.path("VolumeOptions").path("Subpath").asText("");
        return ofVolume.isEmpty() ? json.path("ImageOptions").path("Subpath").asText("") : ofVolume;
    }

    /// The name of the image, as it was requested; empty if the mount is no image.
    public Optional<String> imageName() {
        return json.path("Type").asText("").equals("image")
                ? Optional.of(json.path("Source").asText("")).filter(name -> !name.isEmpty())
                : Optional.empty();
    }

    /// @param mount the entry of the inspect's `Mounts`, or the request itself
    public TypeSpecificMountOptions details(JsonNode mount) {
        // The engine itself writes a mode for what was not requested by -v.
        List<String> modes =
                json.isMissingNode()
                        ? List.of(mount.path("Mode").asText("").split(",", -1))
                        : List.of();
        List<String> unknown = new ArrayList<>();
        String type = mount.path("Type").asText("");
        if (!UNDERSTOOD_TYPES.contains(type)) {
            unknown.add("type " + type);
        }
        modes.stream()
                .filter(mode -> !UNDERSTOOD_MODES.contains(mode))
                .forEach(mode -> unknown.add("option " + mode));
        Stream.of(mount, json).distinct().forEach(node -> addUnknown("", node, unknown));
        JsonNode bind = json.path("BindOptions");
        return new TypeSpecificMountOptions(
                type.equals("image"),
                subpath(),
                modes.contains("nocopy")
                        || json.path("VolumeOptions").path("NoCopy").asBoolean(false),
                bind.path("NonRecursive").asBoolean(false)
                        ? BindRecursion.DISABLED
                        : bind.path("ReadOnlyNonRecursive").asBoolean(false)
                                ? BindRecursion.WRITABLE
                                : bind.path("ReadOnlyForceRecursive").asBoolean(false)
                                        ? BindRecursion.READ_ONLY
                                        : BindRecursion.DEFAULT,
                // Docker writes the mode z for every volume.
                modes.stream()
                        .filter(mode ->
                                mode.equals("Z") || (mode.equals("z") && !type.equals("volume")))
                        .findFirst()
                        .orElse(""),
                unknown);
    }

    private static void addUnknown(String prefix, JsonNode node, List<String> unknown) {
        node.properties()
                .forEach(field -> {
                    String name = prefix + field.getKey();
                    JsonNode value = field.getValue();
                    if (UNDERSTOOD_FIELDS.contains(name) || isEmpty(value)) {
                        return;
                    }
                    if (value.isObject()) {
                        addUnknown(name + ".", value, unknown);
                    } else {
                        unknown.add(name + "=" + value.asText(value.toString()));
                    }
                });
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.asText().isEmpty())
                || (value.isBoolean() && !value.asBoolean())
                || (value.isNumber() && value.asDouble() == 0);
    }
}

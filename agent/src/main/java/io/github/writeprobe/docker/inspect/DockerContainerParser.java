package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.JsonObjectStreamReader;
import io.github.writeprobe.engine.Engine.ContainerState;
import io.github.writeprobe.engine.Engine.Inspected;
import io.github.writeprobe.engine.Engine.Listed;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.TypeSpecificMountOptions;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads from an engine's JSON what it declares.
///
/// It reads raw JSON because docker-java's types lack fields (`Mounts[].Type`, `Propagation`) and
/// fail as a whole on an unknown value. A field that is missing or has another type counts as
/// empty.
public final class DockerContainerParser {
    private static final int MAX_NAME_LENGTH = 4096;
    private static final int MAX_SOURCES_LENGTH = 32 << 10;

    /// What Podman mounts for `--volume DIR:PATH:O`: the writes go to its own storage, and the
    /// directory stays as it is.
    private static final Pattern PODMAN_OVERLAY =
            Pattern.compile("/.*/[a-z]+-containers/[0-9a-f]{64}/userdata/overlay/[0-9]+/merge");

    private DockerContainerParser() {}

    /// Reads one entry of `GET /containers/json`; empty if it has no id.
    ///
    /// @param now by the engine's clock
    public static Optional<Listed> parseListed(
            JsonObjectStreamReader.Element element, Instant now) {
        JsonNode entry = element.json();
        List<String> names =
                strings(entry.path("Names")).map(DockerContainerParser::withoutSlash).toList();
        // A legacy link appears as another name, "other/alias".
        String name =
                names.stream()
                        .filter(n -> n.indexOf('/') < 0)
                        .findFirst()
                        .orElse(names.isEmpty() ? "" : names.getFirst());
        List<String> sources =
                elements(entry.path("Mounts"))
                        .filter(mount -> kind(mount) != MountKind.TMPFS)
                        .map(DockerContainerParser::source)
                        .filter(source -> !source.isEmpty())
                        .distinct()
                        .toList();
        return id(entry)
                .map(id ->
                        new Listed(
                                id,
                                truncated(name),
                                containerState(entry.path("State").asText("")),
                                element.complete()
                                        ? ExclusionCheck.possibleExclusion(
                                                name, entry, !sources.isEmpty(), now)
                                        : Optional.empty(),
                                boundedSources(sources)));
    }

    private static ContainerState containerState(String state) {
        return switch (state) {
            case "paused" -> ContainerState.PAUSED;
            case "restarting" -> ContainerState.RESTARTING;
            default -> ContainerState.RUNNING;
        };
    }

    /// Limits the length, because the list of all containers is kept in memory.
    private static String truncated(String name) {
        return name.length() <= MAX_NAME_LENGTH ? name : name.substring(0, MAX_NAME_LENGTH);
    }

    /// A container that mounts more than that loses only the information which of the others are
    /// shared.
    private static List<String> boundedSources(List<String> sources) {
        return sources.stream().mapToLong(String::length).sum() <= MAX_SOURCES_LENGTH
                ? sources
                : List.of();
    }

    /// Reads the answer to `GET /containers/ID/json`; empty if it has no id.
    ///
    /// @param engine the engine's host, as configured
    /// @param exclusion why the container need not be judged
    public static Optional<Inspected> parseInspected(
            ContainerInspectResponse inspection,
            String engine,
            Optional<ExcludedContainer.Reason> exclusion) {
        JsonNode json = inspection.json();
        JsonNode state = json.path("State");
        // A container that waits for its restart is reported as running, but has no process.
        boolean running =
                (state.path("Paused").asBoolean(false) || state.path("Running").asBoolean(false))
                        && !state.path("Restarting").asBoolean(false);
        return container(json, engine)
                .map(container ->
                        new Inspected(
                                container,
                                running,
                                state.path("StartedAt").asText(""),
                                exclusion,
                                RestartLoopReader.of(json, inspection.now())));
    }

    /// Reads what is declared for a container; empty if it has no id.
    static Optional<Container> container(JsonNode json, String engine) {
        JsonNode host = json.path("HostConfig");
        JsonNode config = json.path("Config");
        JsonNode state = json.path("State");
        boolean privileged = host.path("Privileged").asBoolean(false);
        String image = config.path("Image").asText("");
        return id(json).map(id ->
                Container.builder(id, withoutSlash(json.path("Name").asText("")), engine)
                        .image(image.isEmpty() ? json.path("Image").asText("") : image)
                        .paused(state.path("Paused").asBoolean(false))
                        .readonlyRootfs(host.path("ReadonlyRootfs").asBoolean(false))
                        .mounts(mounts(json))
                        .user(config.path("User").asText(""))
                        .privileged(privileged)
                        .capabilities(
                                DeclaredCapabilities.effective(
                                        privileged,
                                        strings(host.path("CapAdd")).toList(),
                                        strings(host.path("CapDrop")).toList()))
                        .init(host.path("Init").asBoolean(false))
                        .labels(labels(config.path("Labels")))
                        .pid(state.path("Pid").asLong(0))
                        .isolation(isolation(host))
                        .engineFiles(InspectStoragePathsReader.of(json))
                        .build());
    }

    private static DeclaredIsolation isolation(JsonNode host) {
        JsonNode readonlyPaths = host.path("ReadonlyPaths");
        return new DeclaredIsolation(
                host.path("Runtime").asText(""),
                host.path("PidMode").asText(""),
                elements(host.path("Devices"))
                        .map(device ->
                                new DeclaredIsolation.Device(
                                        device.path("PathOnHost").asText(""),
                                        device.path("PathInContainer").asText(""),
                                        device.path("CgroupPermissions").asText("")))
                        .toList(),
                strings(host.path("DeviceCgroupRules")).toList(),
                readonlyPaths.isArray()
                        ? Optional.of(strings(readonlyPaths).toList())
                        : Optional.empty(),
                strings(host.path("SecurityOpt")).toList());
    }

    private static Optional<String> id(JsonNode json) {
        return Optional.ofNullable(json.path("Id").textValue())
                .filter(ContainerReferenceValidator::isValid);
    }

    private static List<DeclaredMount> mounts(JsonNode json) {
        Map<String, DeclaredMount> mounts = new LinkedHashMap<>();
        Map<String, HostConfigMount> requests = HostConfigMount.byDestination(json);
        for (JsonNode mount : json.path("Mounts")) {
            if (isPartOfImageMount(mount, json.path("Mounts"))) {
                continue;
            }
            String destination = normalize(mount.path("Destination").asText(""));
            HostConfigMount request = HostConfigMount.at(destination, requests);
            addMount(
                    mounts,
                    new DeclaredMount(
                            destination,
                            kind(mount),
                            kind(mount) == MountKind.TMPFS
                                    ? "tmpfs"
                                    : request.imageName().orElseGet(() -> source(mount)),
                            mount.path("RW").asBoolean(true),
                            mount.path("Propagation").asText(""),
                            "",
                            request.details(mount)));
        }
        // Engines differ in whether they repeat these among the mounts, and in their value of RW.
        for (JsonNode requested : json.path("HostConfig").path("Mounts")) {
            if (kind(requested) == MountKind.TMPFS) {
                boolean readOnly = requested.path("ReadOnly").asBoolean(false);
                addMount(
                        mounts,
                        tmpfs(
                                requested.path("Target").asText(""),
                                !readOnly,
                                options(requested.path("TmpfsOptions"), readOnly),
                                new HostConfigMount(requested).details(requested)));
            }
        }
        json.path("HostConfig")
                .path("Tmpfs")
                .properties()
                .forEach(tmpfs -> {
                    String options = tmpfs.getValue().asText("");
                    addMount(
                            mounts,
                            tmpfs(
                                    tmpfs.getKey(),
                                    isWritable(options),
                                    options,
                                    TypeSpecificMountOptions.NONE));
                });
        return List.copyOf(mounts.values());
    }

    /// Podman lists the mount of an image twice: as such, and as a writable bind of the directory
    /// that the image is unpacked in.
    private static boolean isPartOfImageMount(JsonNode mount, JsonNode mounts) {
        return mount.path("Type").asText("").equals("bind")
                && mounts.valueStream()
                        .anyMatch(other ->
                                other.path("Type").asText("").equals("image")
                                        && other.path("Destination")
                                                .equals(mount.path("Destination")));
    }

    private static void addMount(Map<String, DeclaredMount> mounts, DeclaredMount mount) {
        if (!mount.destination().isEmpty()) {
            mounts.put(mount.destination(), mount);
        }
    }

    private static DeclaredMount tmpfs(
            String destination,
            boolean writable,
            String options,
            TypeSpecificMountOptions details) {
        return new DeclaredMount(
                normalize(destination), MountKind.TMPFS, "tmpfs", writable, "", options, details);
    }

    /// As in mount(8), the last of `ro` and `rw` counts.
    private static boolean isWritable(String options) {
        return Arrays.stream(options.split(",", -1))
                .map(String::strip)
                .filter(option -> option.equals("ro") || option.equals("rw"))
                .reduce("rw", (first, last) -> last)
                .equals("rw");
    }

    private static String options(JsonNode tmpfs, boolean readOnly) {
        Stream<String> named =
                Stream.of(
                        readOnly ? "ro" : "",
                        tmpfs.path("SizeBytes").asLong(0) > 0
                                ? "size=" + tmpfs.path("SizeBytes").asLong()
                                : "",
                        tmpfs.path("Mode").asInt(0) > 0
                                ? "mode=" + Integer.toOctalString(tmpfs.path("Mode").asInt())
                                : "");
        // Since API 1.46: [["exec"], ["nr_inodes", "100"]].
        Stream<String> further =
                elements(tmpfs.path("Options"))
                        .map(option -> strings(option).collect(Collectors.joining("=")));
        return Stream.concat(named, further)
                .filter(option -> !option.isEmpty())
                .collect(Collectors.joining(","));
    }

    /// A type other than bind and tmpfs (`volume`, `cluster`, `image`) is storage of the engine;
    /// `npipe` belongs to the host.
    private static MountKind kind(JsonNode mount) {
        return switch (mount.path("Type").asText("")) {
            case "bind" ->
                    PODMAN_OVERLAY.matcher(mount.path("Source").asText("")).matches()
                            ? MountKind.VOLUME
                            : MountKind.BIND;
            case "npipe" -> MountKind.BIND;
            case "tmpfs" -> MountKind.TMPFS;
            case "volume", "cluster", "image" -> MountKind.VOLUME;
            default -> mount.path("Name").asText("").isEmpty() ? MountKind.BIND : MountKind.VOLUME;
        };
    }

    private static String source(JsonNode mount) {
        String name = mount.path("Name").asText("");
        return kind(mount) == MountKind.VOLUME && !name.isEmpty()
                ? name
                : mount.path("Source").asText("");
    }

    private static Map<String, String> labels(JsonNode labels) {
        Map<String, String> result = new LinkedHashMap<>();
        labels.properties()
                .forEach(label -> result.put(label.getKey(), label.getValue().asText("")));
        return result;
    }

    private static String withoutSlash(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static String normalize(String destination) {
        String path = destination.replaceAll("/{2,}", "/");
        return path.length() > 1 && path.endsWith("/")
                ? path.substring(0, path.length() - 1)
                : path;
    }

    private static Stream<String> strings(JsonNode array) {
        return elements(array).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return array.isArray() ? array.valueStream() : Stream.empty();
    }
}

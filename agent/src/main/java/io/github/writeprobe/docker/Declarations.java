package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.Engine.Condition;
import io.github.writeprobe.cycle.Engine.Inspected;
import io.github.writeprobe.cycle.Engine.Listed;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Isolation;
import io.github.writeprobe.model.LeftOut;
import io.github.writeprobe.model.MountKind;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads what an engine declares from its JSON.
///
/// The raw JSON, since docker-java's types lack fields (`Mounts[].Type`, `Propagation`), and fail
/// as a whole on a word they do not know. A field that is missing or of another type counts as
/// empty.
final class Declarations {
    private static final int MOST_OF_A_NAME = 4096;
    private static final int MOST_OF_SOURCES = 32 << 10;

    private Declarations() {}

    /// One entry of `GET /containers/json`; empty if it has no id.
    ///
    /// @param now by the engine's clock
    static Optional<Listed> listed(JsonObjects.Element element, Instant now) {
        JsonNode entry = element.json();
        List<String> names = texts(entry.path("Names")).map(Declarations::withoutSlash).toList();
        // A legacy link shows up as one more name, "other/alias".
        String name =
                names.stream()
                        .filter(n -> n.indexOf('/') < 0)
                        .findFirst()
                        .orElse(names.isEmpty() ? "" : names.getFirst());
        List<String> sources =
                stream(entry.path("Mounts"))
                        .filter(mount -> kind(mount) != MountKind.TMPFS)
                        .map(Declarations::source)
                        .filter(source -> !source.isEmpty())
                        .distinct()
                        .toList();
        return id(entry)
                .map(id ->
                        new Listed(
                                id,
                                clipped(name),
                                condition(entry.path("State").asText("")),
                                element.whole()
                                        ? Exclusions.candidate(name, entry, !sources.isEmpty(), now)
                                        : Optional.empty(),
                                kept(sources)));
    }

    private static Condition condition(String state) {
        return switch (state) {
            case "paused" -> Condition.PAUSED;
            case "restarting" -> Condition.RESTARTING;
            default -> Condition.RUNNING;
        };
    }

    /// What a list says is kept of all containers at once.
    private static String clipped(String name) {
        return name.length() <= MOST_OF_A_NAME ? name : name.substring(0, MOST_OF_A_NAME);
    }

    /// Who mounts more than that loses no more than the note of what he shares.
    private static List<String> kept(List<String> sources) {
        return sources.stream().mapToLong(String::length).sum() <= MOST_OF_SOURCES
                ? sources
                : List.of();
    }

    /// The answer to `GET /containers/ID/json`; empty if it has no id.
    ///
    /// @param engine the host of the engine, as given
    /// @param leftOut why it need not be judged
    static Optional<Inspected> inspected(
            Inspection seen, String engine, Optional<LeftOut.Reason> leftOut) {
        JsonNode json = seen.json();
        JsonNode state = json.path("State");
        // A container that waits to be started again counts as running, but has no process.
        boolean running =
                (state.path("Paused").asBoolean(false) || state.path("Running").asBoolean(false))
                        && !state.path("Restarting").asBoolean(false);
        return container(json, engine)
                .map(container ->
                        new Inspected(
                                container,
                                running,
                                state.path("StartedAt").asText(""),
                                leftOut,
                                Restarts.of(json, seen.now())));
    }

    /// What is declared of a container; empty if it has no id.
    static Optional<Container> container(JsonNode json, String engine) {
        JsonNode host = json.path("HostConfig");
        JsonNode config = json.path("Config");
        JsonNode state = json.path("State");
        boolean privileged = host.path("Privileged").asBoolean(false);
        String image = config.path("Image").asText("");
        return id(json).map(id ->
                new Container(
                        id,
                        withoutSlash(json.path("Name").asText("")),
                        image.isEmpty() ? json.path("Image").asText("") : image,
                        engine,
                        state.path("Paused").asBoolean(false),
                        host.path("ReadonlyRootfs").asBoolean(false),
                        mounts(json),
                        config.path("User").asText(""),
                        privileged,
                        Capabilities.effective(
                                privileged,
                                texts(host.path("CapAdd")).toList(),
                                texts(host.path("CapDrop")).toList()),
                        host.path("Init").asBoolean(false),
                        labels(config.path("Labels")),
                        state.path("Pid").asLong(0),
                        isolation(host),
                        false,
                        EngineDirectories.of(json)));
    }

    private static Isolation isolation(JsonNode host) {
        JsonNode readonlyPaths = host.path("ReadonlyPaths");
        return new Isolation(
                host.path("Runtime").asText(""),
                host.path("PidMode").asText(""),
                stream(host.path("Devices"))
                        .map(device ->
                                new Isolation.Device(
                                        device.path("PathOnHost").asText(""),
                                        device.path("PathInContainer").asText(""),
                                        device.path("CgroupPermissions").asText("")))
                        .toList(),
                texts(host.path("DeviceCgroupRules")).toList(),
                readonlyPaths.isArray()
                        ? Optional.of(texts(readonlyPaths).toList())
                        : Optional.empty(),
                texts(host.path("SecurityOpt")).toList());
    }

    private static Optional<String> id(JsonNode json) {
        return Optional.ofNullable(json.path("Id").textValue()).filter(UrlReferences::plausible);
    }

    private static List<DeclaredMount> mounts(JsonNode json) {
        Map<String, DeclaredMount> mounts = new LinkedHashMap<>();
        for (JsonNode mount : json.path("Mounts")) {
            put(
                    mounts,
                    new DeclaredMount(
                            cleaned(mount.path("Destination").asText("")),
                            kind(mount),
                            kind(mount) == MountKind.TMPFS ? "tmpfs" : source(mount),
                            mount.path("RW").asBoolean(true),
                            mount.path("Propagation").asText(""),
                            ""));
        }
        // Engines differ in whether they repeat these among the mounts, and in what they say of RW.
        for (JsonNode asked : json.path("HostConfig").path("Mounts")) {
            if (kind(asked) == MountKind.TMPFS) {
                boolean readOnly = asked.path("ReadOnly").asBoolean(false);
                put(
                        mounts,
                        tmpfs(
                                asked.path("Target").asText(""),
                                !readOnly,
                                options(asked.path("TmpfsOptions"), readOnly)));
            }
        }
        json.path("HostConfig")
                .path("Tmpfs")
                .properties()
                .forEach(tmpfs -> {
                    String options = tmpfs.getValue().asText("");
                    put(mounts, tmpfs(tmpfs.getKey(), writable(options), options));
                });
        return List.copyOf(mounts.values());
    }

    private static void put(Map<String, DeclaredMount> mounts, DeclaredMount mount) {
        if (!mount.destination().isEmpty()) {
            mounts.put(mount.destination(), mount);
        }
    }

    private static DeclaredMount tmpfs(String destination, boolean writable, String options) {
        return new DeclaredMount(
                cleaned(destination), MountKind.TMPFS, "tmpfs", writable, "", options);
    }

    /// As mount(8) reads them: the last of `ro` and `rw` counts.
    private static boolean writable(String options) {
        return Arrays.stream(options.split(",", -1))
                .map(String::strip)
                .filter(option -> option.equals("ro") || option.equals("rw"))
                .reduce("rw", (first, last) -> last)
                .equals("rw");
    }

    private static String options(JsonNode tmpfs, boolean readOnly) {
        return Stream.of(
                        readOnly ? "ro" : "",
                        tmpfs.path("SizeBytes").asLong(0) > 0
                                ? "size=" + tmpfs.path("SizeBytes").asLong()
                                : "",
                        tmpfs.path("Mode").asInt(0) > 0
                                ? "mode=" + Integer.toOctalString(tmpfs.path("Mode").asInt())
                                : "")
                .filter(option -> !option.isEmpty())
                .collect(Collectors.joining(","));
    }

    /// What is neither a bind nor a tmpfs (`volume`, `cluster`, `image`) is storage that the engine
    /// keeps; `npipe` is the host's.
    private static MountKind kind(JsonNode mount) {
        return switch (mount.path("Type").asText("")) {
            case "bind", "npipe" -> MountKind.BIND;
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

    private static String cleaned(String destination) {
        String path = destination.replaceAll("/{2,}", "/");
        return path.length() > 1 && path.endsWith("/")
                ? path.substring(0, path.length() - 1)
                : path;
    }

    private static Stream<String> texts(JsonNode array) {
        return stream(array).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return array.isArray() ? array.valueStream() : Stream.empty();
    }
}

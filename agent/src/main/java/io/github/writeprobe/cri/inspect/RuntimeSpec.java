package io.github.writeprobe.cri.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.model.EngineStoragePaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a container was started with: `info["info"]` of a verbose `ContainerStatusReader`, with the
/// configuration of the OCI runtime in its field `runtimeSpec`. containerd and CRI-O have both.
///
/// Unlike an engine's inspect, it is no part of any specification. So whatever a verdict depends on
/// has to be there in the form that the OCI specifies. If it is not, nothing is declared, and the
/// container is unverified.
///
/// @see <a
///   href="https://github.com/opencontainers/runtime-spec/blob/v1.2.1/config.md">config.md</a>
final class RuntimeSpec {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> CAPABILITY_SETS =
            List.of("bounding", "effective", "permitted", "inheritable", "ambient");
    private static final String CAPABILITY_PREFIX = "CAP_";

    private final JsonNode info;
    private final JsonNode spec;
    private final JsonNode linux;

    private RuntimeSpec(JsonNode info) {
        this.info = info;
        this.spec = info.path("runtimeSpec");
        this.linux = spec.path("linux");
    }

    /// A mount of the specification.
    ///
    /// @param options as the OCI runtime gets them, such as `ro`
    record SpecMount(String destination, String type, String source, List<String> options) {
        SpecMount {
            options = List.copyOf(options);
        }

        /// The last of the options counts, as in mount(8).
        boolean isWritable() {
            return options.stream()
                    .filter(Set.of("ro", "rro", "rw")::contains)
                    .reduce("rw", (first, last) -> last)
                    .equals("rw");
        }

        String propagation() {
            return options.stream()
                    .filter(o ->
                            o.endsWith("private") || o.endsWith("shared") || o.endsWith("slave"))
                    .reduce("", (first, last) -> last);
        }

        boolean isBind() {
            return type.equals("bind") || options.contains("bind") || options.contains("rbind");
        }
    }

    /// @param info the text of `info["info"]`
    static RuntimeSpec parse(String info) throws InvalidCriResponseException {
        if (info.isEmpty()) {
            throw new InvalidCriResponseException("it has no verbose info");
        }
        JsonNode json;
        try {
            json = JSON.readTree(info);
        } catch (JsonProcessingException e) {
            throw new InvalidCriResponseException("its verbose info is not JSON");
        }
        RuntimeSpec spec = new RuntimeSpec(json);
        require(spec.spec.isObject(), "runtimeSpec");
        require(spec.spec.path("root").isObject(), "runtimeSpec.root");
        require(isFlag(spec.spec.path("root").path("readonly")), "runtimeSpec.root.readonly");
        require(spec.spec.path("mounts").isArray(), "runtimeSpec.mounts");
        require(spec.spec.path("process").isObject(), "runtimeSpec.process");
        require(spec.linux.isObject(), "runtimeSpec.linux");
        require(json.path("pid").canConvertToLong(), "pid");
        require(
                isOptionalObject(spec.spec.path("process").path("capabilities")),
                "runtimeSpec.process.capabilities");
        require(isOptionalObject(spec.linux.path("resources")), "runtimeSpec.linux.resources");
        for (String set : CAPABILITY_SETS) {
            require(isList(spec.capabilitySet(set)), "runtimeSpec.process.capabilities." + set);
        }
        require(isList(spec.linux.path("namespaces")), "runtimeSpec.linux.namespaces");
        require(isList(spec.linux.path("devices")), "runtimeSpec.linux.devices");
        require(isList(spec.deviceRuleList()), "runtimeSpec.linux.resources.devices");
        return spec;
    }

    /// JSON of Go leaves out an empty list, or has null for it.
    private static boolean isList(JsonNode node) {
        return node.isMissingNode() || node.isNull() || node.isArray();
    }

    private static boolean isOptionalObject(JsonNode node) {
        return node.isMissingNode() || node.isNull() || node.isObject();
    }

    private JsonNode capabilitySet(String set) {
        return spec.path("process").path("capabilities").path(set);
    }

    private JsonNode deviceRuleList() {
        return linux.path("resources").path("devices");
    }

    private static void require(boolean valid, String field) throws InvalidCriResponseException {
        if (!valid) {
            throw new InvalidCriResponseException("its verbose info lacks a valid " + field);
        }
    }

    /// JSON of Go leaves out a flag that is false.
    private static boolean isFlag(JsonNode node) {
        return node.isMissingNode() || node.isBoolean();
    }

    long pid() {
        return info.path("pid").asLong();
    }

    /// The id of the pod's sandbox. CRI-O has it under the same name.
    String sandbox() {
        return info.path("sandboxID").asText("");
    }

    /// Where the runtime keeps its files, told by the files that it keeps for the pod: containerd's
    /// `ROOT/io.containerd.grpc.v1.cri/sandboxes/ID/hostname`, and CRI-O's
    /// `ROOT/overlay-containers/ID/userdata/hostname`.
    EngineStoragePaths engineFiles(String sandbox) throws InvalidCriResponseException {
        return mounts().stream()
                .map(SpecMount::source)
                .flatMap(source ->
                        Stream.of(
                                        "/io.containerd.grpc.v1.cri/sandboxes/" + sandbox + "/",
                                        "/overlay-containers/" + sandbox + "/")
                                .filter(part ->
                                        source.indexOf(part) > 0 && !source.endsWith("/shm"))
                                .map(part -> source.substring(0, source.indexOf(part))))
                .findFirst()
                .map(root -> new EngineStoragePaths(root, "", Set.of()))
                .orElse(EngineStoragePaths.UNKNOWN);
    }

    boolean readonlyRootfs() {
        return spec.path("root").path("readonly").asBoolean();
    }

    List<SpecMount> mounts() throws InvalidCriResponseException {
        List<SpecMount> mounts = new ArrayList<>();
        for (JsonNode mount : spec.path("mounts")) {
            String destination = mount.path("destination").asText("");
            require(destination.startsWith("/"), "destination of a mount");
            require(areTexts(mount.path("options")), "options of the mount at " + destination);
            mounts.add(
                    new SpecMount(
                            destination,
                            mount.path("type").asText(""),
                            mount.path("source").asText(""),
                            strings(mount.path("options")).toList()));
        }
        return mounts;
    }

    /// `UID:GID` in the container; empty for root.
    String user() {
        JsonNode user = spec.path("process").path("user");
        long uid = user.path("uid").asLong(0);
        return uid == 0 ? "" : uid + ":" + user.path("gid").asLong(0);
    }

    /// The user of the first process as it was started, in the container.
    long uid() {
        return spec.path("process").path("user").path("uid").asLong(0);
    }

    long gid() {
        return spec.path("process").path("user").path("gid").asLong(0);
    }

    /// Variables as `NAME=VALUE`.
    List<String> environment() {
        return strings(spec.path("process").path("env")).toList();
    }

    List<String> command() {
        return strings(spec.path("process").path("args")).toList();
    }

    /// Empty for `/`.
    String workingDirectory() {
        String directory = spec.path("process").path("cwd").asText("");
        return directory.equals("/") ? "" : directory;
    }

    /// containerd repeats the kubelet's request, and CRI-O has a flag of its own.
    boolean privileged() {
        return info.path("privileged").asBoolean(false)
                || info.path("config")
                        .path("linux")
                        .path("security_context")
                        .path("privileged")
                        .asBoolean(false);
    }

    /// All that root in the container can have, without the prefix.
    Set<String> capabilities() {
        return CAPABILITY_SETS.stream()
                .flatMap(set -> strings(capabilitySet(set)))
                .map(name -> name.toUpperCase(Locale.ROOT))
                .map(name ->
                        name.startsWith(CAPABILITY_PREFIX)
                                ? name.substring(CAPABILITY_PREFIX.length())
                                : name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// @param handler the runtime class of the pod
    /// @param sandbox the id of the pod's sandbox
    DeclaredIsolation isolation(String handler, String sandbox) {
        return new DeclaredIsolation(
                runtime(handler),
                pidMode(sandbox),
                // All devices of the host are a consequence of the flag, which counts by itself.
                privileged() ? List.of() : devices(),
                privileged() ? List.of() : deviceRules(),
                Optional.of(strings(linux.path("readonlyPaths")).toList()),
                securityOptions());
    }

    /// The class is a name that an administrator has chosen; containerd has the runtime's type,
    /// too. Either may tell that it is a sandbox.
    private String runtime(String handler) {
        String type = info.path("runtimeType").asText("");
        return handler.isEmpty() || type.isEmpty() ? handler + type : handler + " (" + type + ")";
    }

    /// In the words of Docker. A namespace that is not listed is the host's, and one with a path is
    /// that of the pod.
    private String pidMode(String sandbox) {
        return elements(linux.path("namespaces"))
                .filter(namespace -> namespace.path("type").asText("").equals("pid"))
                .findFirst()
                .map(pid -> pid.path("path").asText("").isEmpty() ? "" : "container:" + sandbox)
                .orElse("host");
    }

    private List<DeclaredIsolation.Device> devices() {
        return elements(linux.path("devices"))
                .map(device -> device.path("path").asText(""))
                .map(path -> new DeclaredIsolation.Device(path, path, "rwm"))
                .toList();
    }

    /// Rules that allow devices, in the syntax of Docker: `b 7:* rwm`.
    private List<String> deviceRules() {
        return elements(deviceRuleList())
                .filter(rule -> rule.path("allow").asBoolean(false))
                .map(rule ->
                        "%s %s:%s %s"
                                .formatted(
                                        rule.path("type").asText("a"),
                                        number(rule.path("major")),
                                        number(rule.path("minor")),
                                        rule.path("access").asText("rwm")))
                .toList();
    }

    private static String number(JsonNode node) {
        return node.isNumber() && node.asLong() >= 0 ? Long.toString(node.asLong()) : "*";
    }

    private List<String> securityOptions() {
        List<String> options = new ArrayList<>();
        if (!linux.path("seccomp").isObject()) {
            options.add("seccomp=unconfined");
        }
        String profile = spec.path("process").path("apparmorProfile").asText("");
        if (!profile.isEmpty()) {
            options.add("apparmor=" + profile);
        }
        return options;
    }

    /// Without its options, a mount would count as declared writable.
    private static boolean areTexts(JsonNode node) {
        return isList(node) && elements(node).allMatch(JsonNode::isTextual);
    }

    private static Stream<String> strings(JsonNode array) {
        return elements(array).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return array.isArray() ? array.valueStream() : Stream.empty();
    }
}

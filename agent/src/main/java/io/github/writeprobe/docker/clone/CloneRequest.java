package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.writeprobe.docker.inspect.AbsolutePaths;
import io.github.writeprobe.recommend.propose.ProposalItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The request that creates a clone.
///
/// Fields of the original are copied by name, never as a whole: an unknown field could publish a
/// port, or grant something that a clone must not have. Labels are not copied, because
/// orchestrators and proxies would treat the clone as one of their containers.
final class CloneRequest {
    private static final JsonMapper JSON = new JsonMapper();

    private static final List<String> COPIED_CONFIG =
            List.of(
                    "User",
                    "Env",
                    "Cmd",
                    "WorkingDir",
                    "Tty",
                    "OpenStdin",
                    "StopSignal",
                    "StopTimeout",
                    "Shell",
                    "Domainname");

    private static final List<String> COPIED_HOST_CONFIG =
            List.of(
                    "CapAdd",
                    "CapDrop",
                    "CgroupnsMode",
                    "CpuPeriod",
                    "CpuQuota",
                    "CpusetCpus",
                    "CpusetMems",
                    "ExtraHosts",
                    "GroupAdd",
                    "Init",
                    "MaskedPaths",
                    "Memory",
                    "MemoryReservation",
                    "MemorySwap",
                    "NanoCpus",
                    "PidsLimit",
                    "ReadonlyPaths",
                    "Runtime",
                    "SecurityOpt",
                    "ShmSize",
                    "StorageOpt",
                    "Sysctls",
                    "Ulimits",
                    "Umask",
                    "UsernsMode");

    /// The default of other containers is 1024: when the original needs the CPU, it gets it.
    private static final long CPU_SHARES = 128;

    /// When memory is short, the kernel kills clones first.
    private static final int OOM_SCORE_ADJ = 1000;

    private static final long MAX_PROCESSES = 8192;
    private static final Set<String> PRIVATE_IPC_MODES = Set.of("private", "shareable", "none");

    /// The interval of a clone's health check. The original's interval is meant for years, this one
    /// for minutes.
    private static final long HEALTH_INTERVAL_NANOS = 2_000_000_000L;

    private static final long DEFAULT_INTERVAL_NANOS = 30_000_000_000L;
    private static final int DEFAULT_RETRIES = 3;

    private final JsonNode original;
    private final ObjectNode body = JSON.createObjectNode();
    private final ObjectNode host = body.putObject("HostConfig");
    private final ArrayNode mounts = JSON.createArrayNode();

    private CloneRequest(JsonNode original) {
        this.original = original;
    }

    /// A container that is never started: volumes are filled through it.
    static ObjectNode filler(
            JsonNode original, List<CloneMount> cloneMounts, Map<String, String> labels) {
        CloneRequest request = new CloneRequest(original);
        request.body.set("Image", original.path("Image"));
        request.body.putArray("Entrypoint").add("/writeprobe-never-starts-this");
        request.setLabels(labels);
        request.host.put("NetworkMode", "none");
        request.addMounts(cloneMounts);
        return request.build();
    }

    /// @param network the network's name, and the clone's aliases on it; empty for none
    /// @param machineMemory the host's memory in bytes; 0 if unknown
    static ObjectNode clone(
            JsonNode original,
            List<CloneMount> cloneMounts,
            List<ProposalItem> provisions,
            Optional<Network> network,
            boolean readOnly,
            long machineMemory,
            Map<String, String> labels) {
        CloneRequest request = new CloneRequest(original);
        request.setConfig(provisions);
        request.setLabels(labels);
        request.setHostConfig(readOnly, machineMemory);
        request.setNetwork(network);
        request.addMounts(cloneMounts);
        request.addTmpfs(cloneMounts, provisions);
        return request.build();
    }

    record Network(String name, List<String> aliases) {}

    /// A mount in the request.
    ///
    /// @param type `volume`, `bind` or `image`
    /// @param copyFromImage whether a new volume is filled with what the image has at that path
    /// @param subpath the part of a volume or image to mount; empty for all of it
    record CloneMount(
            String type,
            String source,
            String destination,
            boolean readOnly,
            boolean copyFromImage,
            String subpath) {
        /// The whole of a volume, or a bind.
        CloneMount(
                String type,
                String source,
                String destination,
                boolean readOnly,
                boolean copyFromImage) {
            this(type, source, destination, readOnly, copyFromImage, "");
        }
    }

    private ObjectNode build() {
        host.set("Mounts", mounts);
        return body;
    }

    private void setLabels(Map<String, String> labels) {
        ObjectNode node = body.putObject("Labels");
        labels.forEach(node::put);
    }

    private void setConfig(List<ProposalItem> provisions) {
        JsonNode config = original.path("Config");
        for (String key : COPIED_CONFIG) {
            if (config.hasNonNull(key)) {
                body.set(key, config.path(key));
            }
        }
        body.set("Image", original.path("Image"));
        // An empty entrypoint differs from the image's, which the engine uses if the field is
        // missing.
        if (config.path("Entrypoint").isEmpty()) {
            body.putArray("Entrypoint").add("");
        } else {
            body.set("Entrypoint", config.path("Entrypoint"));
        }
        String hostname = config.path("Hostname").asText("");
        if (!hostname.isEmpty() && !original.path("Id").asText("").startsWith(hostname)) {
            body.put("Hostname", hostname);
        }
        setEnvironment(config.path("Env"), provisions);
        setHealthCheck(config.path("Healthcheck"));
    }

    private void setEnvironment(JsonNode declared, List<ProposalItem> provisions) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (JsonNode variable : declared) {
            variables.put(variable.asText("").replaceFirst("(?s)=.*", ""), variable.asText(""));
        }
        for (ProposalItem provision : provisions) {
            if (provision instanceof ProposalItem.Setting setting) {
                variables.put(setting.variable(), setting.variable() + "=" + setting.value());
            }
        }
        variables.values().forEach(body.putArray("Env")::add);
    }

    /// Shortens the interval, and raises the number of retries so that the check may fail for as
    /// long.
    private void setHealthCheck(JsonNode declared) {
        if (!declared.isObject()) {
            return;
        }
        ObjectNode check = declared.deepCopy();
        long interval = check.path("Interval").asLong(0);
        interval = interval > 0 ? interval : DEFAULT_INTERVAL_NANOS;
        if (interval > HEALTH_INTERVAL_NANOS) {
            long retries = check.path("Retries").asLong(0);
            retries = retries > 0 ? retries : DEFAULT_RETRIES;
            check.put("Interval", HEALTH_INTERVAL_NANOS);
            check.put(
                    "Retries", Math.clamp(retries * (interval / HEALTH_INTERVAL_NANOS), 1, 10_000));
        }
        body.set("Healthcheck", check);
    }

    private void setHostConfig(boolean readOnly, long machineMemory) {
        JsonNode declared = original.path("HostConfig");
        for (String key : COPIED_HOST_CONFIG) {
            if (declared.hasNonNull(key)) {
                host.set(key, declared.path(key).deepCopy());
            }
        }
        CloneRestrictions.removeMachineCapabilities(host);
        normalizeUlimitNames(host);
        if (PRIVATE_IPC_MODES.contains(declared.path("IpcMode").asText(""))) {
            host.set("IpcMode", declared.path("IpcMode"));
        }
        ArrayNode devices = host.putArray("Devices");
        declared.path("Devices")
                .valueStream()
                .filter(CloneRestrictions::isSafeDevice)
                .forEach(devices::add);
        host.put("ReadonlyRootfs", readOnly);
        host.put("AutoRemove", false).put("PublishAllPorts", false);
        host.putObject("RestartPolicy").put("Name", "no");
        host.put("OomScoreAdj", OOM_SCORE_ADJ);
        long shares = declared.path("CpuShares").asLong(0);
        host.put("CpuShares", shares > 0 ? Math.min(shares, CPU_SHARES) : CPU_SHARES);
        if (declared.path("Memory").asLong(0) <= 0 && machineMemory > 0) {
            host.put("Memory", machineMemory / 2);
            host.remove("MemorySwap");
        }
        if (declared.path("PidsLimit").asLong(0) <= 0) {
            host.put("PidsLimit", MAX_PROCESSES);
        }
        ObjectNode log = host.putObject("LogConfig").put("Type", "json-file");
        log.putObject("Config").put("max-size", "4m").put("max-file", "1");
    }

    private void setNetwork(Optional<Network> network) {
        if (network.isEmpty()) {
            host.put("NetworkMode", "none");
            return;
        }
        String name = network.get().name();
        host.put("NetworkMode", name);
        // The engine itself resolves names of the network. All other queries go to an address
        // without a server, and time out soon.
        host.putArray("Dns").add("127.0.0.1");
        host.putArray("DnsOptions").add("timeout:1").add("attempts:1");
        ArrayNode aliases =
                body.putObject("NetworkingConfig")
                        .putObject("EndpointsConfig")
                        .putObject(name)
                        .putArray("Aliases");
        network.get().aliases().forEach(aliases::add);
    }

    private void addMounts(List<CloneMount> cloneMounts) {
        for (CloneMount mount : cloneMounts) {
            ObjectNode node = mounts.addObject();
            node.put("Type", mount.type()).put("Source", mount.source());
            node.put("Target", mount.destination());
            switch (mount.type()) {
                case "volume" -> {
                    node.put("ReadOnly", mount.readOnly());
                    putSubpath(
                            node.putObject("VolumeOptions").put("NoCopy", !mount.copyFromImage()),
                            mount);
                }
                case "image" -> putSubpath(node.putObject("ImageOptions"), mount);
                default -> {
                    node.put("ReadOnly", mount.readOnly());
                    // The mounts below a bind would not be read-only on every engine.
                    node.putObject("BindOptions").put("NonRecursive", true);
                }
            }
        }
    }

    /// Engines before API 1.45 do not know the field.
    private static void putSubpath(ObjectNode options, CloneMount mount) {
        if (!mount.subpath().isEmpty()) {
            options.put("Subpath", mount.subpath());
        }
    }

    private void addTmpfs(List<CloneMount> cloneMounts, List<ProposalItem> provisions) {
        ObjectNode tmpfs = host.putObject("Tmpfs");
        JsonNode declared = original.path("HostConfig");
        declared.path("Tmpfs")
                .properties()
                .forEach(entry ->
                        tmpfs.set(AbsolutePaths.normalize(entry.getKey()), entry.getValue()));
        for (JsonNode mount : declared.path("Mounts")) {
            String target = AbsolutePaths.normalize(mount.path("Target").asText(""));
            if (mount.path("Type").asText("").equals("tmpfs") && !isReplaced(target, provisions)) {
                mounts.add(mount);
            }
        }
        cloneMounts.forEach(mount -> tmpfs.remove(mount.destination()));
        for (ProposalItem provision : provisions) {
            if (provision instanceof ProposalItem.Tmpfs requested) {
                tmpfs.put(AbsolutePaths.normalize(requested.path()), tmpfsOptions(requested));
            }
        }
    }

    /// Whether a provision replaces the mount at a path.
    static boolean isReplaced(String destination, List<ProposalItem> provisions) {
        return provisions.stream()
                .anyMatch(provision ->
                        switch (provision) {
                            case ProposalItem.Tmpfs tmpfs ->
                                    AbsolutePaths.normalize(tmpfs.path()).equals(destination);
                            case ProposalItem.Volume volume ->
                                    AbsolutePaths.normalize(volume.path()).equals(destination);
                            case ProposalItem.Kept _, ProposalItem.Setting _ -> false;
                        });
    }

    /// Podman 4 does not support the owner of a tmpfs; the default is root.
    private static String tmpfsOptions(ProposalItem.Tmpfs tmpfs) {
        String execute = tmpfs.execute() ? "exec" : "noexec";
        String options =
                "rw,nosuid,nodev,%s,size=%d,mode=%o"
                        .formatted(execute, tmpfs.bytes(), tmpfs.mode());
        boolean ownedByRoot = tmpfs.uid() == 0 && tmpfs.gid() == 0;
        return ownedByRoot
                ? options
                : options + ",uid=%d,gid=%d".formatted(tmpfs.uid(), tmpfs.gid());
    }

    /// Podman reports `RLIMIT_NOFILE`, but does not accept it.
    private static void normalizeUlimitNames(ObjectNode host) {
        for (JsonNode limit : host.path("Ulimits")) {
            if (limit instanceof ObjectNode named) {
                named.put(
                        "Name",
                        limit.path("Name")
                                .asText("")
                                .toLowerCase(Locale.ROOT)
                                .replaceFirst("^rlimit_", ""));
            }
        }
    }
}

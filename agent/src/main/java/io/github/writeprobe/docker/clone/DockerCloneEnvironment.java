package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.writeprobe.docker.archive.DockerArchiveFileLookup;
import io.github.writeprobe.docker.clone.CloneRequest.CloneMount;
import io.github.writeprobe.docker.inspect.ContainerInspectResponse;
import io.github.writeprobe.docker.inspect.ManagedResourceLabels;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.prove.CloneEnvironment;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// The clones on one engine, with their network and volumes.
///
/// Each resource is recorded before it is created, so that it can be removed even if the engine's
/// answer is lost.
public final class DockerCloneEnvironment implements CloneEnvironment {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration MIN_REMAINING = Duration.ofSeconds(1);

    /// A container that is ready to be cloned.
    ///
    /// @param mounts what its clones get instead of its mounts
    private record Prototype(JsonNode inspected, List<CloneMount> mounts) {}

    private final EngineCallExecutor calls;
    private final ResourceRemover removal;
    private final long deadline;
    private final long copyBytes;
    private final String name =
            ManagedResourceLabels.PREFIX
                    + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final AtomicInteger counter = new AtomicInteger();
    private final List<String> containers = Collections.synchronizedList(new ArrayList<>());
    private final List<String> volumes = Collections.synchronizedList(new ArrayList<>());
    private final List<String> networks = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Prototype> prototypes = new HashMap<>();
    private Optional<IsolatedNetwork.CreatedNetwork> network = Optional.empty();
    private Optional<JsonNode> info = Optional.empty();

    public DockerCloneEnvironment(EngineCallExecutor calls, Duration life, long copyBytes) {
        this.calls = calls;
        this.removal = new ResourceRemover(calls.api());
        this.deadline = System.nanoTime() + life.toNanos();
        this.copyBytes = copyBytes;
    }

    Duration remainingTime() {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        return left.compareTo(MIN_REMAINING) < 0 ? MIN_REMAINING : left;
    }

    private String nextName() {
        return name + "-" + counter.incrementAndGet();
    }

    @Override
    public Prepared prepare(ProposalTarget subject) throws EngineUnavailable, InterruptedException {
        String id = subject.container().id();
        Optional<ContainerInspectResponse> inspection =
                calls.execute(
                        ContainerInspectResponse.callName(id),
                        () -> ContainerInspectResponse.fetch(calls, id));
        if (inspection.isEmpty()) {
            return new Prepared.Impossible("the container is gone");
        }
        JsonNode inspected = inspection.get().json();
        List<String> differences = new ArrayList<>(CloneDifferences.of(inspected));
        differences.addAll(networkDifferences(inspected));
        DockerArchiveFileLookup files = new DockerArchiveFileLookup(calls, id);
        CloneMountPlan plan = CloneMountPlan.of(inspected, files::type);
        differences.addAll(plan.differences());
        VolumeCopies copies = new VolumeCopies(this, inspected, plan);
        Optional<String> failure = copies.copyAll(differences);
        if (failure.isPresent()) {
            return new Prepared.Impossible(failure.get());
        }
        prototypes.put(id, new Prototype(inspected, copies.mounts()));
        return new Prepared.Ready(uptime(inspected, inspection.get().now()), differences);
    }

    private static Duration uptime(JsonNode inspected, Instant now) {
        JsonNode state = inspected.path("State");
        try {
            Duration running =
                    state.path("Running").asBoolean(false)
                            ? Duration.between(
                                    Instant.parse(state.path("StartedAt").asText("")), now)
                            : Duration.ZERO;
            // The engine's date has no fractions of a second.
            return running.isNegative() ? Duration.ZERO : running;
        } catch (DateTimeException unreadable) {
            return Duration.ZERO;
        }
    }

    private List<String> networkDifferences(JsonNode inspected)
            throws EngineUnavailable, InterruptedException {
        IsolatedNetwork.CreatedNetwork isolated = network();
        List<String> differences = new ArrayList<>();
        if (isolated.name().isEmpty()) {
            differences.add(
                    "its clones have no network: the engine could not create one (%s)"
                            .formatted(isolated.refusal()));
        }
        List<String> neighbours =
                calls.execute("GET /networks", () -> NetworkPeers.of(calls.api(), inspected));
        if (!neighbours.isEmpty()) {
            differences.add(
                    "its clones cannot reach these containers of its networks, unless they are cloned too: "
                            + String.join(", ", neighbours));
        }
        return differences;
    }

    private IsolatedNetwork.CreatedNetwork network()
            throws EngineUnavailable, InterruptedException {
        if (network.isPresent()) {
            return network.get();
        }
        calls.execute(
                "GET /containers/json", () -> new StaleResourceCleaner(calls).removeAllStale());
        networks.add(name);
        IsolatedNetwork isolated =
                new IsolatedNetwork(calls.api(), removal, name, environmentLabels());
        IsolatedNetwork.CreatedNetwork made =
                calls.execute("POST /networks/create", isolated::create);
        network = Optional.of(made);
        return made;
    }

    /// The labels of resources that last as long as this environment and whose creation time the
    /// engine does not report.
    private Map<String, String> environmentLabels() throws EngineUnavailable, InterruptedException {
        Instant now =
                calls.execute("GET /version", () -> calls.api().get("/version"))
                        .date()
                        .orElseGet(Instant::now);
        return ManagedResourceLabels.labels(ManagedResourceLabels.CLONE, now, remainingTime());
    }

    /// The labels of a container.
    static Map<String, String> containerLabels(Duration life) {
        return ManagedResourceLabels.labels(
                ManagedResourceLabels.CLONE,
                life.compareTo(MAX_LIFETIME) > 0 ? MAX_LIFETIME : life);
    }

    JsonNode info() throws EngineUnavailable, InterruptedException {
        if (info.isEmpty()) {
            info =
                    Optional.of(
                            calls.execute(
                                    "GET /info",
                                    () ->
                                            calls.requireJson(
                                                    "GET /info", calls.api().get("/info"))));
        }
        return info.get();
    }

    /// Creates an empty volume.
    ///
    /// @return its name
    String createVolume() throws EngineUnavailable, InterruptedException {
        String volume = nextName();
        volumes.add(volume);
        ObjectNode body = JSON.createObjectNode().put("Name", volume).put("Driver", "local");
        ObjectNode labels = body.putObject("Labels");
        environmentLabels().forEach(labels::put);
        String call = "POST /volumes/create";
        calls.execute(
                call,
                () ->
                        removal.trackCreation(
                                ResourceRemover.volumePath(volume),
                                () ->
                                        calls.requireJson(
                                                call,
                                                calls.api()
                                                        .post(
                                                                "/volumes/create",
                                                                JSON.writeValueAsBytes(body)))));
        return volume;
    }

    /// Creates a container.
    ///
    /// @return the engine's answer, and the container's name even if the engine refused to create
    ///   it
    CreateResult createContainer(ObjectNode body) throws EngineUnavailable, InterruptedException {
        String container = nextName();
        containers.add(container);
        EngineResponse answer =
                calls.execute(
                        "POST /containers/create",
                        () ->
                                removal.trackCreation(
                                        ResourceRemover.containerPath(container),
                                        () ->
                                                calls.api()
                                                        .post(
                                                                "/containers/create?name="
                                                                        + container,
                                                                JSON.writeValueAsBytes(body))));
        return new CreateResult(container, answer);
    }

    record CreateResult(String name, EngineResponse answer) {}

    EngineCallExecutor calls() {
        return calls;
    }

    long copyBytes() {
        return copyBytes;
    }

    @Override
    public Made make(
            ProposalTarget subject, List<ProposalItem> provisions, boolean readOnly, Duration life)
            throws EngineUnavailable, InterruptedException {
        Prototype prototype = prototypes.get(subject.container().id());
        if (prototype == null) {
            throw new IllegalStateException("not prepared: " + subject.container().id());
        }
        List<CloneMount> mounts =
                new ArrayList<>(
                        prototype.mounts().stream()
                                .filter(mount ->
                                        !CloneRequest.isReplaced(mount.destination(), provisions))
                                .toList());
        CloneVolumeCreator newVolumes = new CloneVolumeCreator(this, prototype.inspected());
        newVolumes.create(provisions);
        mounts.addAll(newVolumes.mounts());
        CreateResult createResult =
                createContainer(
                        CloneRequest.clone(
                                prototype.inspected(),
                                mounts,
                                provisions,
                                network()
                                        .name()
                                        .map(n ->
                                                new CloneRequest.Network(
                                                        n,
                                                        NetworkPeers.aliases(
                                                                prototype.inspected()))),
                                readOnly,
                                info().path("MemTotal").asLong(0),
                                containerLabels(life)));
        if (!createResult.answer().isOk()) {
            return new Made.Refused(createResult.answer().message());
        }
        return new Made.Ready(
                new DockerClone(
                        calls,
                        createResult.name(),
                        network().name(),
                        () -> removeClone(createResult, newVolumes)));
    }

    private void removeClone(CreateResult createResult, CloneVolumeCreator newVolumes) {
        List<String> all = new ArrayList<>(newVolumes.containers());
        all.add(createResult.name());
        remove(all, newVolumes.volumes(), List.of());
    }

    @Override
    public List<String> clear() {
        return remove(List.copyOf(containers), List.copyOf(volumes), List.copyOf(networks));
    }

    /// @return the names of the resources that could not be removed
    private List<String> remove(
            List<String> containerNames, List<String> volumeNames, List<String> networkNames) {
        Map<String, String> paths = new LinkedHashMap<>();
        containerNames.forEach(
                resource -> paths.put(ResourceRemover.containerPath(resource), resource));
        volumeNames.forEach(resource -> paths.put(ResourceRemover.volumePath(resource), resource));
        networkNames.forEach(
                resource -> paths.put(ResourceRemover.networkPath(resource), resource));
        List<String> left =
                removal.removeAll(List.copyOf(paths.keySet())).stream()
                        .map(path -> String.valueOf(paths.get(path)))
                        .toList();
        for (List<String> kind : List.of(containers, volumes, networks)) {
            kind.removeIf(resource -> paths.containsValue(resource) && !left.contains(resource));
        }
        return left;
    }
}

package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.docker.CloneRequest.Mounted;
import io.github.writeprobe.recommend.CloneEnvironment;
import io.github.writeprobe.recommend.Provision;
import io.github.writeprobe.recommend.Subject;
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

/// Clones on one engine, with what they need.
///
/// Whatever is made is written down before it is made, so that it can be removed even if the
/// engine's answer is lost.
final class DockerCloneEnvironment implements CloneEnvironment {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LEAST = Duration.ofSeconds(1);

    /// A container that is prepared.
    ///
    /// @param mounted what its clones get in place of its mounts
    private record Prototype(JsonNode inspected, List<Mounted> mounted) {}

    private final EngineCalls calls;
    private final Removal removal;
    private final long until;
    private final long copyBytes;
    private final String name =
            ManagedResources.PREFIX
                    + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final AtomicInteger counter = new AtomicInteger();
    private final List<String> containers = Collections.synchronizedList(new ArrayList<>());
    private final List<String> volumes = Collections.synchronizedList(new ArrayList<>());
    private final List<String> networks = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Prototype> prototypes = new HashMap<>();
    private Optional<IsolatedNetwork.Made> network = Optional.empty();
    private Optional<JsonNode> info = Optional.empty();

    DockerCloneEnvironment(EngineCalls calls, Duration life, long copyBytes) {
        this.calls = calls;
        this.removal = new Removal(calls.api());
        this.until = System.nanoTime() + life.toNanos();
        this.copyBytes = copyBytes;
    }

    private Duration left() {
        Duration left = Duration.ofNanos(until - System.nanoTime());
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    private String next() {
        return name + "-" + counter.incrementAndGet();
    }

    @Override
    public Prepared prepare(Subject subject) throws EngineUnavailable, InterruptedException {
        String id = subject.container().id();
        Optional<Inspection> seen = calls.make(Inspection.what(id), () -> Inspection.of(calls, id));
        if (seen.isEmpty()) {
            return new Prepared.Impossible("the container is gone");
        }
        JsonNode inspected = seen.get().json();
        List<String> differences = new ArrayList<>(CloneDifferences.of(inspected));
        differences.addAll(networkDifferences(inspected));
        DockerFiles files = new DockerFiles(calls, id);
        MountPlan plan = MountPlan.of(inspected, files::type);
        differences.addAll(plan.differences());
        VolumeCopies copies = new VolumeCopies(this, inspected, plan);
        Optional<String> trouble = copies.make(differences);
        if (trouble.isPresent()) {
            return new Prepared.Impossible(trouble.get());
        }
        prototypes.put(id, new Prototype(inspected, copies.mounted()));
        return new Prepared.Ready(running(inspected, seen.get().now()), differences);
    }

    private static Duration running(JsonNode inspected, Instant now) {
        JsonNode state = inspected.path("State");
        try {
            Duration running =
                    state.path("Running").asBoolean(false)
                            ? Duration.between(
                                    Instant.parse(state.path("StartedAt").asText("")), now)
                            : Duration.ZERO;
            // The engine's date has no fractions.
            return running.isNegative() ? Duration.ZERO : running;
        } catch (DateTimeException unreadable) {
            return Duration.ZERO;
        }
    }

    private List<String> networkDifferences(JsonNode inspected)
            throws EngineUnavailable, InterruptedException {
        IsolatedNetwork.Made isolated = network();
        List<String> differences = new ArrayList<>();
        if (isolated.name().isEmpty()) {
            differences.add(
                    "its clones have no network: the engine could not make one (%s)"
                            .formatted(isolated.refusal()));
        }
        List<String> neighbours =
                calls.make("GET /networks", () -> Neighbours.of(calls.api(), inspected));
        if (!neighbours.isEmpty()) {
            differences.add(
                    "who shares a network with it is not there for its clones, unless it is cloned too: "
                            + String.join(", ", neighbours));
        }
        return differences;
    }

    private IsolatedNetwork.Made network() throws EngineUnavailable, InterruptedException {
        if (network.isPresent()) {
            return network.get();
        }
        calls.make("GET /containers/json", () -> new StaleResourceCleaner(calls).everything());
        networks.add(name);
        IsolatedNetwork isolated = new IsolatedNetwork(calls.api(), removal, name, lasting());
        IsolatedNetwork.Made made = calls.make("POST /networks/create", isolated::make);
        network = Optional.of(made);
        return made;
    }

    /// Labels of what lasts as long as the bench, and has no time of its own.
    private Map<String, String> lasting() throws EngineUnavailable, InterruptedException {
        Instant now =
                calls.make("GET /version", () -> calls.api().get("/version"))
                        .date()
                        .orElseGet(Instant::now);
        return ManagedResources.labels(ManagedResources.CLONE, now, left());
    }

    /// Of a container.
    static Map<String, String> labels(Duration life) {
        return ManagedResources.labels(
                ManagedResources.CLONE, life.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : life);
    }

    JsonNode info() throws EngineUnavailable, InterruptedException {
        if (info.isEmpty()) {
            info =
                    Optional.of(
                            calls.make(
                                    "GET /info",
                                    () -> calls.expect("GET /info", calls.api().get("/info"))));
        }
        return info.get();
    }

    /// Makes an empty volume.
    ///
    /// @return its name
    String volume() throws EngineUnavailable, InterruptedException {
        String volume = next();
        volumes.add(volume);
        ObjectNode body = JSON.createObjectNode().put("Name", volume).put("Driver", "local");
        ObjectNode labels = body.putObject("Labels");
        lasting().forEach(labels::put);
        String what = "POST /volumes/create";
        calls.make(
                what,
                () ->
                        removal.making(
                                Removal.volume(volume),
                                () ->
                                        calls.expect(
                                                what,
                                                calls.api()
                                                        .post(
                                                                "/volumes/create",
                                                                JSON.writeValueAsBytes(body)))));
        return volume;
    }

    /// Makes a container.
    ///
    /// @return the engine's answer, and its name, whether it could be made or not
    Creation create(ObjectNode body) throws EngineUnavailable, InterruptedException {
        String container = next();
        containers.add(container);
        EngineResponse answer =
                calls.make(
                        "POST /containers/create",
                        () ->
                                removal.making(
                                        Removal.container(container),
                                        () ->
                                                calls.api()
                                                        .post(
                                                                "/containers/create?name="
                                                                        + container,
                                                                JSON.writeValueAsBytes(body))));
        return new Creation(container, answer);
    }

    record Creation(String name, EngineResponse answer) {}

    EngineCalls calls() {
        return calls;
    }

    long copyBytes() {
        return copyBytes;
    }

    Duration timeLeft() {
        return left();
    }

    @Override
    public Made make(Subject subject, List<Provision> provisions, boolean readOnly, Duration life)
            throws EngineUnavailable, InterruptedException {
        Prototype prototype = prototypes.get(subject.container().id());
        if (prototype == null) {
            throw new IllegalStateException("not prepared: " + subject.container().id());
        }
        List<Mounted> mounted =
                new ArrayList<>(
                        prototype.mounted().stream()
                                .filter(mount ->
                                        !CloneRequest.replaced(mount.destination(), provisions))
                                .toList());
        NewVolumes own = new NewVolumes(this, prototype.inspected());
        own.make(provisions);
        mounted.addAll(own.mounted());
        Creation creation =
                create(
                        CloneRequest.clone(
                                prototype.inspected(),
                                mounted,
                                provisions,
                                network()
                                        .name()
                                        .map(n ->
                                                new CloneRequest.Network(
                                                        n,
                                                        Neighbours.aliases(prototype.inspected()))),
                                readOnly,
                                info().path("MemTotal").asLong(0),
                                labels(life)));
        if (!creation.answer().ok()) {
            return new Made.Refused(creation.answer().message());
        }
        return new Made.Ready(
                new DockerClone(
                        calls, creation.name(), network().name(), () -> discard(creation, own)));
    }

    private void discard(Creation creation, NewVolumes own) {
        List<String> all = new ArrayList<>(own.containers());
        all.add(creation.name());
        removed(all, own.volumes(), List.of());
    }

    @Override
    public List<String> clear() {
        return removed(List.copyOf(containers), List.copyOf(volumes), List.copyOf(networks));
    }

    /// @return what is left, by name
    private List<String> removed(
            List<String> oldContainers, List<String> oldVolumes, List<String> oldNetworks) {
        Map<String, String> paths = new LinkedHashMap<>();
        oldContainers.forEach(one -> paths.put(Removal.container(one), one));
        oldVolumes.forEach(one -> paths.put(Removal.volume(one), one));
        oldNetworks.forEach(one -> paths.put(Removal.network(one), one));
        List<String> left =
                removal.all(List.copyOf(paths.keySet())).stream()
                        .map(path -> String.valueOf(paths.get(path)))
                        .toList();
        for (List<String> kind : List.of(containers, volumes, networks)) {
            kind.removeIf(one -> paths.containsValue(one) && !left.contains(one));
        }
        return left;
    }
}

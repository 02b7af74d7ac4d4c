package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docker.clone.StaleResourceCleaner;
import io.github.writeprobe.docker.inspect.ContainerInspectResponse;
import io.github.writeprobe.docker.inspect.DockerContainerParser;
import io.github.writeprobe.docker.inspect.EngineSystemInfoReader;
import io.github.writeprobe.docker.inspect.ExclusionCheck;
import io.github.writeprobe.docker.inspect.RecentIds;
import io.github.writeprobe.docker.transport.DockerApiClient;
import io.github.writeprobe.docker.transport.DockerErrorMessages;
import io.github.writeprobe.docker.transport.Endpoint;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineSystemInfo;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.engine.OwnContainer;
import io.github.writeprobe.probes.exec.ExecRunner;
import io.github.writeprobe.probes.sidecar.SidecarRunner;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// An engine with the Docker API.
final class DockerEngine implements Engine {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STATUS_FILTER = "status";

    /// Podman restarts at once, and refuses a filter with this state.
    private static final String RESTARTING = "restarting";

    private static final List<String> LIVE_STATES = List.of("running", "paused", RESTARTING);

    /// The API does not know it; cri-dockerd sets the label.
    private static final String NAMESPACE_FILTER = "namespace";

    private static final String NAMESPACE_LABEL = "io.kubernetes.pod.namespace=";

    /// Some twenty times what a container with many mounts and labels takes in a list.
    private static final int MAX_ENTRY_BYTES = 256 << 10;

    /// Engines send a list only when it is complete, and labels have no limit. So a list may take
    /// this many times as long as other calls, as long as the engine does not hang.
    private static final int LONG_LIST_FACTOR = 3;

    /// An engine that does not answer `GET /version` within this time hangs.
    private static final Duration LIVENESS_TIMEOUT = Duration.ofSeconds(3);

    private final DockerApiClient api;
    private final EngineCallExecutor calls;
    private final DockerEventStream events;
    private final DockerExecs execs;
    private final DockerSidecars sidecars;
    private final ExclusionCheck exclusions;
    private final OwnContainer ownContainer = OwnContainer.of(Path.of("/proc"));
    private volatile boolean listsAreLong;

    /// @param timeout for each call except execs; for an event stream, until it begins
    DockerEngine(Endpoint endpoint, HttpTransport transport, Duration timeout) {
        this.api = new DockerApiClient(endpoint, transport);
        this.calls = new EngineCallExecutor(api, timeout);
        this.events = new DockerEventStream(api, timeout);
        this.execs = new DockerExecs(api);
        RecentIds helpers = new RecentIds();
        this.exclusions = new ExclusionCheck(calls, helpers);
        this.sidecars = new DockerSidecars(api, helpers);
    }

    @Override
    public String host() {
        return api.endpoint().host();
    }

    @Override
    public Identified identify() throws EngineUnavailable, InterruptedException {
        return calls.execute("GET /version", api::identify);
    }

    @Override
    public Listing list(Map<String, List<String>> filters)
            throws EngineUnavailable, InterruptedException {
        List<String> states = states(filters.getOrDefault(STATUS_FILTER, LIVE_STATES));
        if (states.isEmpty()) {
            return new Listing(List.of(), 0);
        }
        Map<String, List<String>> allFilters = new TreeMap<>(filters);
        List<String> namespaces = allFilters.remove(NAMESPACE_FILTER);
        if (namespaces != null) {
            allFilters.merge(
                    "label",
                    namespaces.stream().map(NAMESPACE_LABEL::concat).toList(),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
        allFilters.put(STATUS_FILTER, states);
        String call = "GET /containers/json";
        String path = "/containers/json?filters=" + URLEncoder.encode(toJson(allFilters), UTF_8);
        boolean longLists = listsAreLong;
        long startNanos = System.nanoTime();
        try {
            Listing listing = list(call, path, longLists);
            listsAreLong = System.nanoTime() - startNanos > calls.timeout().toNanos() / 2;
            return listing;
        } catch (EngineUnavailable e) {
            if (longLists || !(e.getCause() instanceof TimeoutException)) {
                listsAreLong = false;
                throw e;
            }
            calls.execute("GET /version", min(LIVENESS_TIMEOUT, calls.timeout()), api::identify);
            listsAreLong = true;
            return list(call, path, true);
        }
    }

    /// The states to list, of those that were requested.
    private List<String> states(List<String> requested)
            throws EngineUnavailable, InterruptedException {
        List<String> states = LIVE_STATES.stream().filter(requested::contains).toList();
        return states.contains(RESTARTING) && calls.execute("GET /version", api::isPodman)
                ? states.stream().filter(state -> !state.equals(RESTARTING)).toList()
                : states;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Listing list(String call, String path, boolean isLong)
            throws EngineUnavailable, InterruptedException {
        return calls.execute(
                call,
                isLong ? calls.timeout().multipliedBy(LONG_LIST_FACTOR) : calls.timeout(),
                () -> {
                    List<Listed> listed = new ArrayList<>();
                    AtomicInteger unreadable = new AtomicInteger();
                    calls.forEachElement(
                            call,
                            path,
                            MAX_ENTRY_BYTES,
                            (element, now) ->
                                    DockerContainerParser.parseListed(element, now)
                                            .ifPresentOrElse(
                                                    listed::add, unreadable::incrementAndGet));
                    return new Listing(listed, unreadable.get());
                });
    }

    @Override
    public Optional<Inspected> inspect(String reference)
            throws EngineUnavailable, InterruptedException {
        return ContainerInspectResponse.read(
                calls,
                reference,
                inspection ->
                        DockerContainerParser.parseInspected(
                                        inspection, host(), exclusions.of(inspection))
                                .map(inspected -> markOwnContainer(inspected, inspection.json()))
                                .orElseThrow(() ->
                                        new EngineUnavailable(
                                                DockerErrorMessages.notAnEngine(
                                                        api.endpoint(),
                                                        ContainerInspectResponse.callName(
                                                                inspection.reference())))));
    }

    private Inspected markOwnContainer(Inspected inspected, JsonNode json) {
        String upper = json.path("GraphDriver").path("Data").path("UpperDir").asText("");
        return ownContainer.matches(inspected.container(), upper)
                ? inspected.withSelf()
                : inspected;
    }

    @Override
    public void follow(Optional<Instant> since, Listener listener)
            throws EngineUnavailable, InterruptedException {
        events.follow(since, listener);
    }

    @Override
    public ExecRunner execs() {
        return execs;
    }

    @Override
    public SidecarRunner sidecars() {
        return sidecars;
    }

    @Override
    public void removeStaleResources() throws EngineUnavailable, InterruptedException {
        calls.execute("GET /containers/json", () -> new StaleResourceCleaner(calls).removeStale());
    }

    /// It observes containers for recommendations, makes clones, and describes itself.
    @Override
    public <T> Optional<T> ability(Class<T> type) {
        EngineSystemInfo.Source setup = () -> EngineSystemInfoReader.read(calls);
        return Stream.of(new DockerRecommendEngine(calls), setup)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    @Override
    public void close() {
        api.close();
    }

    private static String toJson(Map<String, List<String>> filters) {
        try {
            return JSON.writeValueAsString(filters);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

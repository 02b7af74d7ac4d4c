package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.exec.ExecChannel;
import io.github.writeprobe.probes.sidecar.SidecarChannel;
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

/// An engine that speaks Docker's API.
final class DockerEngine implements Engine {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STATUS = "status";
    private static final List<String> LIVE = List.of("running", "paused", "restarting");

    /// Some twenty times what a container with many mounts and labels takes in a list.
    private static final int MAX_ENTRY_BYTES = 256 << 10;

    /// Engines send nothing of a list until they have made all of it, and labels have no bound. So
    /// a list may take that many times as long as other calls, as long as the engine does not hang.
    private static final int TIMES_AS_LONG = 3;

    /// An engine that does not say within that which one it is hangs.
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);

    private final Api api;
    private final EngineCalls calls;
    private final Events events;
    private final DockerExecs execs;
    private final DockerSidecars sidecars;
    private final Exclusions leavingOut;
    private final OwnContainer own = OwnContainer.by(Path.of("/proc"));
    private volatile boolean listsAreLong;

    /// @param timeout for each call but execs; of a stream of events, for its beginning
    DockerEngine(Endpoint endpoint, HttpTransport wire, Duration timeout) {
        this.api = new Api(endpoint, wire);
        this.calls = new EngineCalls(api, timeout);
        this.events = new Events(api, timeout);
        this.execs = new DockerExecs(api);
        RecentIds helpers = new RecentIds();
        this.leavingOut = new Exclusions(calls, helpers);
        this.sidecars = new DockerSidecars(api, helpers);
    }

    @Override
    public String host() {
        return api.endpoint().host();
    }

    @Override
    public Identified identify() throws EngineUnavailable, InterruptedException {
        return calls.make("GET /version", api::identify);
    }

    @Override
    public Listing list(Map<String, List<String>> filters)
            throws EngineUnavailable, InterruptedException {
        Map<String, List<String>> asked = new TreeMap<>(filters);
        asked.put(
                STATUS,
                LIVE.stream().filter(filters.getOrDefault(STATUS, LIVE)::contains).toList());
        if (asked.getOrDefault(STATUS, LIVE).isEmpty()) {
            return new Listing(List.of(), 0);
        }
        String what = "GET /containers/json";
        String path = "/containers/json?filters=" + URLEncoder.encode(json(asked), UTF_8);
        boolean longLists = listsAreLong;
        long from = System.nanoTime();
        try {
            Listing listing = list(what, path, longLists);
            listsAreLong = System.nanoTime() - from > calls.timeout().toNanos() / 2;
            return listing;
        } catch (EngineUnavailable e) {
            if (longLists || !(e.getCause() instanceof TimeoutException)) {
                listsAreLong = false;
                throw e;
            }
            calls.make("GET /version", shorter(SIGN_OF_LIFE, calls.timeout()), api::identify);
            listsAreLong = true;
            return list(what, path, true);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Listing list(String what, String path, boolean isLong)
            throws EngineUnavailable, InterruptedException {
        return calls.make(
                what,
                isLong ? calls.timeout().multipliedBy(TIMES_AS_LONG) : calls.timeout(),
                () -> {
                    List<Listed> listed = new ArrayList<>();
                    AtomicInteger unreadable = new AtomicInteger();
                    calls.each(
                            what,
                            path,
                            MAX_ENTRY_BYTES,
                            (element, now) ->
                                    Declarations.listed(element, now)
                                            .ifPresentOrElse(
                                                    listed::add, unreadable::incrementAndGet));
                    return new Listing(listed, unreadable.get());
                });
    }

    @Override
    public Optional<Inspected> inspect(String reference)
            throws EngineUnavailable, InterruptedException {
        return Inspection.read(
                calls,
                reference,
                seen ->
                        Declarations.inspected(seen, host(), leavingOut.of(seen))
                                .map(inspected -> known(inspected, seen.json()))
                                .orElseThrow(() ->
                                        new EngineUnavailable(
                                                EngineErrors.noEngine(
                                                        api.endpoint(),
                                                        Inspection.what(seen.reference())))));
    }

    private Inspected known(Inspected inspected, JsonNode json) {
        return own.is(inspected.container(), json)
                ? new Inspected(
                        inspected.container().asSelf(),
                        inspected.running(),
                        inspected.startedAt(),
                        inspected.leftOut(),
                        inspected.restarts())
                : inspected;
    }

    @Override
    public void follow(Optional<Instant> since, Listener listener)
            throws EngineUnavailable, InterruptedException {
        events.follow(since, listener);
    }

    @Override
    public ExecChannel execs() {
        return execs;
    }

    @Override
    public SidecarChannel sidecars() {
        return sidecars;
    }

    @Override
    public void sweep() throws EngineUnavailable, InterruptedException {
        calls.make("GET /containers/json", () -> new StaleResourceCleaner(calls).run());
    }

    /// What recommending needs of the same engine.
    DockerRecommendEngine workshop() {
        return new DockerRecommendEngine(calls);
    }

    @Override
    public void close() {
        api.close();
    }

    private static String json(Map<String, List<String>> filters) {
        try {
            return JSON.writeValueAsString(filters);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

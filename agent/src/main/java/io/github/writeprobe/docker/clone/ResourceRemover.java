package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.DockerApiClient;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.docker.transport.TimeLimiter;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/// Removes resources that writeprobe has created, also on behalf of an interrupted thread.
///
/// An engine continues a request after its connection is closed, and may refuse to remove a
/// resource that is just starting or ending. So if a request to create a resource got no answer, or
/// an answer that says that the engine failed, the resource is looked for and removed for a while,
/// also after one was removed. A refused removal is repeated for a while.
public final class ResourceRemover {
    /// The time limit of one removal, which is enough under load.
    private static final Duration REMOVAL_TIMEOUT = Duration.ofSeconds(10);

    /// How long to wait for resources that may still appear, and to repeat refused removals. It
    /// fits into the time that the agent has for its shutdown.
    private static final Duration RETRY_PERIOD = Duration.ofMillis(2500);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);
    private static final String NETWORKS = "/networks/";

    /// Docker removes no network by a name that two networks have.
    private static final String AMBIGUOUS = "is ambiguous";

    private static final int MISSING = 404;
    private static final int SERVER_ERROR = 500;

    /// An interrupt closes the connections of a request that it cuts off, and the next request may
    /// still get one of them. An engine that is gone is not asked for longer than that.
    private static final int MAX_FAILURES = 5;

    private final DockerApiClient api;
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    public ResourceRemover(DockerApiClient api) {
        this.api = api;
    }

    public static String containerPath(String name) {
        return "/containers/" + name + "?force=1&v=1";
    }

    static String volumePath(String name) {
        return "/volumes/" + name + "?force=1";
    }

    static String networkPath(String name) {
        return NETWORKS + name;
    }

    /// Creates a resource that is to be removed later.
    ///
    /// @param path for its removal
    /// @param creation returns when the engine has answered
    public <T> T trackCreation(String path, Callable<T> creation) throws Exception {
        unanswered.add(path);
        T answer = creation.call();
        boolean isUncertain =
                answer instanceof EngineResponse response && response.status() >= SERVER_ERROR;
        if (!isUncertain) {
            unanswered.remove(path);
        }
        return answer;
    }

    /// @return whether it was removed, or does not exist
    public boolean remove(String path) {
        return removeAll(List.of(path)).isEmpty();
    }

    /// Removes the resources in this order, on a thread that the caller's interrupt does not
    /// affect. The caller's interrupt status is kept.
    ///
    /// @return the paths that could not be removed
    List<String> removeAll(List<String> paths) {
        List<String> remaining = Collections.synchronizedList(new ArrayList<>(paths));
        if (paths.isEmpty()) {
            return remaining;
        }
        Thread remover =
                api.endpoint()
                        .threadBuilder()
                        .name("helper-removal")
                        .start(() -> {
                            for (String path : paths) {
                                if (removeWithRetries(path)) {
                                    remaining.remove(path);
                                }
                            }
                        });
        if (!TimeLimiter.join(remover, REMOVAL_TIMEOUT.multipliedBy(paths.size()))) {
            TimeLimiter.terminate(remover);
        }
        return List.copyOf(remaining);
    }

    private boolean removeWithRetries(String path) {
        boolean mayStillAppear = unanswered.remove(path);
        long deadline = System.nanoTime() + RETRY_PERIOD.toNanos();
        for (int failures = 0; ; ) {
            Optional<EngineResponse> answer = tryRemove(path);
            failures += answer.isEmpty() ? 1 : 0;
            boolean absent = answer.filter(a -> a.isOk() || a.status() == MISSING).isPresent();
            boolean expired = failures > MAX_FAILURES || System.nanoTime() - deadline > 0;
            if ((absent && !mayStillAppear) || expired) {
                return absent;
            }
            try {
                Thread.sleep(RETRY_INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /// Removes a resource on the caller's own thread.
    ///
    /// @return the engine's answer; empty if it did not answer. Then the next clean-up removes the
    ///   resource
    Optional<EngineResponse> tryRemove(String path) {
        try {
            EngineResponse answer = api.delete(path);
            return Optional.of(
                    path.startsWith(NETWORKS) && answer.message().contains(AMBIGUOUS)
                            ? removeNamesakes(path.substring(NETWORKS.length()))
                            : answer);
        } catch (IOException | EngineUnavailable e) {
            return Optional.empty();
        }
    }

    /// Two networks can have the same name, if a request to create one was cut off and sent again.
    ///
    /// @return the answer to the removal of the last one
    private EngineResponse removeNamesakes(String name) throws IOException, EngineUnavailable {
        EngineResponse networks = api.get("/networks");
        EngineResponse answer = networks;
        for (JsonNode network : networks.json()) {
            if (network.path("Name").asText("").equals(name)) {
                answer = api.delete(NETWORKS + network.path("Id").asText(""));
            }
        }
        return answer;
    }
}

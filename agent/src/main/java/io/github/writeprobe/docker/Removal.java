package io.github.writeprobe.docker;

import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/// Removes what writeprobe has made, also for somebody who has been interrupted.
///
/// An engine goes on making what it was asked for after the connection is gone, and can refuse to
/// remove what is just starting or ending. So what was asked for and not answered is waited for,
/// and a removal that is refused is tried again, both for a while.
final class Removal {
    /// For one removal under load.
    private static final Duration REMOVAL_TIMEOUT = Duration.ofSeconds(10);

    /// For what may come yet, or is refused still. It fits into the time that an agent has to end.
    private static final Duration RETRY_PERIOD = Duration.ofMillis(2500);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);
    private static final int MISSING = 404;

    private final Api api;
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    Removal(Api api) {
        this.api = api;
    }

    static String containerPath(String name) {
        return "/containers/" + name + "?force=1&v=1";
    }

    static String volumePath(String name) {
        return "/volumes/" + name + "?force=1";
    }

    static String networkPath(String name) {
        return "/networks/" + name;
    }

    /// Makes something that is to be removed later.
    ///
    /// @param path of its removal
    /// @param creation ends once the engine has answered
    <T> T trackCreation(String path, Callable<T> creation) throws Exception {
        unanswered.add(path);
        T answer = creation.call();
        unanswered.remove(path);
        return answer;
    }

    /// @return whether it is gone
    boolean remove(String path) {
        return removeAll(List.of(path)).isEmpty();
    }

    /// In this order, on a thread that no interrupt reaches; the caller stays interrupted.
    ///
    /// @return those that may be there still
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
        if (!Deadline.join(remover, REMOVAL_TIMEOUT.multipliedBy(paths.size()))) {
            Deadline.terminate(remover);
        }
        return List.copyOf(remaining);
    }

    private boolean removeWithRetries(String path) {
        boolean mayStillAppear = unanswered.remove(path);
        long deadline = System.nanoTime() + RETRY_PERIOD.toNanos();
        while (true) {
            Optional<EngineResponse> answer = tryRemove(path);
            if (answer.isEmpty() || answer.get().isOk()) {
                return answer.isPresent();
            }
            boolean missing = answer.get().status() == MISSING;
            if ((missing && !mayStillAppear) || System.nanoTime() - deadline > 0) {
                return missing;
            }
            try {
                Thread.sleep(RETRY_INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /// On the caller's own thread.
    ///
    /// @return the engine's answer; empty if it did not answer: then whoever sweeps next removes it
    Optional<EngineResponse> tryRemove(String path) {
        try {
            return Optional.of(api.delete(path));
        } catch (IOException | EngineUnavailable e) {
            return Optional.empty();
        }
    }
}

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
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// For what may come yet, or is refused still. It fits into the time that an agent has to end.
    private static final Duration PATIENCE = Duration.ofMillis(2500);

    private static final Duration AGAIN = Duration.ofMillis(50);
    private static final int MISSING = 404;

    private final Api api;
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    Removal(Api api) {
        this.api = api;
    }

    static String container(String name) {
        return "/containers/" + name + "?force=1&v=1";
    }

    static String volume(String name) {
        return "/volumes/" + name + "?force=1";
    }

    static String network(String name) {
        return "/networks/" + name;
    }

    /// Makes something that is to be removed later.
    ///
    /// @param path of its removal
    /// @param making ends once the engine has answered
    <T> T making(String path, Callable<T> making) throws Exception {
        unanswered.add(path);
        T answer = making.call();
        unanswered.remove(path);
        return answer;
    }

    /// @return whether it is gone
    boolean gone(String path) {
        return all(List.of(path)).isEmpty();
    }

    /// In this order, on a thread that no interrupt reaches; the caller stays interrupted.
    ///
    /// @return those that may be there still
    List<String> all(List<String> paths) {
        List<String> left = Collections.synchronizedList(new ArrayList<>(paths));
        if (paths.isEmpty()) {
            return left;
        }
        Thread remover =
                api.endpoint()
                        .workers()
                        .name("helper-removal")
                        .start(() -> {
                            for (String path : paths) {
                                if (removed(path)) {
                                    left.remove(path);
                                }
                            }
                        });
        if (!Deadline.join(remover, LIMIT.multipliedBy(paths.size()))) {
            Deadline.end(remover);
        }
        return List.copyOf(left);
    }

    private boolean removed(String path) {
        boolean coming = unanswered.remove(path);
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<EngineResponse> answer = attempt(path);
            if (answer.isEmpty() || answer.get().ok()) {
                return answer.isPresent();
            }
            boolean missing = answer.get().status() == MISSING;
            if ((missing && !coming) || System.nanoTime() - until > 0) {
                return missing;
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /// On the caller's own thread.
    ///
    /// @return the engine's answer; empty if it did not answer: then whoever sweeps next removes it
    Optional<EngineResponse> attempt(String path) {
        try {
            return Optional.of(api.delete(path));
        } catch (IOException | EngineUnavailable e) {
            return Optional.empty();
        }
    }
}

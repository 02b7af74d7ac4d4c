package io.github.writeprobe.monitor;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The passes over one engine: each is over when every container that was due has been probed, or
/// is gone. Belongs to the follower's thread.
final class EngineCycles {
    /// One that has not come to its end.
    private record Pass(long began, Set<TrackedContainer> ahead) {}

    private final MonitorContext desk;
    private final Consumer<Duration> over;
    private Optional<Pass> pass = Optional.empty();

    /// @param over told how long each took
    EngineCycles(MonitorContext desk, Consumer<Duration> over) {
        this.desk = desk;
        this.over = over;
    }

    /// A pass that is not over when the next one is due goes on until it is.
    ///
    /// @param ahead the containers that are to be probed; taken over
    void begin(Set<TrackedContainer> ahead) {
        if (pass.isPresent()) {
            Pass before = pass.get();
            before.ahead().retainAll(ahead);
            if (!before.ahead().isEmpty()) {
                return;
            }
            end(before);
        }
        Pass begun = new Pass(desk.now(), ahead);
        pass = Optional.of(begun);
        if (ahead.isEmpty()) {
            end(begun);
        }
    }

    /// A container was probed, or need not be.
    void done(TrackedContainer container) {
        pass.ifPresent(p -> {
            if (p.ahead().remove(container) && p.ahead().isEmpty()) {
                end(p);
            }
        });
    }

    /// The engine is lost: the pass that was under way never comes to its end.
    void breakOff() {
        pass = Optional.empty();
    }

    private void end(Pass ended) {
        pass = Optional.empty();
        over.accept(Duration.ofNanos(desk.now() - ended.began()));
    }
}

package io.github.writeprobe.follow;

import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// The passes over one engine: each is over when every container that was due has been probed, or
/// is gone. Belongs to the follower's thread.
final class Passes {
    /// One that has not come to its end.
    private record Pass(long began, Set<Followed> ahead) {}

    private final String host;
    private final Desk desk;
    private Optional<Pass> pass = Optional.empty();
    private boolean first = true;

    Passes(String host, Desk desk) {
        this.host = host;
        this.desk = desk;
    }

    /// A pass that is not over when the next one is due goes on until it is.
    ///
    /// @param ahead the containers that are to be probed; taken over
    void begin(Set<Followed> ahead) {
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
    void done(Followed container) {
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
        Duration took = Duration.ofNanos(desk.now() - ended.began());
        desk.instruments().passed(WitnessName.EXEC, took);
        desk.board().passed(host, took);
        if (first) {
            first = false;
            desk.journal().passed(host, desk.board().report());
        }
    }
}

package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A throw-away copy of a container.
public interface Clone {
    String name();

    /// Starts it, for the first time or again.
    ///
    /// @return why the engine would not; empty if it did. A stranger's text
    Optional<String> start() throws EngineUnavailable, InterruptedException;

    Condition condition() throws EngineUnavailable, InterruptedException;

    /// What the engine declares of it, with its process if it runs.
    Subject subject() throws EngineUnavailable, InterruptedException;

    /// How a command on this machine reaches it and its engine: `WRITEPROBE_CONTAINER`, its name;
    /// `WRITEPROBE_ADDRESS`, its IP address, empty if it has none; `DOCKER_HOST` and its kin.
    Map<String, String> environment() throws EngineUnavailable, InterruptedException;

    /// `docker diff`. Also of one that has ended.
    List<FileChange> changes() throws EngineUnavailable, InterruptedException;

    FileView files();

    /// The last lines that it printed; a stranger's texts.
    List<String> log(int maxLines) throws EngineUnavailable, InterruptedException;

    /// Asks it to end, and ends it if it does not.
    ///
    /// @param patience to wait before it is killed
    void stop(Duration patience) throws EngineUnavailable, InterruptedException;

    /// Removes it, and what was made for it alone. What fails is tried again by
    /// [CloneEnvironment#clear()].
    void remove();

    sealed interface Condition {
        record Running(Health health) implements Condition {
            public Running {
                requireNonNull(health);
            }
        }

        /// @param outOfMemory whether the kernel ended it for want of memory
        /// @param error in the engine's words; mostly empty. A stranger's text
        record Ended(int code, boolean outOfMemory, String error) implements Condition {
            public Ended {
                requireNonNull(error);
            }
        }
    }

    enum Health {
        /// It has no health check.
        UNKNOWN,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }
}

package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A temporary copy of a container.
public interface Clone {
    String name();

    /// Starts the clone, for the first time or again.
    ///
    /// @return why the engine refused; empty if the clone was started. Untrusted text
    Optional<String> start() throws EngineUnavailable, InterruptedException;

    Condition condition() throws EngineUnavailable, InterruptedException;

    /// What the engine declares of the clone, with its process if it runs.
    ProposalTarget subject() throws EngineUnavailable, InterruptedException;

    /// The environment variables with which a command on this machine reaches the clone and its
    /// engine: `WRITEPROBE_CONTAINER`, its name; `WRITEPROBE_ADDRESS`, its IP address, empty if it
    /// has none; `DOCKER_HOST` and related variables.
    Map<String, String> environment() throws EngineUnavailable, InterruptedException;

    /// `docker diff`. Also works after the clone has exited.
    List<FileChange> changes() throws EngineUnavailable, InterruptedException;

    FileLookup files();

    /// What others asked the engine to do with the clone since it was created: [ClientRequest].
    /// Empty if the engine does not tell.
    List<ClientRequest> requests() throws InterruptedException;

    /// The last lines of the clone's log. Untrusted text.
    List<String> log(int maxLines) throws EngineUnavailable, InterruptedException;

    /// Stops the clone, as `docker stop` does.
    ///
    /// @param patience how long to wait before the clone is killed
    void stop(Duration patience) throws EngineUnavailable, InterruptedException;

    /// Removes the clone and everything that was created for it alone. If something cannot be
    /// removed, [CloneEnvironment#clear()] tries again.
    void remove();

    sealed interface ClientRequest {
        /// @param number of a signal that was sent to its first process
        record Signal(int number) implements ClientRequest {}

        /// @param command that was executed in it. Untrusted text
        record Command(String command) implements ClientRequest {
            public Command {
                requireNonNull(command);
            }
        }
    }

    sealed interface Condition {
        record Running(Health health) implements Condition {
            public Running {
                requireNonNull(health);
            }
        }

        /// @param outOfMemory whether the kernel killed it because it ran out of memory
        /// @param error the engine's message, usually empty. Untrusted text
        record Ended(int code, boolean outOfMemory, String error) implements Condition {
            public Ended {
                requireNonNull(error);
            }
        }
    }

    enum Health {
        /// The clone has no health check.
        UNKNOWN,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }
}

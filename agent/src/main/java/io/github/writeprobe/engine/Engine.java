package io.github.writeprobe.engine;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.probes.exec.ExecRunner;
import io.github.writeprobe.probes.sidecar.SidecarRunner;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a cycle needs of an engine. Every call ends within its deadline.
public interface Engine extends AutoCloseable {
    /// The endpoint, as configured.
    String host();

    /// Identifies the engine and negotiates an API version.
    ///
    /// @throws EngineUnavailable if no engine answers; its message says what was tried and what to
    ///   do
    Identified identify() throws EngineUnavailable, InterruptedException;

    /// The containers that are running, paused, or waiting for a restart.
    ///
    /// @param filters the engine's own list filters: `label`, `name`, `ancestor`, …
    Listing list(Map<String, List<String>> filters) throws EngineUnavailable, InterruptedException;

    /// What the engine declares for a container.
    ///
    /// @param reference an id or a name
    /// @return empty if there is no such container
    /// @throws EngineUnavailable if the engine does not answer, or if its answer about this
    ///   container cannot be read: [#identify] distinguishes the two
    Optional<Inspected> inspect(String reference) throws EngineUnavailable, InterruptedException;

    /// Delivers container events until the event stream ends. Blocks until then, or until it is
    /// interrupted.
    ///
    /// An engine does not repeat events that it sent while no client was connected, except for
    /// those that `since` brings back. So a client that lost the connection also has to list the
    /// containers.
    ///
    /// @param since the time of the last event that was received, by the engine's clock; events
    ///   that the engine still has from that time on are sent again, that event included. Empty for
    ///   new events only
    /// @throws EngineUnavailable always, when the stream ends or fails; its message says why
    void follow(Optional<Instant> since, Listener listener)
            throws EngineUnavailable, InterruptedException;

    /// Runs commands in the engine's containers.
    ExecRunner execs();

    /// Runs commands in helper containers that share the namespaces of a container.
    SidecarRunner sidecars();

    /// Removes the helper containers that a killed writeprobe left behind. Helpers that may belong
    /// to a running writeprobe stay.
    void removeStaleResources() throws EngineUnavailable, InterruptedException;

    /// What only some engines offer, such as clones of containers.
    ///
    /// @return empty if this one does not
    default <T> Optional<T> ability(Class<T> type) {
        return Optional.empty();
    }

    @Override
    void close();

    /// The engine's version, and the API version that is used.
    record Identified(String version, String apiVersion) {}

    /// The engine's list of containers.
    ///
    /// @param unreadable the number of entries whose id cannot be read
    record Listing(List<Listed> containers, int unreadable) {
        public Listing {
            containers = List.copyOf(containers);
        }
    }

    /// A container in the list.
    ///
    /// @param possibleExclusion why the container may be excluded; [#inspect] decides
    /// @param mountSources names of volumes and host paths of binds, to find out which are shared
    record Listed(
            String id,
            String name,
            ContainerState state,
            Optional<ExcludedContainer.Reason> possibleExclusion,
            List<String> mountSources) {
        public Listed {
            mountSources = List.copyOf(mountSources);
        }
    }

    /// The state of a listed container.
    enum ContainerState {
        RUNNING,
        /// Its processes are frozen.
        PAUSED,
        /// It has ended and waits for its restart.
        RESTARTING
    }

    /// The result of an inspect.
    ///
    /// @param running whether the container has processes; a paused container has
    /// @param startedAt the time of the start, as the engine writes it: a different text means a
    ///   different start
    /// @param exclusion why the container need not be judged; only a container without any power
    ///   has a reason
    /// @param restarts present if the container restarts again and again
    record Inspected(
            Container container,
            boolean running,
            String startedAt,
            Optional<ExcludedContainer.Reason> exclusion,
            Optional<RestartLoopStatus> restarts) {
        /// The same, of the container in which this process runs.
        public Inspected withSelf() {
            return new Inspected(container.withSelf(), running, startedAt, exclusion, restarts);
        }
    }

    /// Receives the events of an engine, on one thread.
    interface Listener {
        /// The engine has accepted the subscription: every later event is delivered.
        void onSubscribed();

        void onEvent(Event event);
    }

    /// An event that can change a container's verdict. Events about execs are not included, so a
    /// probe cannot trigger the next probe.
    ///
    /// @param container its id
    /// @param at by the engine's clock
    record Event(Action action, String container, Instant at) {}

    /// The kind of event.
    enum Action {
        START,
        PAUSE,
        UNPAUSE,
        RENAME,
        UPDATE,
        DIE,
        DESTROY
    }
}

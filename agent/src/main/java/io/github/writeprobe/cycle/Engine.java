package io.github.writeprobe.cycle;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.probes.exec.ExecChannel;
import io.github.writeprobe.probes.sidecar.SidecarChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a pass needs of an engine. Every call ends within its deadline.
public interface Engine extends AutoCloseable {
    /// The endpoint, as given.
    String host();

    /// Finds out which engine answers, and agrees with it on an API version.
    ///
    /// @throws EngineUnavailable if none answers; its message says what was tried and what to do
    Identified identify() throws EngineUnavailable, InterruptedException;

    /// The containers that run, are paused, or wait to be started again.
    ///
    /// @param filters as the engine's own list takes them: `label`, `name`, `ancestor`, …
    Listing list(Map<String, List<String>> filters) throws EngineUnavailable, InterruptedException;

    /// What the engine declares of a container.
    ///
    /// @param reference an id or a name
    /// @return empty if there is no such container
    /// @throws EngineUnavailable if the engine is gone, or if what it says of this one container
    ///   cannot be read: [#identify] tells the two apart
    Optional<Inspected> inspect(String reference) throws EngineUnavailable, InterruptedException;

    /// Follows what happens to containers, until the stream of events ends. Blocks; an interrupt
    /// ends it.
    ///
    /// Engines repeat nothing of what happened while nobody listened, but for what `since` brings
    /// back: who was cut off has to list as well.
    ///
    /// @param since the time of the last event heard, by the engine's clock; what it still
    ///   remembers from then on comes again, that event included. Empty for what happens from now
    ///   on
    /// @throws EngineUnavailable always, once the stream ends or breaks; its message says how
    void follow(Optional<Instant> since, Listener listener)
            throws EngineUnavailable, InterruptedException;

    /// The way to run a command in one of its containers.
    ExecChannel execs();

    /// The way to run a command beside one of its containers.
    SidecarChannel sidecars();

    /// Removes the helpers that a writeprobe which was killed has left; none that can belong to one
    /// that lives.
    void removeStaleResources() throws EngineUnavailable, InterruptedException;

    @Override
    void close();

    /// Which engine it is.
    record Identified(String version, String apiVersion) {}

    /// What an engine lists.
    ///
    /// @param unreadable how many entries there are that do not even have an id that can be read
    record Listing(List<Listed> containers, int unreadable) {
        public Listing {
            containers = List.copyOf(containers);
        }
    }

    /// A container in a list.
    ///
    /// @param possibleExclusion why it may be left out; what [#inspect] says decides
    /// @param mountSources names of volumes and host paths of binds, to see what is shared
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

    /// What a listed container does.
    enum ContainerState {
        RUNNING,
        /// Its processes are frozen.
        PAUSED,
        /// It has ended, and waits to be started again.
        RESTARTING
    }

    /// What inspect says.
    ///
    /// @param running whether it has processes; paused ones have
    /// @param startedAt when, as the engine writes it: another text is another start
    /// @param exclusion why it need not be judged; only a container without any power has a reason
    /// @param restarts if it is started again and again
    record Inspected(
            Container container,
            boolean running,
            String startedAt,
            Optional<ExcludedContainer.Reason> exclusion,
            Optional<RestartLoop> restarts) {}

    /// Hears what happens on an engine. Called from one thread.
    interface Listener {
        /// The engine has agreed: whatever happens from now on is heard.
        void onSubscribed();

        void onEvent(Event event);
    }

    /// Something that can change what is to be said of a container. What an exec does in one is not
    /// among them, so that no probe can cause the next.
    ///
    /// @param container its id
    /// @param at by the engine's clock
    record Event(Action action, String container, Instant at) {}

    /// What happened to a container.
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

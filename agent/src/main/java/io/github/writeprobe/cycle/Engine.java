package io.github.writeprobe.cycle;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.exec.ExecChannel;
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

    /// The running and paused containers.
    ///
    /// @param filters as the engine's own list takes them: `label`, `name`, `ancestor`, …
    List<Listed> list(Map<String, List<String>> filters)
            throws EngineUnavailable, InterruptedException;

    /// What the engine declares of a container.
    ///
    /// @param reference an id or a name
    /// @return empty if there is no such container
    Optional<Inspected> inspect(String reference) throws EngineUnavailable, InterruptedException;

    /// The way to run a command in one of its containers.
    ExecChannel execs();

    @Override
    void close();

    /// Which engine it is.
    record Identified(String version, String apiVersion) {}

    /// A container in a list.
    ///
    /// @param mountSources names of volumes and host paths of binds, to see what is shared
    record Listed(String id, String name, List<String> mountSources) {}

    /// What inspect says.
    ///
    /// @param running whether it has processes; paused ones have
    record Inspected(Container container, boolean running) {}
}

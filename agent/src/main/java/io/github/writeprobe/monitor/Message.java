package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.Witnesses;
import io.github.writeprobe.probes.ProbeResult;
import java.util.List;
import java.util.Optional;

/// What reaches the follower's thread.
sealed interface Message {
    /// Something about one engine.
    sealed interface OfEngine extends Message {
        /// The roster that it is for; one that is closed by now hears it no more.
        EngineMonitor roster();
    }

    /// The engine has agreed to tell what happens from now on.
    record Following(EngineMonitor roster, Engine.Identified identified) implements OfEngine {}

    /// @param at when it arrived, as [System#nanoTime()]
    record Happened(EngineMonitor roster, Engine.Event event, long at) implements OfEngine {}

    /// The engine does not answer, or no longer tells what happens.
    record Lost(EngineMonitor roster, String trouble) implements OfEngine {}

    /// @param asked when the list was asked for, as [System#nanoTime()]
    record Listed(EngineMonitor roster, Engine.Listing listing, long asked) implements OfEngine {}

    record NotListed(EngineMonitor roster, String trouble) implements OfEngine {}

    /// @param answer empty if there is no such container
    record Inspected(
            EngineMonitor roster, TrackedContainer container, Optional<Engine.Inspected> answer)
            implements OfEngine {}

    record NotInspected(EngineMonitor roster, TrackedContainer container, String trouble)
            implements OfEngine {}

    /// A probe is over, and its place is free.
    ///
    /// @param said empty if it was called off, or the engine went away
    record Probed(
            EngineMonitor roster,
            TrackedContainer container,
            ProbeRequest probe,
            Optional<Witnesses.Heard> said)
            implements OfEngine {}

    /// The kernel was asked alone.
    record KernelRechecked(EngineMonitor roster, List<KernelRecheck> glances) implements OfEngine {}

    /// About one container.
    ///
    /// @param kernel what it said; nothing if it was called off, or the container is out of reach
    record KernelRecheck(
            TrackedContainer container, ProbeRequest probe, List<ProbeResult> kernel) {}

    /// A container's mount table changed.
    ///
    /// @param container its id
    /// @param at when the kernel said so, as [System#nanoTime()]
    record Mounted(String container, long at) implements Message {}

    /// The configuration was read again.
    record Reconfigured(MonitorSettings settings, List<Engine> engines) implements Message {}
}

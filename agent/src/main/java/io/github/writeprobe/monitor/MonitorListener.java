package io.github.writeprobe.monitor;

import io.github.writeprobe.model.ChangeOrigin;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;

/// Is told what the monitor does, so that it can be counted. Called from the monitor's thread.
public interface MonitorListener {
    /// @param paths the number of paths that the witness was told to probe
    void probed(ProbeResult result, int paths);

    /// A cycle over one engine is complete.
    void cycleCompleted(WitnessName witness, Duration took);

    /// A container has its first verdict, or its verdict or a finding has changed.
    ///
    /// @param latency since the event's arrival; for [Trigger#POLL] since the previous probe, so it
    ///   is the longest time that the change can have been unnoticed
    void verdictChanged(Trigger trigger, Duration latency);

    /// A container's mount table differs from the previous one.
    ///
    /// @param origin from where it was changed
    void mountTableChanged(ChangeOrigin origin);

    /// An engine sent an event of a container.
    void eventReceived();

    /// The subscription to an engine's events is active again.
    void reconnected();
}

package io.github.writeprobe.monitor;

import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;

/// Is told what the monitor does, to count it. Called from the monitor's thread.
public interface MonitorListener {
    /// @param paths how many paths the witness was asked to probe
    void probed(ProbeResult result, int paths);

    /// A cycle over one engine is complete.
    void cycleCompleted(WitnessName witness, Duration took);

    /// A verdict is new, or has changed.
    ///
    /// @param latency from the event's arrival; for [Trigger#POLL] from the probe before, so that
    ///   it is the longest time that the change can have gone unseen
    void verdictChanged(Trigger trigger, Duration latency);

    /// A container's mount table is not what it was when it was last read.
    void mountTableChanged();

    /// An engine reported an event of a container.
    void eventReceived();

    /// The subscription to an engine's events stands again.
    void reconnected();
}

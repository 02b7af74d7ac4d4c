package io.github.writeprobe.monitor;

import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;

/// Hears what the follower does, to count it. Called from its thread.
public interface MonitorListener {
    /// @param asked how many paths the witness was asked about
    void testified(ProbeResult testimony, int asked);

    /// A pass over one engine is over.
    void passed(WitnessName witness, Duration took);

    /// A verdict is new, or another.
    ///
    /// @param latency from the event's arrival; for [Trigger#POLL] from the time the container was
    ///   last looked at, so that it is the most that the change can have gone unseen
    void detected(Trigger trigger, Duration latency);

    /// A container's mount table is another than when it was last read.
    void mountsChanged();

    /// An engine told of something that happened to a container.
    void happened();

    /// An engine that was lost, or whose events had ended, is followed again.
    void reconnected();
}

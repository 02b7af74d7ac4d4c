package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.MountActor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The state of one container in the state machine. Times are those of the monitor's
/// [MonitorClock].
final class TrackedContainer {
    private final ContainerKey key;
    private final long trackedSince;

    /// The name that the engine reported last; empty before the first report.
    private String name = "";

    /// Whether an event reported the container, or the first list after the subscription.
    private boolean announced;

    private LastInspectResult declaration = new LastInspectResult.Unknown();
    private ContainerRestartState runState = new ContainerRestartState.NotInspected();
    private InspectTaskState inspect = InspectTaskState.IDLE;
    private ProbeTaskState probe = ProbeTaskState.IDLE;
    private RecheckTaskState recheck = RecheckTaskState.IDLE;
    private LastProbeResults results = new LastProbeResults.None();
    private Optional<ContainerReport> report = Optional.empty();

    /// The paths of its last probe.
    private List<String> probedPaths = List.of();

    /// The number of failed probes in a row.
    private int failures;

    private long nextProbeAt;

    /// When the start event arrived that the next verdict answers.
    private OptionalLong startReceivedAt = OptionalLong.empty();

    /// When the mount change was reported that the next verdict answers.
    private OptionalLong mountChangeReceivedAt = OptionalLong.empty();

    private Optional<MountActor> changedBy = Optional.empty();

    /// The process whose mount table is watched; 0 if there is none.
    private long watchedPid;

    TrackedContainer(ContainerKey key, long trackedSince) {
        this.key = key;
        this.trackedSince = trackedSince;
        this.nextProbeAt = trackedSince;
    }

    ContainerKey key() {
        return key;
    }

    String id() {
        return key.id();
    }

    long trackedSince() {
        return trackedSince;
    }

    String name() {
        return name;
    }

    void named(String now) {
        name = now;
    }

    boolean isAnnounced() {
        return announced;
    }

    void announced() {
        announced = true;
    }

    LastInspectResult declaration() {
        return declaration;
    }

    Optional<Container> declared() {
        return declaration.last();
    }

    void declare(LastInspectResult now) {
        declaration = now;
    }

    ContainerRestartState runState() {
        return runState;
    }

    boolean hasProcesses() {
        return runState.hasProcesses();
    }

    InspectTaskState inspectState() {
        return inspect;
    }

    void inspect(InspectTaskState now) {
        inspect = now;
    }

    ProbeTaskState probeState() {
        return probe;
    }

    void probe(ProbeTaskState now) {
        probe = now;
    }

    RecheckTaskState recheckState() {
        return recheck;
    }

    void recheck(RecheckTaskState now) {
        recheck = now;
    }

    LastProbeResults results() {
        return results;
    }

    void results(LastProbeResults now) {
        results = now;
    }

    Optional<ContainerReport> report() {
        return report;
    }

    void report(ContainerReport now) {
        report = Optional.of(now);
    }

    List<String> probedPaths() {
        return probedPaths;
    }

    void probedAt(List<String> paths) {
        probedPaths = paths;
    }

    int failures() {
        return failures;
    }

    /// Whether its last probe failed. Such a container must not delay others.
    boolean isSuspect() {
        return failures > 0;
    }

    void probeEnded(boolean failed) {
        failures = failed ? failures + 1 : 0;
    }

    long nextProbeAt() {
        return nextProbeAt;
    }

    void nextProbeAt(long at) {
        nextProbeAt = at;
    }

    /// If several starts arrive before a verdict, only the first counts.
    void startReceived(long at) {
        startReceivedAt = startReceivedAt.isPresent() ? startReceivedAt : OptionalLong.of(at);
    }

    OptionalLong startReceivedAt() {
        return startReceivedAt;
    }

    void startAnswered() {
        startReceivedAt = OptionalLong.empty();
    }

    void mountChangeReceived(long at) {
        mountChangeReceivedAt =
                mountChangeReceivedAt.isPresent() ? mountChangeReceivedAt : OptionalLong.of(at);
    }

    OptionalLong mountChangeReceivedAt() {
        return mountChangeReceivedAt;
    }

    void mountChangeAnswered() {
        mountChangeReceivedAt = OptionalLong.empty();
    }

    /// Who made the change of the mounts that the latest results have; empty if they have none.
    Optional<MountActor> changedBy() {
        return changedBy;
    }

    void changedBy(Optional<MountActor> actor) {
        changedBy = actor;
    }

    long watchedPid() {
        return watchedPid;
    }

    void watched(long pid) {
        watchedPid = pid;
    }

    /// Applies what the inspect shows about starts. Results of an earlier start do not count. In a
    /// restart loop they are kept until there are new ones, because each run may be too short for a
    /// probe; the container is unverified in any case.
    ///
    /// @return whether it was started again since the last inspect
    boolean runState(ContainerRestartState now, boolean anotherStart) {
        boolean hadLoop = runState.restartLoop().isPresent();
        runState = now;
        if (anotherStart) {
            failures = 0;
            probe = probe.due();
        }
        boolean settled = hadLoop && results.areOfEarlierStart(now.start());
        if (now.restartLoop().isEmpty() && (anotherStart || settled)) {
            results = new LastProbeResults.None();
            probe = probe.due();
        }
        return anotherStart;
    }

    void settling() {
        runState = runState.settling();
    }
}

package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// All that the state machine remembers of one container. Times are those of the monitor's
/// [MonitorTime].
final class TrackedContainer {
    private final ContainerKey key;
    private final long trackedSince;

    /// As the engine said last; empty if it has not yet.
    private String name = "";

    /// Whether an event told of it, or the first list after the subscription.
    private boolean announced;

    private Declaration declaration = new Declaration.Unknown();
    private Lifecycle lifecycle = new Lifecycle.NotInspected();
    private InspectPhase inspect = InspectPhase.IDLE;
    private ProbePhase probe = ProbePhase.IDLE;
    private RecheckPhase recheck = RecheckPhase.IDLE;
    private KnownResults results = new KnownResults.None();
    private Optional<ContainerReport> report = Optional.empty();

    /// What it was last probed at.
    private List<String> probedPaths = List.of();

    /// Probes in a row that failed.
    private int failures;

    private long nextProbeAt;

    /// When the start was received that its next verdict answers.
    private OptionalLong startReceivedAt = OptionalLong.empty();

    /// When the change of its mounts was received that its next verdict answers.
    private OptionalLong mountChangeReceivedAt = OptionalLong.empty();

    /// The process whose mount table is watched; 0 if none is.
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

    Declaration declaration() {
        return declaration;
    }

    Optional<Container> declared() {
        return declaration.last();
    }

    void declare(Declaration now) {
        declaration = now;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    boolean hasProcesses() {
        return lifecycle.hasProcesses();
    }

    InspectPhase inspectPhase() {
        return inspect;
    }

    void inspect(InspectPhase now) {
        inspect = now;
    }

    ProbePhase probePhase() {
        return probe;
    }

    void probe(ProbePhase now) {
        probe = now;
    }

    RecheckPhase recheckPhase() {
        return recheck;
    }

    void recheck(RecheckPhase now) {
        recheck = now;
    }

    KnownResults results() {
        return results;
    }

    void results(KnownResults now) {
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

    /// Whether its last probe failed: it may hold up others no longer.
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

    /// Only the first start counts that no verdict has answered yet.
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

    long watchedPid() {
        return watchedPid;
    }

    void watched(long pid) {
        watchedPid = pid;
    }

    /// Takes in what inspect says of its starts. Results of an earlier start do not count, but in a
    /// container that restarts again and again they stand until something else is seen, since each
    /// start may be too short to be probed; it is not verified in any case.
    ///
    /// @return whether it was started again since
    boolean lifecycle(Lifecycle now, boolean anotherStart) {
        boolean hadLoop = lifecycle.restartLoop().isPresent();
        lifecycle = now;
        if (anotherStart) {
            failures = 0;
            probe = probe.due();
        }
        boolean settled = hadLoop && results.areOfEarlierStart(now.start());
        if (now.restartLoop().isEmpty() && (anotherStart || settled)) {
            results = new KnownResults.None();
            probe = probe.due();
        }
        return anotherStart;
    }

    void settling() {
        lifecycle = lifecycle.settling();
    }
}

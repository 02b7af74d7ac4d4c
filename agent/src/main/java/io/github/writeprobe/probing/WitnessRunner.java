package io.github.writeprobe.probing;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.EngineScheme;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.exec.ExecWitness;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.procfs.MountChangeDetector;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.sidecar.SidecarWitness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Runs the witnesses that are available for a container.
public final class WitnessRunner {
    private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(10);

    private final ProbeSettings probeSettings;
    private final Engine engine;
    private final ExecWitness exec;
    private final ProcfsWitness procfs;
    private final Optional<SidecarWitness> sidecar;
    private volatile long nextCleanup = System.nanoTime();

    public WitnessRunner(ProbeSettings probeSettings, Engine engine, ProcfsWitness procfs) {
        this.probeSettings = probeSettings;
        this.engine = engine;
        this.exec =
                new ExecWitness(engine.execs(), probeSettings.timeout(), probeSettings.execute());
        this.procfs = procfs;
        EngineScheme.socket(engine.host()).ifPresent(procfs::addEngineSocket);
        this.sidecar =
                probeSettings
                        .sidecarImage()
                        .map(image ->
                                new SidecarWitness(
                                        engine.sidecars(),
                                        image,
                                        probeSettings.timeout(),
                                        probeSettings.execute()));
    }

    /// As [ProbeSettings#pathsOf].
    public List<String> paths(Container container, List<String> policyPaths) {
        return probeSettings.pathsOf(container, policyPaths);
    }

    /// Whether the `procfs` witness is available and enabled.
    private boolean canProbeKernel() {
        return probeSettings.asks(WitnessName.PROCFS) && procfs.unavailableReason().isEmpty();
    }

    /// Probes a container with all available witnesses.
    ///
    /// `procfs` probes before and after `exec`, and checks whether a mount changed in between, so
    /// that a change is not taken for a contradiction.
    ///
    /// @param paths to probe, as from [#paths]
    /// @throws EngineUnavailable if the engine does not answer when it has to explain why a probe
    ///   failed
    public WitnessResults probe(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        if (probeSettings.onlyWitness().isPresent()) {
            return probeByOnlyWitness(probeSettings.onlyWitness().get(), container, paths);
        }
        List<ProbeResult> before;
        List<ProbeResult> inContainer;
        List<ProbeResult> after;
        boolean mountsStable;
        try (MountChangeDetector mountStability =
                procfs.mountStability(container.pid(), container.id())) {
            before = probeByProcfs(container, paths);
            if (isOutsideNamespace(before) || canLeaveNamespaces(container)) {
                return new WitnessResults(List.of(), before);
            }
            inContainer = probeByExec(container, paths);
            after =
                    container.paused()
                            ? before
                            : rejectSilencedKernel(
                                    before, inContainer, probeByProcfs(container, paths));
            mountsStable = mountStability.isUnchanged();
        }
        List<ProbeResult> stable =
                ConcurrentChangeCheck.markChanged(inContainer, before, after, mountsStable);
        return new WitnessResults(
                lacksTools(inContainer) && after.stream().allMatch(t -> t.trouble().isPresent())
                        ? Stream.concat(stable.stream(), probeBySidecar(container, paths).stream())
                                .toList()
                        : stable,
                after);
    }

    /// The results of `procfs`, or why it has none.
    private List<ProbeResult> probeByProcfs(Container container, List<String> paths)
            throws InterruptedException {
        return withDevices(
                container, procfs.probe(procfsRequest(container, paths), probeSettings.timeout()));
    }

    private ProcfsWitness.ProcfsRequest procfsRequest(Container container, List<String> paths) {
        return new ProcfsWitness.ProcfsRequest(
                container.pid(),
                container.id(),
                paths,
                container.isolation().sandboxRuntime(),
                canMount(container),
                probeSettings.fullInterval());
    }

    private static boolean canMount(Container container) {
        return container.privileged() || container.capabilities().contains("SYS_ADMIN");
    }

    /// Whether an exec might run in mounts that are not the container's: in the worst case, the
    /// host's.
    private static boolean isOutsideNamespace(List<ProbeResult> kernel) {
        return kernel.stream()
                .flatMap(t -> t.trouble().stream())
                .anyMatch(t -> t.cause() == InconclusiveCause.NAMESPACE);
    }

    /// Whether the container's processes can enter mount namespaces of the host at any moment. Then
    /// an exec might run in one of them, whatever was found before.
    private static boolean canLeaveNamespaces(Container container) {
        boolean seesOtherProcesses =
                !container.isolation().pidMode().isEmpty()
                        || container.mounts().stream()
                                .anyMatch(m -> MountTable.isAtOrBelow(m.source(), "/proc"));
        return canMount(container) && seesOtherProcesses;
    }

    /// If `procfs` fails after it succeeded before the exec, that confirms nothing: the container
    /// may have caused it.
    private static List<ProbeResult> rejectSilencedKernel(
            List<ProbeResult> before, List<ProbeResult> inContainer, List<ProbeResult> after) {
        boolean silenced =
                before.stream().anyMatch(t -> t.trouble().isEmpty())
                        && after.stream().allMatch(t -> t.trouble().isPresent())
                        && inContainer.stream().anyMatch(t -> t.trouble().isEmpty());
        return silenced
                ? List.of(
                        failedProbe(
                                WitnessName.PROCFS,
                                InconclusiveCause.UNEXPECTED_ERROR,
                                "procfs succeeded before the exec, and failed after it"))
                : after;
    }

    private WitnessResults probeByOnlyWitness(
            WitnessName witness, Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        return switch (witness) {
            case EXEC -> new WitnessResults(probeByExecOnly(container, paths), List.of());
            case PROCFS -> new WitnessResults(List.of(), probeByProcfs(container, paths));
            case SIDECAR ->
                    new WitnessResults(
                            sidecar.isPresent()
                                    ? probeBySidecar(container, paths)
                                    : List.of(
                                            failedProbe(
                                                    WitnessName.SIDECAR,
                                                    InconclusiveCause.UNREACHABLE,
                                                    "probe.sidecar-image is not set")),
                            List.of());
        };
    }

    /// Runs no exec in mounts of the host, as far as `procfs` can detect that.
    private List<ProbeResult> probeByExecOnly(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        boolean outside =
                canLeaveNamespaces(container)
                        || (procfs.unavailableReason().isEmpty()
                                && isOutsideNamespace(
                                        procfs.probe(
                                                procfsRequest(container, List.of()),
                                                probeSettings.timeout())));
        return outside
                ? List.of(
                        failedProbe(
                                WitnessName.EXEC,
                                InconclusiveCause.NAMESPACE,
                                "an exec might run in other mounts than the container's"))
                : probeByExec(container, paths);
    }

    /// Whether the image lacks what `exec` needs. Another attempt would not change that.
    private static boolean lacksTools(List<ProbeResult> inContainer) {
        return inContainer.stream()
                .flatMap(t -> t.trouble().stream())
                .anyMatch(t ->
                        t.cause() == InconclusiveCause.NO_SHELL
                                || t.cause() == InconclusiveCause.NO_RM);
    }

    /// Probes with a helper container: as the service, and also as root if the service is not root,
    /// because only a refusal as root is certain to be about the mount.
    private List<ProbeResult> probeBySidecar(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        if (sidecar.isEmpty()) {
            return List.of();
        }
        if (container.paused()) {
            return List.of(failedProbe(WitnessName.SIDECAR, InconclusiveCause.PAUSED, ""));
        }
        List<ProbeResult> results = new ArrayList<>();
        ProbeResult service =
                probeBySidecarAs(sidecar.get(), container, ProbeIdentity.SERVICE, paths);
        results.add(service);
        boolean root =
                service.observations().stream()
                        .anyMatch(o -> o.uid().isPresent() && o.uid().getAsInt() == 0);
        if (service.trouble().isEmpty() && !root) {
            results.add(probeBySidecarAs(sidecar.get(), container, ProbeIdentity.ROOT, paths));
        }
        return results;
    }

    private ProbeResult probeBySidecarAs(
            SidecarWitness witness, Container container, ProbeIdentity identity, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        return withCauseFromEngine(container, witness.probe(container.id(), identity, paths));
    }

    /// Removes helpers that are no longer needed: every cycle if `sidecar` is enabled, otherwise
    /// from time to time, because a proof may have left some.
    ///
    /// @throws EngineUnavailable if the engine does not answer
    public void removeStaleResources() throws InterruptedException, EngineUnavailable {
        long now = System.nanoTime();
        if (sidecar.isPresent() || now - nextCleanup >= 0) {
            engine.removeStaleResources();
            nextCleanup = now + CLEANUP_INTERVAL.toNanos();
        }
    }

    private List<ProbeResult> withDevices(Container container, List<ProbeResult> results)
            throws InterruptedException {
        return DeviceFactsEnricher.addTo(procfs, container, results, probeSettings.timeout());
    }

    /// A container, and the paths to probe in it.
    public record ProbeTarget(Container container, List<String> paths) {
        public ProbeTarget {
            paths = List.copyOf(paths);
        }
    }

    /// The results of `procfs` alone for containers that are monitored, at a low cost: see
    /// [ProcfsWitness#recheck]. Empty for a container whose processes it cannot reach.
    ///
    /// @return the results of each target, in the order of the targets
    public List<List<ProbeResult>> recheck(List<ProbeTarget> targets) throws InterruptedException {
        if (!canProbeKernel()) {
            return targets.stream().map(q -> List.<ProbeResult>of()).toList();
        }
        List<ProcfsWitness.ProcfsRequest> procfsRequests =
                targets.stream().map(q -> procfsRequest(q.container(), q.paths())).toList();
        List<List<ProbeResult>> results = new ArrayList<>();
        for (List<ProbeResult> one : procfs.recheck(procfsRequests, probeSettings.timeout())) {
            results.add(withDevices(targets.get(results.size()).container(), dropUnreachable(one)));
        }
        return results;
    }

    private List<ProbeResult> dropUnreachable(List<ProbeResult> results) {
        boolean unreachable =
                probeSettings.onlyWitness().isEmpty()
                        && results.stream()
                                .flatMap(t -> t.trouble().stream())
                                .anyMatch(t -> t.cause() == InconclusiveCause.UNREACHABLE);
        return unreachable ? List.of() : results;
    }

    /// Probes with a shell in the container.
    private List<ProbeResult> probeByExec(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        if (container.paused()) {
            return List.of(failedProbe(WitnessName.EXEC, InconclusiveCause.PAUSED, ""));
        }
        List<ProbeResult> results = new ArrayList<>();
        results.add(probeByExecAs(container, ProbeIdentity.SERVICE, paths));
        if (probeSettings.execAsRoot() && !Container.isRoot(container.user())) {
            results.add(probeByExecAs(container, ProbeIdentity.ROOT, paths));
        }
        return results;
    }

    private static ProbeResult failedProbe(
            WitnessName witness, InconclusiveCause cause, String detail) {
        return ProbeResult.failed(
                witness,
                ProbeIdentity.SERVICE,
                Instant.now(),
                Duration.ZERO,
                new WriteResult.Inconclusive(cause, detail));
    }

    private ProbeResult probeByExecAs(
            Container container, ProbeIdentity identity, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        return withCauseFromEngine(container, exec.probe(container.id(), identity, paths));
    }

    /// Replaces the cause if the container has stopped. A container that stops during the probe
    /// leaves a partial answer, a failed start, or none. What the engine then says about it is the
    /// better cause.
    private ProbeResult withCauseFromEngine(Container container, ProbeResult result)
            throws InterruptedException, EngineUnavailable {
        Optional<InconclusiveCause> cause = result.trouble().map(WriteResult.Inconclusive::cause);
        if (cause.isEmpty()
                || !Set.of(
                                InconclusiveCause.MALFORMED,
                                InconclusiveCause.EXEC_FAILED,
                                InconclusiveCause.TIMED_OUT)
                        .contains(cause.get())) {
            return result;
        }
        Optional<Engine.Inspected> after = engine.inspect(container.id());
        if (after.filter(Engine.Inspected::running).isPresent()) {
            return result;
        }
        return ProbeResult.failed(
                result.witness(),
                result.identity(),
                result.at(),
                result.took(),
                new WriteResult.Inconclusive(
                        after.isPresent() ? InconclusiveCause.NOT_RUNNING : InconclusiveCause.GONE,
                        ""));
    }

    /// The probe results of a container.
    ///
    /// @param inContainer the results from inside it, without those about paths that changed
    /// @param kernel the results of `procfs`, with which `inContainer` is compared
    public record WitnessResults(List<ProbeResult> inContainer, List<ProbeResult> kernel) {
        public WitnessResults {
            inContainer = List.copyOf(inContainer);
            kernel = List.copyOf(kernel);
        }

        public List<ProbeResult> all() {
            return inContainer.isEmpty()
                    ? kernel
                    : Stream.concat(inContainer.stream(), kernel.stream()).toList();
        }

        /// The same without the output of the container, for which there is no room in the
        /// [UntrustedDataBudget].
        public WitnessResults withoutOutput() {
            return new WitnessResults(
                    inContainer.stream()
                            .map(t ->
                                    ProbeResult.failed(
                                            t.witness(),
                                            t.identity(),
                                            t.at(),
                                            t.took(),
                                            new WriteResult.Inconclusive(
                                                    InconclusiveCause.OUTPUT_CAPPED,
                                                    "this and other containers printed"
                                                            + " too much together")))
                            .toList(),
                    kernel);
        }

        /// The same with newer results of `procfs`. Results from inside the container no longer
        /// count for paths that have changed since.
        public WitnessResults withKernel(List<ProbeResult> kernelNow) {
            return new WitnessResults(
                    ConcurrentChangeCheck.markChanged(inContainer, kernel, kernelNow), kernelNow);
        }
    }
}

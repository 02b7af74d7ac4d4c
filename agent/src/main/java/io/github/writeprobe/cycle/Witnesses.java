package io.github.writeprobe.cycle;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.exec.ExecWitness;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.procfs.MountStability;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.sidecar.SidecarWitness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Asks the witnesses that can answer about a container.
public final class Witnesses {
    private static final Set<String> ROOT_USERS =
            Set.of("", "0", "root", "0:0", "root:root", "0:root");

    private static final String UNIX = "unix://";

    private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);

    private final ProbeSettings probing;
    private final Engine engine;
    private final ExecWitness exec;
    private final ProcfsWitness procfs;
    private final Optional<SidecarWitness> sidecar;
    private volatile long sweepAt = System.nanoTime();

    public Witnesses(ProbeSettings probing, Engine engine, ProcfsWitness procfs) {
        this.probing = probing;
        this.engine = engine;
        this.exec = new ExecWitness(engine.execs(), probing.timeout(), probing.execute());
        this.procfs = procfs;
        if (engine.host().startsWith(UNIX)) {
            procfs.engineAt(engine.host().substring(UNIX.length()));
        }
        this.sidecar =
                probing.sidecarImage()
                        .map(image ->
                                new SidecarWitness(
                                        engine.sidecars(),
                                        image,
                                        probing.timeout(),
                                        probing.execute()));
    }

    /// As [ProbeSettings#pathsOf].
    public List<String> paths(Container container, List<String> wanted) {
        return probing.pathsOf(container, wanted);
    }

    /// Whether the kernel can be asked at all, and is to be.
    public boolean asksKernel() {
        return probing.asks(WitnessName.PROCFS) && procfs.unavailable().isEmpty();
    }

    /// What all of them say.
    ///
    /// The kernel is asked before exec and after it, and whether a mount came and went, so that
    /// what changes meanwhile is not taken for a contradiction.
    ///
    /// @param paths to probe, as from [#paths]
    /// @throws EngineUnavailable if the engine went away, and so cannot say why a probe failed
    public Heard testimonies(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        if (probing.only().isPresent()) {
            return only(probing.only().get(), container, paths);
        }
        List<ProbeResult> before;
        List<ProbeResult> sworn;
        List<ProbeResult> after;
        boolean still;
        try (MountStability stillness = procfs.stillness(container.pid(), container.id())) {
            before = asked(container, paths);
            if (elsewhere(before) || mayLeave(container)) {
                return new Heard(List.of(), before);
            }
            sworn = sworn(container, paths);
            after =
                    container.paused()
                            ? before
                            : unlessSilenced(before, sworn, asked(container, paths));
            still = stillness.lasts();
        }
        List<ProbeResult> steady = StableResults.through(sworn, before, after, still);
        return new Heard(
                speechless(sworn) && after.stream().allMatch(t -> t.trouble().isPresent())
                        ? Stream.concat(steady.stream(), beside(container, paths).stream()).toList()
                        : steady,
                after);
    }

    /// What the kernel says, or why it cannot be asked.
    private List<ProbeResult> asked(Container container, List<String> paths)
            throws InterruptedException {
        return withDevices(container, procfs.testify(sight(container, paths), probing.timeout()));
    }

    private static ProcfsWitness.Sight sight(Container container, List<String> paths) {
        return new ProcfsWitness.Sight(
                container.pid(),
                container.id(),
                paths,
                container.isolation().sandbox(),
                mayMount(container));
    }

    private static boolean mayMount(Container container) {
        return container.privileged() || container.capabilities().contains("SYS_ADMIN");
    }

    /// Whether an exec might run in other mounts than the container's: on the host, at worst.
    private static boolean elsewhere(List<ProbeResult> kernel) {
        return kernel.stream()
                .flatMap(t -> t.trouble().stream())
                .anyMatch(t -> t.cause() == Cause.NAMESPACE);
    }

    /// Whether its processes can enter mount namespaces of the machine at any moment: then an exec
    /// might run in these, whatever was looked at before.
    private static boolean mayLeave(Container container) {
        boolean seesOthers =
                !container.isolation().pidMode().isEmpty()
                        || container.mounts().stream()
                                .anyMatch(m -> MountTable.isAtOrBelow(m.source(), "/proc"));
        return mayMount(container) && seesOthers;
    }

    /// That the kernel falls silent while exec runs is no yes: the container may have seen to it.
    private static List<ProbeResult> unlessSilenced(
            List<ProbeResult> before, List<ProbeResult> sworn, List<ProbeResult> after) {
        boolean silenced =
                before.stream().anyMatch(t -> t.trouble().isEmpty())
                        && after.stream().allMatch(t -> t.trouble().isPresent())
                        && sworn.stream().anyMatch(t -> t.trouble().isEmpty());
        return silenced
                ? List.of(
                        none(
                                WitnessName.PROCFS,
                                Cause.UNEXPECTED_ERROR,
                                "it could be asked before the exec, and not after it"))
                : after;
    }

    private Heard only(WitnessName witness, Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        return switch (witness) {
            case EXEC -> new Heard(execOnly(container, paths), List.of());
            case PROCFS -> new Heard(List.of(), asked(container, paths));
            case SIDECAR ->
                    new Heard(
                            sidecar.isPresent()
                                    ? beside(container, paths)
                                    : List.of(
                                            none(
                                                    WitnessName.SIDECAR,
                                                    Cause.UNREACHABLE,
                                                    "probe.sidecar-image is not set")),
                            List.of());
        };
    }

    /// Where the kernel can say so, nothing runs in the mounts of the machine.
    private List<ProbeResult> execOnly(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        boolean elsewhere =
                mayLeave(container)
                        || (procfs.unavailable().isEmpty()
                                && elsewhere(
                                        procfs.testify(
                                                sight(container, List.of()), probing.timeout())));
        return elsewhere
                ? List.of(
                        none(
                                WitnessName.EXEC,
                                Cause.NAMESPACE,
                                "an exec might run in other mounts than the container's"))
                : sworn(container, paths);
    }

    /// Whether the image lacks what exec needs, which another try does not mend.
    private static boolean speechless(List<ProbeResult> sworn) {
        return sworn.stream()
                .flatMap(t -> t.trouble().stream())
                .anyMatch(t -> t.cause() == Cause.NO_SHELL || t.cause() == Cause.NO_RM);
    }

    /// What a helper says: as the service, and as root too where the service may be another, since
    /// only root's refusal is sure to tell of the mount.
    private List<ProbeResult> beside(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        if (sidecar.isEmpty()) {
            return List.of();
        }
        if (container.paused()) {
            return List.of(none(WitnessName.SIDECAR, Cause.PAUSED, ""));
        }
        List<ProbeResult> testimonies = new ArrayList<>();
        ProbeResult service = sidecar(sidecar.get(), container, Identity.SERVICE, paths);
        testimonies.add(service);
        boolean root =
                service.observations().stream()
                        .anyMatch(o -> o.uid().isPresent() && o.uid().getAsInt() == 0);
        if (service.trouble().isEmpty() && !root) {
            testimonies.add(sidecar(sidecar.get(), container, Identity.ROOT, paths));
        }
        return testimonies;
    }

    private ProbeResult sidecar(
            SidecarWitness witness, Container container, Identity identity, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        return afterwards(container, witness.testify(container.id(), identity, paths));
    }

    /// Removes helpers that nobody needs any more: now and then, since a proof may have left some,
    /// and each time if sidecar may be asked.
    ///
    /// @throws EngineUnavailable if the engine does not answer
    public void sweep() throws InterruptedException, EngineUnavailable {
        long now = System.nanoTime();
        if (sidecar.isPresent() || now - sweepAt >= 0) {
            engine.sweep();
            sweepAt = now + SWEEP_EVERY.toNanos();
        }
    }

    /// What the kernel says alone, in microseconds and without a trace; nothing where it is not
    /// asked, or where the container's processes are out of its reach.
    ///
    /// @param paths to probe, as from [#paths]
    public List<ProbeResult> kernel(Container container, List<String> paths)
            throws InterruptedException {
        return asksKernel() ? inReach(asked(container, paths)) : List.of();
    }

    private List<ProbeResult> withDevices(Container container, List<ProbeResult> said)
            throws InterruptedException {
        return DeviceResults.added(procfs, container, said, probing.timeout());
    }

    /// A container, and the paths to probe in it.
    public record Question(Container container, List<String> paths) {
        public Question {
            paths = List.copyOf(paths);
        }
    }

    /// The same of containers that are followed, for less: see [ProcfsWitness#glance].
    ///
    /// @return of each, in their order
    public List<List<ProbeResult>> glance(List<Question> questions) throws InterruptedException {
        if (!asksKernel()) {
            return questions.stream().map(q -> List.<ProbeResult>of()).toList();
        }
        List<ProcfsWitness.Sight> sights =
                questions.stream().map(q -> sight(q.container(), q.paths())).toList();
        List<List<ProbeResult>> said = new ArrayList<>();
        for (List<ProbeResult> one : procfs.glance(sights, probing.timeout())) {
            said.add(withDevices(questions.get(said.size()).container(), inReach(one)));
        }
        return said;
    }

    private List<ProbeResult> inReach(List<ProbeResult> said) {
        boolean elsewhere =
                probing.only().isEmpty()
                        && said.stream()
                                .flatMap(t -> t.trouble().stream())
                                .anyMatch(t -> t.cause() == Cause.UNREACHABLE);
        return elsewhere ? List.of() : said;
    }

    /// What the container says itself.
    private List<ProbeResult> sworn(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        if (container.paused()) {
            return List.of(none(WitnessName.EXEC, Cause.PAUSED, ""));
        }
        List<ProbeResult> testimonies = new ArrayList<>();
        testimonies.add(exec(container, Identity.SERVICE, paths));
        if (probing.execAsRoot() && !ROOT_USERS.contains(container.user())) {
            testimonies.add(exec(container, Identity.ROOT, paths));
        }
        return testimonies;
    }

    private static ProbeResult none(WitnessName witness, Cause cause, String detail) {
        return ProbeResult.none(
                witness,
                Identity.SERVICE,
                Instant.now(),
                Duration.ZERO,
                new Write.Inconclusive(cause, detail));
    }

    private ProbeResult exec(Container container, Identity identity, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        return afterwards(container, exec.testify(container.id(), identity, paths));
    }

    /// A container that stops under the probe leaves half an answer, a start that failed, or none
    /// at all. What the engine says of it afterwards is the better cause.
    private ProbeResult afterwards(Container container, ProbeResult testimony)
            throws InterruptedException, EngineUnavailable {
        Optional<Cause> cause = testimony.trouble().map(Write.Inconclusive::cause);
        if (cause.isEmpty()
                || !Set.of(Cause.MALFORMED, Cause.EXEC_FAILED, Cause.TIMED_OUT)
                        .contains(cause.get())) {
            return testimony;
        }
        Optional<Engine.Inspected> after = engine.inspect(container.id());
        if (after.filter(Engine.Inspected::running).isPresent()) {
            return testimony;
        }
        return ProbeResult.none(
                testimony.witness(),
                testimony.identity(),
                testimony.at(),
                testimony.took(),
                new Write.Inconclusive(after.isPresent() ? Cause.NOT_RUNNING : Cause.GONE, ""));
    }

    /// What was heard of a container.
    ///
    /// @param sworn what it said itself, as far as nothing changed meanwhile
    /// @param kernel what the kernel said, and what `sworn` is held against
    public record Heard(List<ProbeResult> sworn, List<ProbeResult> kernel) {
        public Heard {
            sworn = List.copyOf(sworn);
            kernel = List.copyOf(kernel);
        }

        public List<ProbeResult> all() {
            return Stream.concat(sworn.stream(), kernel.stream()).toList();
        }

        /// The same without what the container said, which would not fit into memory if others said
        /// as much.
        public Heard withoutWords() {
            return new Heard(
                    sworn.stream()
                            .map(t ->
                                    ProbeResult.none(
                                            t.witness(),
                                            t.identity(),
                                            t.at(),
                                            t.took(),
                                            new Write.Inconclusive(
                                                    Cause.OUTPUT_CAPPED,
                                                    "together with what others printed")))
                            .toList(),
                    kernel);
        }

        /// The same with what the kernel says now: what a container said of places that are not as
        /// they were then counts no more.
        public Heard now(List<ProbeResult> now) {
            return new Heard(StableResults.through(sworn, kernel, now), now);
        }
    }
}

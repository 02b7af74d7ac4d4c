package io.github.writeprobe.cycle;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Testimony;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.exec.ExecWitness;
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

    private final Probing probing;
    private final Engine engine;
    private final ExecWitness exec;

    public Witnesses(Probing probing, Engine engine) {
        this.probing = probing;
        this.engine = engine;
        this.exec = new ExecWitness(engine.execs(), probing.timeout(), probing.execute());
    }

    /// What is probed in a container, besides the mounts that only its mount table knows.
    ///
    /// @param wanted paths that policy speaks of
    public List<String> paths(Container container, List<String> wanted) {
        return Stream.of(
                        Stream.of("/"),
                        probing.paths().stream(),
                        wanted.stream(),
                        container.mounts().stream().map(DeclaredMount::destination))
                .flatMap(s -> s)
                .distinct()
                .toList();
    }

    /// @param paths to probe, as from [#paths]
    /// @throws EngineUnavailable if the engine went away, and so cannot say why a probe failed
    public List<Testimony> testimonies(Container container, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        if (container.paused()) {
            return List.of(
                    Testimony.none(
                            WitnessName.EXEC,
                            Identity.SERVICE,
                            Instant.now(),
                            Duration.ZERO,
                            new Write.Inconclusive(Cause.PAUSED, "")));
        }
        List<Testimony> testimonies = new ArrayList<>();
        testimonies.add(exec(container, Identity.SERVICE, paths));
        if (probing.execAsRoot() && !ROOT_USERS.contains(container.user())) {
            testimonies.add(exec(container, Identity.ROOT, paths));
        }
        return testimonies;
    }

    /// A container that stops under the probe leaves half an answer, or a start that failed. What
    /// the engine says of it afterwards is the better cause.
    private Testimony exec(Container container, Identity identity, List<String> paths)
            throws InterruptedException, EngineUnavailable {
        Testimony testimony = exec.testify(container.id(), identity, paths);
        Optional<Cause> cause = testimony.trouble().map(Write.Inconclusive::cause);
        if (cause.isEmpty()
                || !(cause.get() == Cause.MALFORMED || cause.get() == Cause.EXEC_FAILED)) {
            return testimony;
        }
        Optional<Engine.Inspected> after = engine.inspect(container.id());
        if (after.filter(Engine.Inspected::running).isPresent()) {
            return testimony;
        }
        return Testimony.none(
                testimony.witness(),
                identity,
                testimony.at(),
                testimony.took(),
                new Write.Inconclusive(after.isPresent() ? Cause.NOT_RUNNING : Cause.GONE, ""));
    }
}

package io.github.writeprobe.recommend.prove;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.prove.Clone.Condition;
import io.github.writeprobe.recommend.prove.Clone.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// An engine with scripted services and virtual time.
public final class FakeCloneEnvironments implements CloneEnvironmentFactory {
    /// How a service behaves in a clone.
    public record Behaviour(
            Function<Duration, Condition> condition,
            List<FileChange> changes,
            List<String> log,
            Optional<String> refusal,
            int stopExitCode,
            List<FileChange> changesAfterStop) {
        static Behaviour runs() {
            return new Behaviour(
                    up -> new Condition.Running(Health.UNKNOWN),
                    List.of(),
                    List.of("hello"),
                    Optional.empty(),
                    143,
                    List.of());
        }

        static Behaviour healthyAfter(Duration after) {
            return runs().withCondition(up ->
                    new Condition.Running(
                            up.compareTo(after) < 0 ? Health.STARTING : Health.HEALTHY));
        }

        static Behaviour ends(int code, String... log) {
            return runs().withCondition(up -> new Condition.Ended(code, false, "")).logs(log);
        }

        Behaviour withCondition(Function<Duration, Condition> condition) {
            return new Behaviour(condition, changes, log, refusal, stopExitCode, changesAfterStop);
        }

        Behaviour changes(FileChange... changes) {
            return new Behaviour(
                    condition, List.of(changes), log, refusal, stopExitCode, changesAfterStop);
        }

        Behaviour logs(String... log) {
            return new Behaviour(
                    condition, changes, List.of(log), refusal, stopExitCode, changesAfterStop);
        }

        Behaviour changesAfterStop(FileChange... changes) {
            return new Behaviour(
                    condition, this.changes, log, refusal, stopExitCode, List.of(changes));
        }

        Behaviour withStopExitCode(int code) {
            return new Behaviour(condition, changes, log, refusal, code, changesAfterStop);
        }

        Behaviour refusedStart(String reason) {
            return new Behaviour(
                    condition, changes, log, Optional.of(reason), stopExitCode, changesAfterStop);
        }
    }

    /// How a clone was created.
    public record Setup(
            ProposalTarget subject, List<ProposalItem> provisions, boolean readOnly, int starts) {
        public boolean covers(String path) {
            return provisions.stream()
                    .anyMatch(p ->
                            p instanceof ProposalItem.Tmpfs tmpfs && tmpfs.path().equals(path));
        }
    }

    static final class VirtualTime implements TimeSource {
        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            advance(duration);
        }

        void advance(Duration duration) {
            nanos += duration.toNanos();
        }
    }

    public final VirtualTime time = new VirtualTime();
    public final List<Setup> made = new ArrayList<>();
    public final List<String> events = new ArrayList<>();
    public Function<Setup, Behaviour> behaviour = setup -> Behaviour.runs();
    public Function<ProposalTarget, CloneEnvironment.Prepared> preparation =
            subject -> new CloneEnvironment.Prepared.Ready(Duration.ofHours(1), List.of());
    public Optional<String> outage = Optional.empty();
    public List<String> leftovers = List.of();
    public BiFunction<Map<String, String>, Duration, CloneExerciser.Exercised> exercise =
            (environment, limit) -> new CloneExerciser.Exercised.Passed();

    /// The files that a clone has, all in one directory for each volume.
    public Function<Setup, List<String>> data = setup -> List.of();

    /// What the exercise asks the engine to do.
    public List<Clone.ClientRequest> requests = List.of();

    private int aliveClones;
    private int openEnvironments;

    /// The number of clones and environments that still exist.
    public int alive() {
        return aliveClones + openEnvironments;
    }

    public static ProposalTarget subject(
            String name, boolean healthCheck, Map<String, String> labels) {
        Container container =
                Container.builder(name.repeat(64).substring(0, 64), name, "unix:///engine")
                        .image("image")
                        .labels(labels)
                        .build();
        return new ProposalTarget(
                container,
                Map.of(),
                List.of(),
                Set.of(),
                "",
                healthCheck,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                ProposalTarget.State.UNKNOWN);
    }

    /// The same, running with some mounts and a read-only root filesystem.
    static ProposalTarget withMounts(ProposalTarget subject, List<DeclaredMount> mounts) {
        return withMounts(subject, mounts, true);
    }

    private static ProposalTarget withMounts(
            ProposalTarget subject, List<DeclaredMount> mounts, boolean readOnly) {
        Container c = subject.container();
        return new ProposalTarget(
                Container.builder(c.id(), c.name(), c.engine())
                        .image(c.image())
                        .readonlyRootfs(readOnly)
                        .mounts(mounts)
                        .pid(1)
                        .build(),
                Map.of(),
                List.of(),
                Set.of(),
                "",
                subject.healthCheck(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                ProposalTarget.State.UNKNOWN);
    }

    @Override
    public CloneEnvironment open(Duration life, long copyBytes) {
        openEnvironments++;
        return new CloneEnvironment() {
            @Override
            public Prepared prepare(ProposalTarget subject) {
                events.add("prepare " + subject.container().name());
                return preparation.apply(subject);
            }

            @Override
            public Made make(
                    ProposalTarget subject,
                    List<ProposalItem> provisions,
                    boolean readOnly,
                    Duration life)
                    throws EngineUnavailable {
                if (outage.isPresent()) {
                    throw new EngineUnavailable(outage.get());
                }
                Setup setup = new Setup(subject, provisions, readOnly, 0);
                made.add(setup);
                aliveClones++;
                return new Made.Ready(new FakeClone(setup));
            }

            @Override
            public List<String> clear() {
                events.add("clear");
                openEnvironments--;
                return leftovers;
            }
        };
    }

    private final class FakeClone implements Clone {
        private final Setup setup;
        private int starts;
        private long started;
        private boolean stopped;

        FakeClone(Setup setup) {
            this.setup = setup;
        }

        private Behaviour behaviour() {
            return behaviour.apply(
                    new Setup(setup.subject(), setup.provisions(), setup.readOnly(), starts));
        }

        @Override
        public String name() {
            return "clone-of-" + setup.subject().container().name();
        }

        @Override
        public Optional<String> start() {
            starts++;
            stopped = false;
            started = time.nanos();
            events.add("start " + setup.subject().container().name());
            return behaviour().refusal();
        }

        @Override
        public Condition condition() {
            if (stopped) {
                return new Condition.Ended(behaviour().stopExitCode(), false, "");
            }
            return behaviour().condition().apply(Duration.ofNanos(time.nanos() - started));
        }

        @Override
        public ProposalTarget subject() {
            Container original = setup.subject().container();
            List<DeclaredMount> mounts = new ArrayList<>();
            for (ProposalItem provision : setup.provisions()) {
                switch (provision) {
                    case ProposalItem.Tmpfs tmpfs ->
                            mounts.add(mount(tmpfs.path(), MountKind.TMPFS, "tmpfs"));
                    case ProposalItem.Volume volume ->
                            mounts.add(mount(volume.path(), MountKind.VOLUME, volume.name()));
                    case ProposalItem.Kept _, ProposalItem.Setting _ -> {}
                }
            }
            ProposalTarget subject =
                    FakeCloneEnvironments.subject(
                            original.name(), setup.subject().healthCheck(), Map.of());
            return withMounts(subject, mounts, setup.readOnly());
        }

        @Override
        public Map<String, String> environment() {
            return Map.of("WRITEPROBE_CONTAINER", name());
        }

        @Override
        public List<FileChange> changes() {
            return stopped ? behaviour().changesAfterStop() : behaviour().changes();
        }

        @Override
        public FileLookup files() {
            List<String> paths =
                    data.apply(
                            new Setup(
                                    setup.subject(), setup.provisions(), setup.readOnly(), starts));
            return paths.isEmpty() ? FILES : new DataView(paths);
        }

        @Override
        public List<ClientRequest> requests() {
            return requests;
        }

        @Override
        public List<String> log(int most) {
            return behaviour().log();
        }

        @Override
        public void stop(Duration patience) {
            stopped = true;
            events.add("stop " + setup.subject().container().name());
        }

        @Override
        public void remove() {
            aliveClones--;
        }
    }

    private static DeclaredMount mount(String path, MountKind kind, String source) {
        return new DeclaredMount(path, kind, source, true, "", "");
    }

    private record DataView(List<String> paths) implements FileLookup {
        @Override
        public Optional<FileFacts> file(String path) {
            return FILES.file(path);
        }

        @Override
        public Optional<Listing> list(String directory, int most) {
            return Optional.of(
                    new Listing(
                            paths.stream()
                                    .filter(p ->
                                            p.substring(0, p.lastIndexOf('/')).equals(directory))
                                    .flatMap(p -> FILES.file(p).stream())
                                    .toList(),
                            true));
        }
    }

    /// Every path exists and is a regular file.
    public static final FileLookup FILES =
            new FileLookup() {
                @Override
                public Optional<FileFacts> file(String path) {
                    return Optional.of(new FileFacts(path, FileType.REGULAR, 0644, 0, 0, 0, ""));
                }

                @Override
                public Optional<Listing> list(String path, int most) {
                    return Optional.empty();
                }
            };
}

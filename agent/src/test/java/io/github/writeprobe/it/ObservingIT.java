package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.it.Lab.Image;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.ContainerObserver;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.observe.WriteEvidenceGap;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is observed of real containers.
class ObservingIT {
    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    /// The engine, through the docker command.
    private static final class DockerCommand implements RecommendEngine {
        @Override
        public Optional<ProposalTarget> subject(String reference) {
            return Optional.of(ObservingIT.subject(reference));
        }

        @Override
        public List<FileChange> changes(String container) throws EngineUnavailable {
            Lab.Run diff = Lab.run(lab.environment(), List.of("docker", "diff", container));
            if (diff.code() != 0) {
                throw new EngineUnavailable(diff.err().strip());
            }
            return diff.out()
                    .lines()
                    .map(l ->
                            new FileChange(
                                    switch (l.charAt(0)) {
                                        case 'A' -> FileChange.Kind.ADDED;
                                        case 'C' -> FileChange.Kind.CHANGED;
                                        default -> FileChange.Kind.DELETED;
                                    },
                                    l.substring(2)))
                    .toList();
        }

        @Override
        public List<String> log(String container, int maxLines) {
            return List.of();
        }

        @Override
        public FileLookup files(String container) {
            return FileLookup.NONE;
        }
    }

    private static ProposalTarget subject(String container) {
        Container declared =
                Container.builder(lab.id(container), container, "")
                        .image("busybox")
                        .pid(lab.pid(container))
                        .build();
        return new ProposalTarget(
                declared,
                Map.of(),
                List.of(),
                Set.of(),
                "",
                false,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                ProposalTarget.State.UNKNOWN);
    }

    private static ContainerObserver start(String container, boolean watch) throws Exception {
        return ContainerObserver.start(new DockerCommand(), subject(container), watch);
    }

    private static ProposalInput watch(String container, Duration duration) throws Exception {
        try (ContainerObserver observer = start(container, true)) {
            return ContainerObserver.observeAll(
                            List.of(observer), duration, new CountDownLatch(1), (e, f, w) -> {})
                    .getFirst();
        }
    }

    private static String shell(String script, String... options) {
        return lab.start(lab.image(Image.BUSYBOX), List.of("sh", "-c", script), options);
    }

    private static WrittenFile writtenAt(ProposalInput observed, String path) {
        return observed.written().stream()
                .filter(w -> w.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + path + " in " + observed.written()));
    }

    private static List<WriteEvidenceSource> sources(ProposalInput observed) {
        return observed.shortfalls().stream().map(WriteEvidenceGap::source).toList();
    }

    @Test
    void whatAContainerWritesIsKnownFromEverySource() throws Exception {
        String container =
                shell(
                        "echo x >/etc/before; mkdir /made; exec 3>>/home/log;"
                                + " while :; do echo x >/tmp/f; rm /tmp/f; echo x >/vol/v; sleep 0.1; done",
                        "-v",
                        "/vol");
        lab.exec(container, "until [ -e /tmp/f ]; do sleep 0.01; done");
        ProposalInput observed = watch(container, Duration.ofSeconds(2));
        assertThat(observed.shortfalls()).isEmpty();
        assertThat(observed.watched()).isGreaterThan(Duration.ofMillis(1900));
        assertThat(observed.changes())
                .contains(
                        new FileChange(FileChange.Kind.ADDED, "/etc/before"),
                        new FileChange(FileChange.Kind.ADDED, "/made"));
        assertThat(observed.written())
                .extracting(WrittenFile::path)
                .containsExactlyInAnyOrder("/home/log", "/tmp/f", "/vol/v");
        assertThat(writtenAt(observed, "/tmp/f").times()).isGreaterThan(5);
        assertThat(writtenAt(observed, "/tmp/f").writers()).containsExactly("sh");
        assertThat(writtenAt(observed, "/home/log").openForWriting()).isTrue();
        assertThat(observed.files().file("/etc/before").orElseThrow().type())
                .isEqualTo(FileType.REGULAR);
    }

    @Test
    void aSingleLookIsNoWatch() throws Exception {
        String container = shell("exec 3>>/home/log; sleep 3600");
        try (ContainerObserver observer = start(container, false)) {
            ProposalInput observed =
                    ContainerObserver.observeAll(
                                    List.of(observer),
                                    Duration.ZERO,
                                    new CountDownLatch(1),
                                    (e, f, w) -> {})
                            .getFirst();
            assertThat(observed.written())
                    .extracting(WrittenFile::path)
                    .containsExactly("/home/log");
            assertThat(observed.watched()).isZero();
            assertThat(sources(observed)).containsExactly(WriteEvidenceSource.WATCH);
            assertThat(observed.shortfalls().getFirst().reason())
                    .isEqualTo("a watch was not requested");
        }
    }

    @Test
    void itEndsEarlyWithWhatWasLearned() throws Exception {
        String container = shell("while :; do echo x >/tmp/f; sleep 0.05; done");
        CountDownLatch stopSignal = new CountDownLatch(1);
        List<Long> writes = new ArrayList<>();
        try (ContainerObserver observer = start(container, true)) {
            ProposalInput observed =
                    ContainerObserver.observeAll(
                                    List.of(observer),
                                    Duration.ofMinutes(10),
                                    stopSignal,
                                    (elapsed, f, w) -> {
                                        writes.add(w);
                                        if (elapsed.toMillis() > 1000) {
                                            stopSignal.countDown();
                                        }
                                    })
                            .getFirst();
            assertThat(writtenAt(observed, "/tmp/f").times()).isPositive();
            assertThat(observed.watched()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
            assertThat(writes).isSorted();
            assertThat(writes.getLast()).isPositive();
        }
    }

    @Tag("long")
    @Test
    void aContainerThatDiesLeavesWhatWasLearned() throws Exception {
        String container = shell("sleep 1; echo x >/tmp/f; rm /tmp/f; echo x >/etc/kept; exit 3");
        long from = System.nanoTime();
        ProposalInput observed = watch(container, Duration.ofMinutes(10));
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(30));
        assertThat(writtenAt(observed, "/tmp/f").gone()).isTrue();
        assertThat(observed.changes()).contains(new FileChange(FileChange.Kind.ADDED, "/etc/kept"));
        assertThat(observed.shortfalls())
                .singleElement()
                .satisfies(s -> assertThat(s.reason()).isEqualTo("it ended while it was watched"));
    }

    /// The kernel shows a name for a memfd that exists in no directory.
    @Test
    void memoryThatLooksLikeAFileIsNoWrite() throws Exception {
        CProgram memfd = CProgram.compile("memfd", lab.directory("memfd"), "-static");
        String container =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("/memfd"),
                        "-v",
                        memfd.binary() + ":/memfd:ro");
        assertThat(watch(container, Duration.ZERO).written())
                .extracting(WrittenFile::path)
                .noneMatch(path -> path.contains("memfd:"));
    }

    /// Between two starts it has no process.
    @Test
    void aContainerThatIsBetweenTwoStartsIsWaitedFor() throws Exception {
        String container = shell("sleep 3600");
        ProposalTarget running = subject(container);
        lab.docker("kill", container);
        try (ContainerObserver observer =
                ContainerObserver.start(new DockerCommand(), running, true)) {
            lab.docker("start", container);
            lab.docker(
                    "exec",
                    "-d",
                    container,
                    "sh",
                    "-c",
                    "while :; do echo x >/tmp/f; sleep 0.1; done");
            ProposalInput observed =
                    ContainerObserver.observeAll(
                                    List.of(observer),
                                    Duration.ofSeconds(4),
                                    new CountDownLatch(1),
                                    (e, f, w) -> {})
                            .getFirst();
            assertThat(writtenAt(observed, "/tmp/f").times()).isPositive();
            assertThat(observed.watched()).isPositive();
        }
    }

    @Test
    void aContainerThatEndedBeforeTheWatchTeachesNothing() throws Exception {
        String container = shell("sleep 3600");
        ProposalTarget running = subject(container);
        lab.docker("kill", container);
        try (ContainerObserver observer =
                ContainerObserver.start(new DockerCommand(), running, true)) {
            assertThat(observer.stop().shortfalls()).contains(WriteEvidenceGap.NEVER_SEEN);
        }
    }

    @Test
    void aContainerThatIsRestartedIsWatchedOn() throws Exception {
        String container = shell("sleep 3600");
        CountDownLatch stopSignal = new CountDownLatch(1);
        try (ContainerObserver observer = start(container, true)) {
            Thread restarts =
                    Thread.ofPlatform()
                            .start(() -> {
                                lab.exec(container, "echo x >/tmp/before; sleep 0.3");
                                lab.docker("restart", "-t", "0", container);
                                // writeprobe checks once a second whether it runs again.
                                lab.docker(
                                        "exec",
                                        "-d",
                                        container,
                                        "sh",
                                        "-c",
                                        "while :; do echo x >/tmp/after; sleep 0.1; done");
                                RunningAgent.pause(Duration.ofSeconds(4));
                                stopSignal.countDown();
                            });
            ProposalInput observed =
                    ContainerObserver.observeAll(
                                    List.of(observer),
                                    Duration.ofMinutes(1),
                                    stopSignal,
                                    (e, f, w) -> {})
                            .getFirst();
            restarts.join();
            assertThat(observed.written())
                    .extracting(WrittenFile::path)
                    .containsExactlyInAnyOrder("/tmp/before", "/tmp/after");
            assertThat(observed.shortfalls()).isEmpty();
        }
    }

    @Test
    void severalAreObservedAtOnceAndEachByItself() throws Exception {
        String one = shell("while :; do echo x >/tmp/one; sleep 0.1; done");
        String other = shell("while :; do echo x >/tmp/other; sleep 0.1; done");
        try (ContainerObserver a = start(one, true);
                ContainerObserver b = start(other, true)) {
            List<ProposalInput> observed =
                    ContainerObserver.observeAll(
                            List.of(a, b),
                            Duration.ofSeconds(1),
                            new CountDownLatch(1),
                            (e, f, w) -> {});
            assertThat(observed.getFirst().written())
                    .extracting(WrittenFile::path)
                    .containsExactly("/tmp/one");
            assertThat(observed.getLast().written())
                    .extracting(WrittenFile::path)
                    .containsExactly("/tmp/other");
        }
    }

    @Test
    void hangingFilesystemDoesNotBlockObservation() throws Exception {
        String container = shell("while :; do echo x >/tmp/f; sleep 0.1; done");
        String helper = lab.mountHanging(container, "/home");
        lab.docker("exec", "-d", container, "sh", "-c", "echo x >/home/y");
        long from = System.nanoTime();
        ProposalInput observed = watch(container, Duration.ofSeconds(1));
        assertThat(writtenAt(observed, "/tmp/f").times()).isPositive();
        assertThat(observed.files().file("/home/x")).isEmpty();
        assertThat(observed.files().file("/etc/passwd")).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(15));
        lab.docker("rm", "-f", helper);
    }

    /// Probes by another writeprobe process at the same time are not writes of the container.
    @Test
    void probesAreNotTakenForTheContainer() throws Exception {
        String container = shell("sleep 3600");
        lab.docker("exec", container, "true");
        try (ContainerObserver observer = start(container, true)) {
            for (String witness : List.of("exec", "procfs")) {
                Lab.Run audit =
                        lab.writeprobe(
                                "audit", "--witness", witness, container, "--format", "json");
                assertThat(audit.out()).contains("\"path\": \"/etc\"");
            }
            assertThat(observer.stop().written()).isEmpty();
        }
    }

    @Test
    void aContainerThatIsNotThereLeavesShortfalls() throws Exception {
        String container = shell("sleep 3600");
        ProposalTarget gone = subject(container);
        lab.docker("rm", "-f", container);
        try (ContainerObserver observer =
                ContainerObserver.start(new DockerCommand(), gone, true)) {
            ProposalInput observed = observer.stop();
            assertThat(sources(observed))
                    .containsExactlyInAnyOrder(
                            WriteEvidenceSource.DIFF,
                            WriteEvidenceSource.OPEN_FILES,
                            WriteEvidenceSource.WATCH);
            assertThat(observed.written()).isEmpty();
        }
    }
}

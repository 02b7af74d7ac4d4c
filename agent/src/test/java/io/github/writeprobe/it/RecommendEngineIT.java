package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.OverlayChanges;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The calls of `recommend` to a real engine.
@Tag("image-store")
class RecommendEngineIT {
    private static Lab lab;
    private static Engine engine;
    private static RecommendEngine recommendEngine;

    @BeforeAll
    static void open() throws Exception {
        lab = Lab.open();
        Engine connected =
                DockerEngines.open(List.of(), System.getenv(), Duration.ofSeconds(10)).getFirst();
        engine = connected;
        recommendEngine = connected.ability(RecommendEngine.class).orElseThrow();
    }

    @AfterAll
    static void close() {
        engine.close();
        lab.close();
    }

    private static ProposalTarget subject(String container) throws Exception {
        return recommendEngine.subject(container).orElseThrow();
    }

    @Test
    void whatAContainerAndItsImageDeclareIsKnown() throws Exception {
        String image = lab.image(Lab.Image.BUSYBOX) + "-declared";
        lab.docker(
                "commit",
                "--change",
                "VOLUME [\"/data/\", \"/srv//logs\"]",
                "--change",
                "ENV A=b=c",
                "--change",
                "LABEL maker=we",
                "--change",
                "WORKDIR /home",
                "--change",
                "USER app",
                "--change",
                "ENTRYPOINT [\"sleep\"]",
                lab.start(Lab.Image.BUSYBOX),
                image);
        String name =
                lab.start(image, List.of("3600"), "-e", "C=d", "--health-cmd", "true", "-l", "x=y");
        ProposalTarget subject = subject(name);
        lab.docker("rm", "-fv", name);
        lab.docker("rmi", image);
        assertThat(subject.container().name()).isEqualTo(name);
        assertThat(subject.container().labels()).containsEntry("x", "y");
        assertThat(subject.environment()).containsEntry("A", "b=c").containsEntry("C", "d");
        assertThat(subject.command()).containsExactly("sleep", "3600");
        assertThat(subject.imageVolumes()).isEqualTo(Set.of("/data", "/srv/logs"));
        assertThat(subject.workingDirectory()).isEqualTo("/home");
        assertThat(subject.healthCheck()).isTrue();
        assertThat(subject.imageLabels()).containsEntry("maker", "we");
        assertThat(subject.uid()).hasValue(1000L);
        assertThat(subject.gid()).hasValue(1000L);
    }

    /// Many entrypoints start as root and then switch to the user of the service.
    @Test
    void theUserIsTheFirstProcessesOwn() throws Exception {
        String drops =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("setpriv", "--nnp", "sleep", "3600"),
                        "--user",
                        "4711:4712");
        assertThat(subject(drops).uid()).hasValue(4711L);
        assertThat(subject(drops).gid()).hasValue(4712L);
        assertThat(subject(lab.start(Lab.Image.BUSYBOX)).uid()).hasValue(0L);
        String never = lab.create(Lab.Image.BUSYBOX, "--user", "4711");
        assertThat(subject(never).uid()).hasValue(4711L);
        assertThat(subject(never).gid()).isEmpty();
        assertThat(subject(lab.create(Lab.Image.BUSYBOX)).uid()).isEmpty();
    }

    @Test
    void containerWithoutHealthCheckIsReportedWithoutOne() throws Exception {
        ProposalTarget subject = subject(lab.start(Lab.Image.BUSYBOX, "--no-healthcheck"));
        assertThat(subject.healthCheck()).isFalse();
        assertThat(subject.imageVolumes()).isEmpty();
        assertThat(subject.workingDirectory()).isEmpty();
    }

    @Test
    void missingContainersAndHelpersAreNoSubject() throws Exception {
        String helper =
                lab.start(
                        Lab.Image.BUSYBOX,
                        "--label",
                        "writeprobe.helper=clone",
                        "--label",
                        "writeprobe.helper.seconds=600");
        assertThat(recommendEngine.subject(helper)).isEmpty();
        assertThat(recommendEngine.subject("no-such-container-here")).isEmpty();
        assertThat(recommendEngine.subject("../version")).isEmpty();
    }

    @Test
    void changesAreThoseOfDockerDiff() throws Exception {
        String container = lab.start(Lab.Image.BUSYBOX);
        assertThat(recommendEngine.changes(lab.id(container))).isEmpty();
        lab.exec(container, "echo >/tmp/new; rm /etc/passwd; mkdir -p '/srv/a\nb'");
        assertThat(recommendEngine.changes(lab.id(container)))
                .contains(
                        new FileChange(FileChange.Kind.ADDED, "/tmp/new"),
                        new FileChange(FileChange.Kind.CHANGED, "/tmp"),
                        new FileChange(FileChange.Kind.DELETED, "/etc/passwd"))
                .anyMatch(change -> change.path().startsWith("/srv/a"));
    }

    /// Engines without `docker diff` are read in that way.
    @Test
    void theUpperDirectoryOfTheOverlayShowsTheSameChanges() throws Exception {
        String container = lab.start(Lab.Image.BUSYBOX);
        lab.exec(
                container,
                """
                mkdir -p /srv/new/deep; echo x >/srv/new/deep/file; ln -s /etc /srv/link; mkfifo /srv/pipe
                echo x >>/etc/passwd; rm -r /var/spool /etc/group 2>/dev/null
                echo x >/home/gone; rm /home/gone; mknod /srv/zero c 1 5 2>/dev/null; true
                """);
        String id = lab.id(container);
        assertThat(OverlayChanges.read(subject(container).container().pid(), id))
                .isInstanceOfSatisfying(
                        OverlayChanges.Result.Found.class,
                        found ->
                                assertThat(
                                                found.changes().stream()
                                                        .map(c -> c.kind() + " " + c.path()))
                                        .containsExactlyInAnyOrderElementsOf(dockerDiff(id)));
    }

    private static List<String> dockerDiff(String id) {
        try {
            List<String> rows =
                    recommendEngine.changes(id).stream()
                            .map(c -> c.kind() + " " + c.path())
                            .toList();
            assertThat(rows)
                    .contains("ADDED /srv/new/deep/file", "CHANGED /etc/passwd", "ADDED /srv/link");
            return rows;
        } catch (EngineUnavailable | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void filesAreSeenAsTheContainerHasThem() throws Exception {
        Path socket = lab.directory("view").resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            String container = lab.start(Lab.Image.BUSYBOX, "-v", lab.directory("view") + ":/host");
            lab.exec(
                    container,
                    """
                    mkdir -p /srv/real/deep /srv/only
                    printf 12345 >/srv/real/file; chown 7:8 /srv/real/file; chmod 4750 /srv/real/file
                    ln -s real /srv/link; ln -s ../../../../srv/link/file /srv/real/deep/up
                    ln -s loop /srv/loop; ln -s /proc/1/root/srv /srv/out; mkfifo /srv/real/fifo
                    touch "/srv/only/$(printf 'a\nb %%41 é')"
                    """);
            FileLookup files = recommendEngine.files(lab.id(container));
            FileFacts expected = files.file("/srv/real/file").orElseThrow();
            assertThat(expected)
                    .usingRecursiveComparison()
                    .ignoringFields("modified")
                    .isEqualTo(
                            new FileFacts("/srv/real/file", FileType.REGULAR, 04750, 7, 8, 5, ""));
            assertThat(expected.modified().orElseThrow())
                    .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
            assertThat(files.file("/srv/link/file")).hasValue(expected);
            assertThat(files.file("/srv/link/deep/up")).hasValue(expected);
            assertThat(files.file("/srv/only/../../..//srv/./link/file")).hasValue(expected);
            assertThat(files.file("/srv/loop")).isEmpty();
            assertThat(files.file("/srv/none/x")).isEmpty();
            assertThat(files.file("/srv/real/file/x")).isEmpty();
            assertThat(files.file("/srv/only/a\nb %41 é")).isPresent();
            assertThat(files.file("/host/socket").map(FileFacts::type)).hasValue(FileType.SOCKET);
            assertThat(files.file("/").map(FileFacts::type)).hasValue(FileType.DIRECTORY);
            assertThat(files.file("/tmp").map(FileFacts::mode)).hasValue(01777);

            FileLookup.Listing listing = files.list("/srv/link", 10).orElseThrow();
            assertThat(listing.complete()).isTrue();
            assertThat(listing.entries())
                    .contains(expected)
                    .extracting(FileFacts::path)
                    .containsExactlyInAnyOrder(
                            "/srv/real/deep", "/srv/real/fifo", "/srv/real/file");
            assertThat(files.list("/srv/real", 2).orElseThrow().entries()).hasSize(2);
            assertThat(files.list("/srv/real", 2).orElseThrow().complete()).isFalse();
            assertThat(files.list("/srv/real", 3).orElseThrow().complete()).isTrue();
            assertThat(files.list("/srv/real/file", 3)).isEmpty();
            assertThat(files.list("/srv", 10).orElseThrow().entries())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("modified")
                    .contains(new FileFacts("/srv/link", FileType.SYMLINK, 0777, 0, 0, 0, "real"));
            assertThat(recommendEngine.files("no-such-container-here").file("/")).isEmpty();
        }
    }

    /// An interrupted call has no result, and the interrupt status is kept.
    @Test
    void anInterruptedCallReturnsNothingAndStaysInterrupted() {
        FileLookup files = recommendEngine.files(lab.id(lab.start(Lab.Image.BUSYBOX)));
        Thread.currentThread().interrupt();
        Optional<FileFacts> facts = files.file("/tmp");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(facts).isEmpty();
        assertThat(files.file("/tmp")).isPresent();
    }
}

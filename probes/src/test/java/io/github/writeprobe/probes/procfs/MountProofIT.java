package io.github.writeprobe.probes.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Probes that prove read-only mounts by one attempt at each path, and everything that may make a
/// path writable since: the very next probe finds it. Needs root.
class MountProofIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /// A service with uid 1000, and a read-only bind mount of a directory that others can write to.
    private static final String SETUP =
            """
            mkdir -p ro/a ro/b etc other
            chmod 1777 ro/a ro/b other
            echo u:x:1000:1000::/:/bin/busybox >etc/passwd
            mount -t tmpfs -o mode=1777 t tmp
            mount --bind ro ro
            mount -o remount,bind,ro ro
            """;

    private static final String SERVICE = "/bin/busybox su -s /bin/busybox u sleep 600";
    private static final List<String> PATHS = List.of("/ro", "/ro/a", "/ro/b", "/tmp");
    private static final WriteResult EROFS = new WriteResult.Refused(Errno.EROFS, false, "");
    private static final WriteResult WRITABLE = new WriteResult.Writable();

    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final ProcfsWitness witness = ProcfsWitness.open();
    private final MountWatch<String> watch = MountWatch.start(witness, changed::add).orElseThrow();

    @AfterEach
    void close() {
        watch.close();
        witness.close();
    }

    private List<ProbeResult> recheck(TestContainer container, Duration fullInterval)
            throws InterruptedException {
        return witness.recheck(
                        List.of(
                                new ProcfsWitness.ProcfsRequest(
                                        container.pid(),
                                        container.id(),
                                        PATHS,
                                        "",
                                        true,
                                        fullInterval)),
                        TIMEOUT)
                .getFirst();
    }

    private List<ProbeResult> recheck(TestContainer container) throws InterruptedException {
        return recheck(container, ProcfsWitness.DEFAULT_FULL_INTERVAL);
    }

    private TestContainer start(String setup) throws Exception {
        TestContainer container = TestContainer.startWithCommand(SERVICE, SETUP + setup);
        watch.watch(container.pid(), container.id(), container.id());
        assertThat(changed.poll(5, TimeUnit.SECONDS)).isEqualTo(container.id());
        return container;
    }

    /// Probes until read-only mounts are proved by one attempt at each path: from the second probe
    /// on, unless an event of an earlier change still arrives.
    private List<ProbeResult> prove(TestContainer container) throws InterruptedException {
        List<ProbeResult> results = recheck(container);
        for (int i = 0; i < 1000 && results.getFirst().proofs().isEmpty(); i++) {
            results = recheck(container);
        }
        assertThat(results).allSatisfy(r -> assertThat(r.proofs()).isPresent());
        return results;
    }

    private static void assertWrites(List<ProbeResult> results, String path, WriteResult write) {
        assertThat(results)
                .extracting(ProbeResult::identity)
                .containsExactly(ProbeIdentity.SERVICE, ProbeIdentity.ROOT);
        assertThat(results)
                .allSatisfy(r -> assertThat(at(r, path).write()).as(path).isEqualTo(write));
    }

    private static PathObservation at(ProbeResult result, String path) {
        return result.observations().stream()
                .filter(o -> o.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Integer> proved(ProbeResult result) {
        return result.proofs().orElseThrow().readOnly();
    }

    @Test
    void aReadOnlyMountIsProvedForEachIdentityByOneAttemptAtEachPath() throws Exception {
        try (TestContainer container = start("")) {
            List<ProbeResult> full = recheck(container);
            assertThat(full).allSatisfy(r -> assertThat(r.proofs()).isEmpty());
            List<ProbeResult> again = recheck(container);
            for (int i = 0; i < 2; i++) {
                assertThat(again.get(i).observations()).isSameAs(full.get(i).observations());
                assertThat(proved(again.get(i))).isEqualTo(Map.of("/ro", 3));
                assertThat(again.get(i).proofs().orElseThrow().triedAt())
                        .isEqualTo(full.get(i).at());
            }
            assertWrites(again, "/ro/a", EROFS);
            assertWrites(again, "/tmp", WRITABLE);
        }
    }

    @Test
    void everyPathIsTriedAsEachIdentityAfterTheFullInterval() throws Exception {
        try (TestContainer container = start("")) {
            List<ProbeResult> first = prove(container);
            List<ProbeResult> full = recheck(container, Duration.ofNanos(1));
            assertThat(full).allSatisfy(r -> assertThat(r.proofs()).isEmpty());
            List<ProbeResult> again = recheck(container);
            assertThat(again.getFirst().proofs().orElseThrow().triedAt())
                    .isEqualTo(full.getFirst().at())
                    .isAfter(first.getFirst().proofs().orElseThrow().triedAt());
        }
    }

    @Test
    void aRemountIsFoundEvenBeforeItsEvent() throws Exception {
        try (TestContainer container = start("")) {
            String ro = container.root().resolve("ro").toString();
            for (int i = 0; i < 20; i++) {
                prove(container);
                container.mount("-o", "remount,bind,rw", ro);
                assertWrites(recheck(container), "/ro/b", WRITABLE);
                container.mount("-o", "remount,bind,ro", ro);
                assertWrites(recheck(container), "/ro/b", EROFS);
            }
        }
    }

    @Test
    void whatOthersChangeOnAReadOnlyMountIsFound() throws Exception {
        try (TestContainer container = start("")) {
            Path ro = container.root().resolve("ro");
            prove(container);
            Files.delete(ro.resolve("a"));
            assertWrites(recheck(container), "/ro/a", new WriteResult.Absent());
            Files.createSymbolicLink(ro.resolve("a"), Path.of("/tmp"));
            List<ProbeResult> linked = recheck(container);
            assertWrites(linked, "/ro/a", WRITABLE);
            assertThat(at(linked.getFirst(), "/ro/a").resolved()).isEqualTo("/tmp");
            assertThat(proved(linked.getFirst())).isEqualTo(Map.of("/ro", 2));

            Files.delete(ro.resolve("a"));
            Files.createSymbolicLink(ro.resolve("a"), Path.of("b"));
            prove(container);
            assertThat(proved(recheck(container).getFirst())).isEqualTo(Map.of("/ro", 3));
            Files.delete(ro.resolve("a"));
            Files.createSymbolicLink(ro.resolve("a"), Path.of("/ro"));
            assertThat(at(recheck(container).getFirst(), "/ro/a").resolved()).isEqualTo("/ro");
            Files.delete(ro.resolve("a"));
            Files.createSymbolicLink(ro.resolve("a"), Path.of("../tmp"));
            assertWrites(recheck(container), "/ro/a", WRITABLE);

            Files.delete(ro.resolve("a"));
            Files.createFile(ro.resolve("a"));
            assertWrites(
                    recheck(container),
                    "/ro/a",
                    new WriteResult.Inconclusive(InconclusiveCause.IMAGE_FILE, ""));
        }
    }

    @Test
    void aMountOverAPathIsFound() throws Exception {
        try (TestContainer container = start("")) {
            prove(container);
            String a = container.root().resolve("ro/a").toString();
            container.mount("-t", "tmpfs", "-o", "mode=1777", "t", a);
            assertWrites(recheck(container), "/ro/a", WRITABLE);
            container.mount("-o", "remount,bind,ro", a);
            recheck(container);
            prove(container);
            assertThat(proved(recheck(container).getFirst()))
                    .isEqualTo(Map.of("/ro", 2, "/ro/a", 1));
            // The same filesystem, by a mount with other flags.
            String other = container.root().resolve("other").toString();
            String b = container.root().resolve("ro/b").toString();
            container.runBusybox("mount", "-o", "bind", other, b);
            assertWrites(recheck(container), "/ro/b", WRITABLE);
        }
    }

    /// No event reports that another mount namespace remounts the filesystem.
    @Test
    void aFilesystemThatIsReadOnlyIsNoProofForItsMounts(@TempDir Path directory) throws Exception {
        run("mount", "-t", "tmpfs", "-o", "mode=1777", "t", directory.toString());
        try (TestContainer container =
                start("mkdir ext; mount --bind " + directory + " ext; chmod 1777 ext\n")) {
            prove(container);
            run("mount", "-o", "remount,ro", directory.toString());
            for (int i = 0; i < 3; i++) {
                List<ProbeResult> refused =
                        recheck(container, Duration.ofNanos(i == 0 ? 1 : 1L << 60));
                assertWrites(refused, "/ext", EROFS);
            }
            List<ProbeResult> refused = recheck(container);
            assertThat(proved(refused.getFirst())).isEqualTo(Map.of("/ro", 3));
            run("mount", "-o", "remount,rw", directory.toString());
            assertWrites(recheck(container), "/ext", WRITABLE);
        } finally {
            run("umount", directory.toString());
        }
    }

    @Test
    void otherPathsAreTriedAsEachIdentity() throws Exception {
        try (TestContainer container = start("")) {
            prove(container);
            List<ProbeResult> others =
                    witness.recheck(
                                    List.of(
                                            new ProcfsWitness.ProcfsRequest(
                                                    container.pid(),
                                                    container.id(),
                                                    List.of("/ro"))),
                                    TIMEOUT)
                            .getFirst();
            assertThat(others).allSatisfy(r -> assertThat(r.proofs()).isEmpty());
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}

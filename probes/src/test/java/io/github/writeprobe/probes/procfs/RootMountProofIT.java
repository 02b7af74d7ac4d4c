package io.github.writeprobe.probes.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Probes that prove a read-only root filesystem by one attempt at `/`. Needs root.
class RootMountProofIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FULL = Duration.ofNanos(1);
    private static final WriteResult EROFS = new WriteResult.Refused(Errno.EROFS, false, "");
    private static final WriteResult EACCES = new WriteResult.Refused(Errno.EACCES, false, "");
    private static final WriteResult WRITABLE = new WriteResult.Writable();

    private static final String SETUP =
            """
            mkdir -p etc only-root
            ln -s usr link
            echo u:x:1000:1000::/:/bin/busybox >etc/passwd
            mount -t tmpfs -o mode=1777 t tmp
            mount -t tmpfs -o mode=0755 t only-root
            """;

    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final ProcfsWitness witness = ProcfsWitness.open();
    private final MountWatch<String> watch = MountWatch.start(witness, changed::add).orElseThrow();
    private TestContainer container;
    private Path root;

    @BeforeEach
    void start() throws Exception {
        container =
                TestContainer.startWithCommand(
                        "/bin/busybox su -s /bin/busybox u sleep 600", SETUP);
        root = container.root();
        container.mount("-o", "remount,bind,ro", root.toString());
        watch.watch(container.pid(), container.id(), container.id());
        assertThat(changed.poll(5, TimeUnit.SECONDS)).isEqualTo(container.id());
    }

    @AfterEach
    void close() throws Exception {
        container.close();
        watch.close();
        witness.close();
    }

    private List<ProbeResult> recheck(Duration fullInterval) throws InterruptedException {
        return witness.recheck(
                        List.of(
                                new ProcfsWitness.ProcfsRequest(
                                        container.pid(),
                                        container.id(),
                                        List.of("/data", "/usr", "/link", "/missing"),
                                        "",
                                        true,
                                        fullInterval)),
                        TIMEOUT)
                .getFirst();
    }

    private List<ProbeResult> recheck() throws InterruptedException {
        return recheck(ProcfsWitness.DEFAULT_FULL_INTERVAL);
    }

    /// Probes until the mount at `/` is proved by one attempt.
    private List<ProbeResult> prove() throws InterruptedException {
        List<ProbeResult> results = recheck();
        for (int i = 0; i < 1000 && results.getFirst().proofs().isEmpty(); i++) {
            results = recheck();
        }
        assertThat(results)
                .allSatisfy(r ->
                        // The path that is a link is tried itself.
                        assertThat(r.proofs().orElseThrow().readOnly()).isEqualTo(Map.of("/", 4)));
        return results;
    }

    private static WriteResult at(List<ProbeResult> results, ProbeIdentity identity, String path) {
        return results.stream()
                .filter(r -> r.identity() == identity)
                .flatMap(r -> r.observations().stream())
                .filter(o -> o.path().equals(path))
                .map(PathObservation::write)
                .findFirst()
                .orElseThrow();
    }

    private static void assertWrites(
            List<ProbeResult> results, String path, WriteResult service, WriteResult asRoot) {
        assertThat(at(results, ProbeIdentity.SERVICE, path)).as(path).isEqualTo(service);
        assertThat(at(results, ProbeIdentity.ROOT, path)).as(path).isEqualTo(asRoot);
    }

    @Test
    void aRemountIsFoundAtEveryPathEvenBeforeItsEvent() throws Exception {
        for (int i = 0; i < 20; i++) {
            prove();
            container.mount("-o", "remount,bind,rw", root.toString());
            List<ProbeResult> writable = recheck();
            assertWrites(writable, "/", EACCES, WRITABLE);
            assertWrites(writable, "/usr", EACCES, WRITABLE);
            container.mount("-o", "remount,bind,ro", root.toString());
            assertWrites(recheck(), "/usr", EROFS, EROFS);
        }
    }

    @Test
    void aMountOverAPathIsFoundWhenItsEventArrives() throws Exception {
        prove();
        changed.clear();
        container.mount("-t", "tmpfs", "-o", "mode=1777", "t", root.resolve("data").toString());
        assertThat(changed.poll(5, TimeUnit.SECONDS)).isEqualTo(container.id());
        assertWrites(recheck(), "/data", WRITABLE, WRITABLE);
    }

    /// While the mount is read-only, only the host can do this: the test is the host.
    @Test
    void whatTheHostPutsInPlaceOfAPathIsFoundWhenEveryPathIsTried() throws Exception {
        prove();
        Path usr = root.resolve("usr");
        Files.delete(usr);
        Files.createSymbolicLink(usr, Path.of("/tmp"));
        assertWrites(recheck(), "/usr", EROFS, EROFS);
        assertWrites(recheck(), "/link", WRITABLE, WRITABLE);
        assertWrites(recheck(), "/tmp", WRITABLE, WRITABLE);
        assertWrites(recheck(FULL), "/usr", WRITABLE, WRITABLE);
    }

    @Test
    void aTmpfsThatOnlyRootCanWriteToIsNotTriedAgainAsRoot() throws Exception {
        List<ProbeResult> proved = prove();
        assertWrites(proved, "/only-root", EACCES, WRITABLE);
        assertThat(proved.getLast().proofs().orElseThrow().writable())
                .isEqualTo(Map.of("/only-root", 1, "/tmp", 1));
        String onlyRoot = root.resolve("only-root").toString();
        container.runBusybox("chmod", "777", onlyRoot);
        assertWrites(recheck(), "/only-root", WRITABLE, WRITABLE);
        container.runBusybox("chmod", "755", onlyRoot);
        recheck();
        container.mount("-o", "remount,ro", onlyRoot);
        assertWrites(recheck(), "/only-root", EROFS, EROFS);
    }
}

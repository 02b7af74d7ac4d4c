package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// The procfs witness fulfils the contract in all kinds of images, and the guarantees that only it
/// gives.
class ProcfsWitnessIT {
    @TestInstance(Lifecycle.PER_CLASS)
    abstract static class ProcfsContract implements WriteProbeContract {
        final Lab lab = Lab.open();
        final ProcfsWitness procfs = ProcfsWitness.open();
        private final Lab.Image image;

        ProcfsContract(Lab.Image image) {
            this.image = image;
        }

        @BeforeAll
        void witnessIsAvailable() {
            assertThat(procfs.unavailableReason()).isEmpty();
        }

        @AfterAll
        void close() {
            procfs.close();
            lab.close();
        }

        @Override
        public Lab lab() {
            return lab;
        }

        @Override
        public Lab.Image image() {
            return image;
        }

        @Override
        public ProbeResult probe(String container, List<String> paths) throws Exception {
            return probe(container, ProbeIdentity.SERVICE, paths);
        }

        ProbeResult probe(String container, ProbeIdentity identity, List<String> paths)
                throws Exception {
            return probeAll(container, paths).stream()
                    .filter(t -> t.identity() == identity)
                    .findFirst()
                    .orElseThrow();
        }

        List<ProbeResult> probeAll(String container, List<String> paths) throws Exception {
            String pid = lab.docker("inspect", "-f", "{{.State.Pid}}", container).strip();
            return procfs.probe(
                    Long.parseLong(pid), lab.id(container), paths, Duration.ofSeconds(5));
        }
    }

    @Nested
    class Busybox extends ProcfsContract {
        Busybox() {
            super(Lab.Image.BUSYBOX);
        }

        @Test
        void noDirectoryKnowsThatItWasProbed() throws Exception {
            Path host = lab.directory("mtime");
            FileTime before = FileTime.fromMillis(1_000_000_000_000L);
            Files.setLastModifiedTime(host, before);
            String container = lab.start(Lab.Image.BUSYBOX, "-v", host + ":/data", "--tmpfs", "/t");
            // Without the time of the last status change and the link count: overlayfs copies up a
            // directory of the image before an unnamed file is created in it.
            String listed =
                    "stat -c '%n %y %s %a %u %g' / /tmp /etc /usr /data /t; ls -a1i / /tmp /etc /usr"
                            + " /data /t";
            String then = lab.exec(container, listed);
            // Engines list siblings in any order.
            List<String> diff = lab.docker("diff", container).lines().sorted().toList();

            for (int i = 0; i < 10; i++) {
                ProbeResult t = probe(container, List.of("/", "/tmp", "/etc", "/usr", "/data"));
                assertWritable(t, "/data");
                assertWritable(t, "/usr");
            }

            assertThat(Files.getLastModifiedTime(host)).isEqualTo(before);
            assertThat(lab.exec(container, listed)).isEqualTo(then);
            assertThat(lab.docker("diff", container).lines().sorted()).isEqualTo(diff);
        }

        @Test
        void aPausedContainerIsSeenAsWellAsAnyOther() throws Exception {
            String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
            lab.docker("pause", container);
            ProbeResult t = probe(container, List.of("/"));
            assertRefused(t, "/", Errno.EROFS);
            assertWritable(t, "/tmp");
            lab.docker("unpause", container);
        }

        @Test
        void rootIsProbedInAdditionToAServiceThatIsNotRoot() throws Exception {
            String container = lab.start(Lab.Image.BUSYBOX, "--user", "1000");
            assertRefused(probe(container, List.of("/etc")), "/etc", Errno.EACCES);
            ProbeResult root = probe(container, ProbeIdentity.ROOT, List.of("/etc"));
            assertWritable(root, "/etc");
            assertThat(at(root, "/etc").uid()).hasValue(0);
        }

        @Test
        void aProcessOfAnotherContainerIsNeverProbed() throws Exception {
            String one = lab.start(Lab.Image.BUSYBOX);
            String other = lab.start(Lab.Image.BUSYBOX);
            String pid = lab.docker("inspect", "-f", "{{.State.Pid}}", one).strip();
            List<ProbeResult> results =
                    procfs.probe(
                            Long.parseLong(pid),
                            lab.id(other),
                            List.of("/"),
                            Duration.ofSeconds(5));
            assertThat(results)
                    .singleElement()
                    .satisfies(t -> {
                        assertThat(t.observations()).isEmpty();
                        assertThat(t.trouble().orElseThrow().cause())
                                .isEqualTo(InconclusiveCause.UNREACHABLE);
                    });
        }

        @Test
        void aProcessThatEndedIsNotProbed() throws Exception {
            String container = lab.start(Lab.Image.BUSYBOX);
            String pid = lab.docker("inspect", "-f", "{{.State.Pid}}", container).strip();
            lab.docker("kill", container);
            assertThat(
                            procfs.probe(
                                            Long.parseLong(pid),
                                            lab.id(container),
                                            List.of("/"),
                                            Duration.ofSeconds(5))
                                    .getFirst()
                                    .observations())
                    .isEmpty();
        }

        @Test
        void linksOfProcfsAreNotFollowedOutOfTheContainer() throws Exception {
            Path outside = lab.directory("outside");
            String container = lab.start(Lab.Image.BUSYBOX);
            lab.exec(
                    container,
                    "ln -s /proc/1/root/etc /magic; ln -s ../../../../.."
                            + outside
                            + " /up;"
                            + " ln -s /proc/1/cwd /cwd; mkdir -p "
                            + outside);
            ProbeResult t = probe(container, List.of("/magic", "/up", "/cwd", "/../../etc"));
            // Following a magic link needs the permission to trace its process, which the service
            // does not have.
            assertRefused(t, "/magic", Errno.EACCES);
            assertRefused(t, "/cwd", Errno.EACCES);
            // The container's own directory of that name, and not the host's.
            assertWritable(t, "/up");
            assertThat(at(t, "/up").resolved()).isEqualTo(outside.toString());
            assertWritable(t, "/../../etc");
        }

        @Test
        void aLinkThatItsUserMayNotFollowLeadsSomewhereAllTheSame() throws Exception {
            String image =
                    lab.image(
                            Lab.Image.BUSYBOX,
                            "hidden",
                            "mkdir -m 700 $tree/hidden; mkdir $tree/hidden/data; ln -s hidden $tree/link");
            String container =
                    lab.start(
                            image,
                            List.of("sleep", "3600"),
                            "--read-only",
                            "--user",
                            "1000",
                            "--tmpfs",
                            "/link/data");
            ProbeResult t = probe(container, List.of("/link/data"));
            assertRefused(t, "/link/data", Errno.EACCES);
            assertThat(at(t, "/link/data").resolved()).isEqualTo("/hidden/data");
            Lab.Run exec = lab.writeprobe("audit", "--witness", "exec", container);
            assertThat(exec.code()).as(exec.output()).isEqualTo(3);
            assertThat(exec.unwrapped())
                    .contains("/hidden/data may be the one declared at /link/data");
            Lab.Run both = lab.writeprobe("audit", container);
            assertThat(both.code()).as(both.output()).isZero();
        }

        @Test
        void aLinkThatIsSwappedAllTheTimeLeadsNowhereElse() throws Exception {
            String container =
                    lab.start(
                            Lab.Image.BUSYBOX,
                            "--read-only",
                            "--tmpfs",
                            "/w:mode=1777",
                            "--tmpfs",
                            "/real");
            lab.docker(
                    "exec",
                    "-d",
                    container,
                    "sh",
                    "-c",
                    "while :; do ln -sfn /real /w/l; ln -sfn /etc /w/l; ln -sfn /proc/1/root /w/l;"
                            + " done");
            long end = System.nanoTime() + 5_000_000_000L;
            for (int i = 0; i < 300 && System.nanoTime() < end; i++) {
                var seen = at(probe(container, List.of("/w/l")), "/w/l");
                switch (seen.write()) {
                    case WriteResult.Writable() -> assertThat(seen.resolved()).isEqualTo("/real");
                    case WriteResult.Refused r -> {
                        boolean stopped =
                                r.errno() == Errno.EACCES
                                        && List.of("/w/l", "/real", "/etc")
                                                .contains(seen.resolved());
                        boolean home = r.errno() == Errno.EROFS && seen.resolved().equals("/etc");
                        assertThat(stopped || home).as(seen.toString()).isTrue();
                    }
                    case WriteResult.Absent() -> {}
                    case WriteResult.Inconclusive _ -> {}
                }
            }
        }

        @Test
        void pipesAndSocketsAndDevicesAreNotOpened() throws Exception {
            Path host = lab.directory("special");
            String container = lab.start(Lab.Image.BUSYBOX, "-v", host + ":/data");
            lab.exec(container, "mkfifo /data/pipe");
            ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(host.resolve("socket")))
                    .close();
            String second =
                    lab.start(
                            Lab.Image.BUSYBOX,
                            "-v",
                            host.resolve("pipe") + ":/pipe",
                            "-v",
                            host.resolve("socket") + ":/socket");
            ProbeResult t = probe(second, List.of("/dev/zero"));
            for (String path : List.of("/pipe", "/socket", "/dev/zero")) {
                assertThat(at(t, path).write())
                        .as(path)
                        .isEqualTo(
                                new WriteResult.Inconclusive(InconclusiveCause.SPECIAL_FILE, ""));
            }
        }

        @Test
        void mountsBelowMountsAreProbedToo() throws Exception {
            String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/a");
            lab.exec(container, "mkdir -p /a/b/c");
            lab.mount(container, "-t", "tmpfs", "-o", "ro", "tmpfs", "/a/b/c");
            ProbeResult t = probe(container, List.of("/"));
            assertWritable(t, "/a");
            assertRefused(t, "/a/b/c", Errno.EROFS);
        }

        @Test
        void anImageWithoutShellIsSeenAsWellAsAnyOther() throws Exception {
            String container = lab.start(Lab.Image.NO_SHELL, "--read-only", "--tmpfs", "/tmp");
            ProbeResult t = probe(container, List.of("/", "/tmp"));
            assertRefused(t, "/", Errno.EROFS);
            assertWritable(t, "/tmp");
        }
    }
}

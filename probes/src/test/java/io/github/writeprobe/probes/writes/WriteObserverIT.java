package io.github.writeprobe.probes.writes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.procfs.TestContainer;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is observed of real processes in their own namespaces. Needs root.
class WriteObserverIT {
    private static final String SETUP =
            """
            mkdir dev; mknod dev/null c 1 3
            for applet in sh sleep dd rm mv mkdir cat seq; do ln -s busybox bin/$applet; done
            mkdir other; mount -t tmpfs t tmp; mount -t tmpfs t usr
            ln -s /data link; mount --bind data other
            """;

    private static WriteObserver watch(TestContainer container) throws Exception {
        return WriteObserver.start(container.pid(), container.id(), true);
    }

    private static Optional<WrittenFile> find(WriteObservations observations, String path) {
        return observations.written().stream().filter(w -> w.path().equals(path)).findFirst();
    }

    private static WrittenFile at(WriteObservations observations, String path) {
        return find(observations, path)
                .orElseThrow(() -> new AssertionError("no " + path + " in " + observations));
    }

    /// Without files that were only executed.
    private static List<String> paths(WriteObservations observations) {
        return observations.written().stream()
                .filter(w -> w.times() > 0 || w.openForWriting())
                .map(WrittenFile::path)
                .sorted()
                .toList();
    }

    @Test
    void writtenFileIsObservedWithWritersAndSize() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            container.runScript(
                    "dd if=/bin/busybox of=/data/big bs=1000 count=7; echo x >/tmp/small; sleep 0.2; true");
            WriteObservations observations = observer.stop();
            assertThat(observations.gaps()).isEmpty();
            assertThat(observations.watched()).isPositive();
            assertThat(paths(observations)).containsExactly("/data/big", "/tmp/small");
            WrittenFile big = at(observations, "/data/big");
            assertThat(big.type()).isEqualTo(FileType.REGULAR);
            assertThat(big.bytes()).isEqualTo(7000);
            assertThat(big.times()).isPositive();
            assertThat(big.gone()).isFalse();
            assertThat(big.executed()).isFalse();
            assertThat(at(observations, "/tmp/small").writers()).containsExactly("busybox");
        }
    }

    /// Paths are those of the container, even if its first process changed its root directory.
    @Test
    void whatIsWrittenInAChrootHasThePathThatTheContainerKnows() throws Exception {
        try (TestContainer container =
                        TestContainer.startWithCommand(
                                "/bin/busybox chroot /jail /busybox sleep 600",
                                SETUP + "mkdir -p jail/var; cp /bin/busybox jail");
                WriteObserver observer = watch(container)) {
            container.runBusybox(
                    "sh", "-c", "echo x >/jail/var/inside; echo x >/data/outside; sleep 0.2; true");
            WriteObservations observations = observer.stop();
            assertThat(observations.gaps()).isEmpty();
            assertThat(paths(observations)).containsExactly("/data/outside", "/jail/var/inside");
        }
    }

    @Test
    void aProcessOutsideWhatTheEngineMadeIsNotObserved() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP)) {
            Path config = container.bundle().resolve("config.json");
            Files.writeString(config, Files.readString(config).replace("/rootfs", ""));
            try (WriteObserver observer = watch(container)) {
                WriteObservations observations = observer.stop();
                assertThat(observations.written()).isEmpty();
                assertThat(observations.gaps())
                        .extracting(WriteObservationGap::kind)
                        .containsExactlyInAnyOrder(
                                WriteObservationGap.Kind.UNWATCHED,
                                WriteObservationGap.Kind.UNSEEN);
                assertThat(observations.gaps())
                        .allSatisfy(g -> assertThat(g.toString()).contains("the engine created"));
            }
            assertThat(ProcRootFileLookup.of(container.pid(), container.id())).isEmpty();
            assertThat(
                            ProcRootFileLookup.hiddenReason(container.pid(), container.id())
                                    .orElseThrow())
                    .contains("that the engine created");
        }
        try (TestContainer container = TestContainer.start(SETUP)) {
            assertThat(ProcRootFileLookup.hiddenReason(container.pid(), container.id())).isEmpty();
            assertThat(ProcRootFileLookup.hiddenReason(container.pid(), "9".repeat(64))).isEmpty();
            assertThat(ProcRootFileLookup.hiddenReason(0, container.id())).isEmpty();
        }
    }

    @Test
    void whatIsDeletedAtOnceIsSeenAndGone() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            container.runScript(
                    "echo x >/data/short; rm /data/short; echo x >'/data/x (deleted)'; sleep 0.2; true");
            WriteObservations observations = observer.stop();
            assertThat(paths(observations)).containsExactly("/data/short", "/data/x (deleted)");
            assertThat(at(observations, "/data/short").gone()).isTrue();
            assertThat(at(observations, "/data/x (deleted)").gone()).isFalse();
        }
    }

    @Test
    void whatIsRunIsSeen() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            container.runScript(
                    "cat /bin/busybox >/tmp/busybox; chmod 755 /tmp/busybox; sleep 0.2; /tmp/busybox true");
            WriteObservations observations = observer.stop();
            assertThat(paths(observations)).containsExactly("/tmp/busybox");
            assertThat(at(observations, "/tmp/busybox").executed()).isTrue();
            assertThat(at(observations, "/bin/busybox").executed()).isTrue();
            assertThat(at(observations, "/bin/busybox").times()).isZero();
        }
    }

    @Test
    void deletedExecutableMappedBeforeTheWatchIsObserved() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP)) {
            container.runScript("cat /bin/busybox >/tmp/sleep; chmod 755 /tmp/sleep");
            Process process =
                    container.startScript("/tmp/sleep 60 & sleep 0.2; rm /tmp/sleep; wait");
            Thread.sleep(500);
            try (WriteObserver observer = watch(container)) {
                WrittenFile tool = at(observer.stop(), "/tmp/sleep");
                assertThat(tool.executed()).isTrue();
                assertThat(tool.gone()).isTrue();
                assertThat(tool.openForWriting()).isFalse();
                assertThat(tool.times()).isZero();
            }
            process.destroyForcibly();
        }
    }

    @Test
    void whatStandsOpenIsSeenDeletedOrNot() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP)) {
            Process process =
                    container.startScript(
                            "exec 3>>/data/log 4>>/data/old 5<>/tmp/rw 6</bin/busybox; rm /data/old;"
                                    + " echo x >&3; sleep 60; true");
            Thread.sleep(300);
            try (WriteObserver observer =
                    WriteObserver.start(container.pid(), container.id(), false)) {
                WriteObservations observations = observer.stop();
                assertThat(paths(observations))
                        .containsExactly("/data/log", "/data/old", "/tmp/rw");
                WrittenFile log = at(observations, "/data/log");
                assertThat(log.openForWriting()).isTrue();
                assertThat(log.times()).isZero();
                assertThat(log.bytes()).isEqualTo(2);
                assertThat(log.writers()).contains("busybox");
                assertThat(log.gone()).isFalse();
                assertThat(at(observations, "/data/old").gone()).isTrue();
                assertThat(observations.watched()).isZero();
                assertThat(observations.gaps())
                        .extracting(WriteObservationGap::kind)
                        .containsExactly(WriteObservationGap.Kind.UNWATCHED);
            }
            process.destroyForcibly();
        }
    }

    @Test
    void whatIsWrittenAndNeverClosedIsSeenToBeWritten() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP)) {
            Process process =
                    container.startScript(
                            "exec 3>>/data/log; while :; do echo x >&3; sleep 0.01; done");
            Thread.sleep(300);
            try (WriteObserver observer = watch(container)) {
                Thread.sleep(2500);
                WrittenFile log = at(observer.stop(), "/data/log");
                assertThat(log.openForWriting()).isTrue();
                assertThat(log.times()).isGreaterThan(1);
            }
            process.destroyForcibly();
        }
    }

    @Test
    void socketsAndSharedMappingsAreSeen() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                OpenFileProcess socket = OpenFileProcess.start(container, "bind", "s");
                OpenFileProcess renamed = OpenFileProcess.start(container, "bind", "renamed");
                OpenFileProcess mapping = OpenFileProcess.start(container, "map", "m")) {
            container.runScript("mv /data/renamed /data/ready");
            assertThat(renamed.process().isAlive()).isTrue();
            Process syslogd = container.startScript("exec busybox syslogd -n -O /data/messages");
            for (int i = 0; i < 100 && !Files.exists(container.root().resolve("dev/log")); i++) {
                Thread.sleep(20);
            }
            WriteObserver observer = watch(container);
            WriteObservations observations = observer.stop();
            observer.close();
            syslogd.destroyForcibly();
            // By its absolute path, and by one that is relative to the working directory of the
            // process.
            assertThat(at(observations, "/dev/log").type()).isEqualTo(FileType.SOCKET);
            assertThat(at(observations, "/data/renamed").gone()).isTrue();
            WrittenFile bound = at(observations, "/data/s");
            assertThat(bound.type()).isEqualTo(FileType.SOCKET);
            assertThat(bound.openForWriting()).isTrue();
            assertThat(bound.writers()).containsExactly(socket.name());
            WrittenFile mapped = at(observations, "/data/m");
            assertThat(mapped.openForWriting()).isTrue();
            assertThat(mapped.writers()).containsExactly(mapping.name());
        }
    }

    /// A process that runs a program of the host in the mount namespace of a container.
    private record OpenFileProcess(Process process) implements AutoCloseable {
        static OpenFileProcess start(TestContainer container, String what, String name)
                throws Exception {
            Path program = container.root().resolve("bin/holder");
            if (!Files.exists(program)) {
                compile(program);
            }
            Process process =
                    new ProcessBuilder(
                                    "nsenter",
                                    "--mount",
                                    "--target",
                                    Long.toString(container.pid()),
                                    "/bin/holder",
                                    what,
                                    name)
                            .start();
            assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("ready");
            return new OpenFileProcess(process);
        }

        private static void compile(Path program) throws Exception {
            try (InputStream source = WriteObserverIT.class.getResourceAsStream("holder.c")) {
                Process cc =
                        new ProcessBuilder(
                                        "cc",
                                        "-static",
                                        "-Wall",
                                        "-Werror",
                                        "-x",
                                        "c",
                                        "-o",
                                        program.toString(),
                                        "-")
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .start();
                try (OutputStream stdin = cc.getOutputStream()) {
                    source.transferTo(stdin);
                }
                assertThat(cc.waitFor()).isZero();
            }
        }

        String name() throws Exception {
            return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void pathsAreTheContainersWithLinksResolved() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            container.runScript(
                    """
                    echo x >/link/by-link
                    echo x >/other/by-bind
                    echo x >"/data/two
                    lines"
                    mkdir '/data/a b'; echo x >'/data/a b/é\\012'
                    sleep 0.2; true
                    """);
            WriteObservations observations = observer.stop();
            assertThat(paths(observations))
                    .containsExactlyInAnyOrder(
                            "/data/by-link",
                            "/other/by-bind",
                            "/data/two\nlines",
                            "/data/a b/é\\012");
            assertThat(observations.written()).noneMatch(WrittenFile::gone);
        }
    }

    @Test
    void whatIsMountedLaterIsWatchedAndWhatIsUnmountedIsWhereItWas() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            String data = container.root().resolve("data").toString();
            container.mount("-t", "tmpfs", "t", data);
            Thread.sleep(200);
            Process process =
                    container.startScript(
                            "echo x >/data/on-it; exec 3>/data/later; sleep 1; echo x >&3; exec 3>&-; true");
            Thread.sleep(500);
            container.runBusybox("umount", "-l", data);
            process.waitFor();
            Thread.sleep(200);
            assertThat(paths(observer.stop())).containsExactly("/data/later", "/data/on-it");
        }
    }

    @Test
    void othersThanTheContainerAreNotTakenForIt() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            Path root = Path.of("/proc/" + container.pid() + "/root");
            Files.writeString(root.resolve("tmp/mine"), "x");
            Process other =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "echo x >" + root.resolve("tmp/theirs") + "; sleep 1")
                            .start();
            container.runScript("echo x >/tmp/.writeprobe-1; echo x >/tmp/its; sleep 0.3; true");
            assertThat(paths(observer.stop())).containsExactly("/tmp/its");
            other.waitFor();
        }
    }

    @Test
    void devicesAndPipesAreLeftAlone() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP + "mkfifo pipe");
                WriteObserver observer = watch(container)) {
            // An observer that opened the FIFO would interfere with its reader.
            container.runScript(
                    "cat /pipe >/dev/null & echo x >/pipe; echo x >/dev/null; wait; sleep 0.2; true");
            WriteObservations observations = observer.stop();
            assertThat(paths(observations)).isEmpty();
            assertThat(observations.gaps()).isEmpty();
        }
    }

    @Test
    void aContainerThatEndsLeavesWhatWasSeen() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            container.runScript("echo x >/tmp/kept; echo x >/data/lost; rm /data/lost");
            container.kill();
            for (int i = 0; i < 100 && !observer.progress().ended(); i++) {
                Thread.sleep(20);
            }
            assertThat(observer.progress().ended()).isTrue();
            WriteObservations observations = observer.stop();
            assertThat(paths(observations)).containsExactly("/data/lost", "/tmp/kept");
            // Looked up in a tmpfs that no process uses any more.
            assertThat(at(observations, "/tmp/kept").gone()).isFalse();
            assertThat(at(observations, "/data/lost").gone()).isTrue();
            assertThat(observations.gaps())
                    .extracting(WriteObservationGap::kind)
                    .containsExactly(WriteObservationGap.Kind.ENDED);
        }
    }

    @Test
    void aProcessThatIsNotTheContainersIsNotWatched() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver other = WriteObserver.start(container.pid(), "0".repeat(64), true);
                WriteObserver none = WriteObserver.start(0, container.id(), true)) {
            assertThat(other.progress().ended()).isTrue();
            assertThat(other.stop().gaps())
                    .extracting(WriteObservationGap::kind)
                    .containsExactlyInAnyOrder(
                            WriteObservationGap.Kind.UNSEEN, WriteObservationGap.Kind.UNWATCHED);
            assertThat(other.stop().gaps().getFirst().reason())
                    .startsWith("process " + container.pid() + " does not belong to the container");
            assertThat(none.stop().gaps().getFirst().reason()).isEqualTo("it is not running");
        }
    }

    @Test
    void aFloodInOneDirectoryHidesNoFileInAnother() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            container.runScript(
                    """
                    mkdir /tmp/flood /tmp/quiet
                    i=0
                    while [ $i -lt 60000 ]; do echo x >/tmp/flood/$i; i=$((i + 1)); done
                    echo x >/tmp/quiet/file
                    while [ $i -lt 90000 ]; do echo x >/tmp/flood/$i; i=$((i + 1)); done
                    """);
            WriteObservations observations = observer.stop();
            assertThat(at(observations, "/tmp/quiet/file").times()).isPositive();
            assertThat(at(observations, "/tmp/flood").type()).isEqualTo(FileType.DIRECTORY);
            assertThat(observations.written().size()).isLessThan(1100);
            assertThat(observations.gaps())
                    .extracting(WriteObservationGap::kind)
                    .containsExactly(WriteObservationGap.Kind.TOO_MANY_FILES);
        }
    }

    @Test
    void deepTreesAndLongNamesAreSeenAsFarAsTheKernelHasNames() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP);
                WriteObserver observer = watch(container)) {
            String name = "n".repeat(200);
            container.runScript(
                    """
                    cd /data
                    for i in $(seq 15); do mkdir %1$s; cd %1$s; done
                    echo x >deep
                    for i in $(seq 15); do mkdir %1$s; cd %1$s; done
                    echo x >deeper%1$s
                    sleep 0.3; true
                    """
                            .formatted(name));
            WriteObservations observations = observer.stop();
            assertThat(paths(observations))
                    .containsExactly("/data" + ("/" + name).repeat(15) + "/deep");
            assertThat(observations.gaps())
                    .singleElement()
                    .isEqualTo(
                            new WriteObservationGap(
                                    WriteObservationGap.Kind.OVERFLOW,
                                    "1 writes went to files that could not be inspected, or with"
                                            + " too long names"));
        }
    }

    @Test
    void aQueueThatOverflowsIsReported() throws Exception {
        Path queueLimit = Path.of("/proc/sys/fs/fanotify/max_queued_events");
        // In one call: a sysctl returns its value only to the first read.
        String before = Files.readAllLines(queueLimit).getFirst();
        try (TestContainer container = TestContainer.start(SETUP)) {
            Files.writeString(queueLimit, "4");
            WriteObserver observer;
            try {
                observer = watch(container);
            } finally {
                Files.writeString(queueLimit, before);
            }
            try (observer) {
                container.runScript("for i in 1 2 3 4 5 6 7 8 9; do echo x >/tmp/$i; done");
                assertThat(observer.stop().gaps())
                        .extracting(WriteObservationGap::kind)
                        .containsExactly(WriteObservationGap.Kind.OVERFLOW);
            }
        }
    }

    @Test
    void nothingIsLeftOpen() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP)) {
            watch(container).close();
            long before = descriptors();
            for (int i = 0; i < 20; i++) {
                try (WriteObserver observer = watch(container)) {
                    observer.stop();
                }
            }
            assertThat(descriptors()).isEqualTo(before);
        }
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}

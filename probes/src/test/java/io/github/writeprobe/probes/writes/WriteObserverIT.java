package io.github.writeprobe.probes.writes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.procfs.Cell;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is seen of real processes in a namespace of their own. Takes root.
class WriteObserverIT {
    private static final String SETUP =
            """
            mkdir dev; mknod dev/null c 1 3
            for applet in sh sleep dd rm mv mkdir cat seq; do ln -s busybox bin/$applet; done
            mkdir other; mount -t tmpfs t tmp; mount -t tmpfs t usr
            ln -s /data link; mount --bind data other
            """;

    private static WriteObserver watch(Cell cell) throws Exception {
        return WriteObserver.begin(cell.pid(), cell.id(), true);
    }

    private static Optional<WrittenFile> find(WriteObservations account, String path) {
        return account.written().stream().filter(w -> w.path().equals(path)).findFirst();
    }

    private static WrittenFile at(WriteObservations account, String path) {
        return find(account, path)
                .orElseThrow(() -> new AssertionError("no " + path + " in " + account));
    }

    /// Without what was only run.
    private static List<String> paths(WriteObservations account) {
        return account.written().stream()
                .filter(w -> w.times() > 0 || w.heldOpen())
                .map(WrittenFile::path)
                .sorted()
                .toList();
    }

    @Test
    void aFileThatIsWrittenIsSeenWithWhoWroteItAndHowMuch() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            cell.runs(
                    "dd if=/bin/busybox of=/data/big bs=1000 count=7; echo x >/tmp/small; sleep 0.2; true");
            WriteObservations account = lookout.end();
            assertThat(account.gaps()).isEmpty();
            assertThat(account.watched()).isPositive();
            assertThat(paths(account)).containsExactly("/data/big", "/tmp/small");
            WrittenFile big = at(account, "/data/big");
            assertThat(big.type()).isEqualTo(FileType.REGULAR);
            assertThat(big.bytes()).isEqualTo(7000);
            assertThat(big.times()).isPositive();
            assertThat(big.gone()).isFalse();
            assertThat(big.executed()).isFalse();
            assertThat(at(account, "/tmp/small").by()).containsExactly("busybox");
        }
    }

    /// Paths are those of the container, whatever its first process calls its root directory.
    @Test
    void whatIsWrittenInAChrootHasThePathThatTheContainerKnows() throws Exception {
        try (Cell cell =
                        Cell.running(
                                "/bin/busybox chroot /jail /busybox sleep 600",
                                SETUP + "mkdir -p jail/var; cp /bin/busybox jail");
                WriteObserver lookout = watch(cell)) {
            cell.in("sh", "-c", "echo x >/jail/var/inside; echo x >/data/outside; sleep 0.2; true");
            WriteObservations account = lookout.end();
            assertThat(account.gaps()).isEmpty();
            assertThat(paths(account)).containsExactly("/data/outside", "/jail/var/inside");
        }
    }

    @Test
    void nothingIsSaidOfAProcessThatDoesNotLiveInWhatTheEngineMade() throws Exception {
        try (Cell cell = Cell.start(SETUP)) {
            Path config = cell.bundle().resolve("config.json");
            Files.writeString(config, Files.readString(config).replace("/rootfs", ""));
            try (WriteObserver lookout = watch(cell)) {
                WriteObservations account = lookout.end();
                assertThat(account.written()).isEmpty();
                assertThat(account.gaps())
                        .extracting(ObservationGap::kind)
                        .containsExactlyInAnyOrder(
                                ObservationGap.Kind.UNWATCHED, ObservationGap.Kind.UNSEEN);
                assertThat(account.gaps())
                        .allSatisfy(g -> assertThat(g.toString()).contains("that the engine made"));
            }
            assertThat(ProcfsFiles.of(cell.pid(), cell.id())).isEmpty();
            assertThat(ProcfsFiles.hidden(cell.pid(), cell.id()).orElseThrow())
                    .contains("that the engine made");
        }
        try (Cell cell = Cell.start(SETUP)) {
            assertThat(ProcfsFiles.hidden(cell.pid(), cell.id())).isEmpty();
            assertThat(ProcfsFiles.hidden(cell.pid(), "9".repeat(64))).isEmpty();
            assertThat(ProcfsFiles.hidden(0, cell.id())).isEmpty();
        }
    }

    @Test
    void whatIsDeletedAtOnceIsSeenAndGone() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            cell.runs(
                    "echo x >/data/short; rm /data/short; echo x >'/data/x (deleted)'; sleep 0.2; true");
            WriteObservations account = lookout.end();
            assertThat(paths(account)).containsExactly("/data/short", "/data/x (deleted)");
            assertThat(at(account, "/data/short").gone()).isTrue();
            assertThat(at(account, "/data/x (deleted)").gone()).isFalse();
        }
    }

    @Test
    void whatIsRunIsSeen() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            cell.runs(
                    "cat /bin/busybox >/tmp/busybox; chmod 755 /tmp/busybox; sleep 0.2; /tmp/busybox true");
            WriteObservations account = lookout.end();
            assertThat(paths(account)).containsExactly("/tmp/busybox");
            assertThat(at(account, "/tmp/busybox").executed()).isTrue();
            assertThat(at(account, "/bin/busybox").executed()).isTrue();
            assertThat(at(account, "/bin/busybox").times()).isZero();
        }
    }

    @Test
    void whatWasMappedToBeRunBeforeAnybodyWatchedIsSeenThoughItIsDeleted() throws Exception {
        try (Cell cell = Cell.start(SETUP)) {
            cell.runs("cat /bin/busybox >/tmp/sleep; chmod 755 /tmp/sleep");
            Process process = cell.starts("/tmp/sleep 60 & sleep 0.2; rm /tmp/sleep; wait");
            Thread.sleep(500);
            try (WriteObserver lookout = watch(cell)) {
                WrittenFile tool = at(lookout.end(), "/tmp/sleep");
                assertThat(tool.executed()).isTrue();
                assertThat(tool.gone()).isTrue();
                assertThat(tool.heldOpen()).isFalse();
                assertThat(tool.times()).isZero();
            }
            process.destroyForcibly();
        }
    }

    @Test
    void whatStandsOpenIsSeenDeletedOrNot() throws Exception {
        try (Cell cell = Cell.start(SETUP)) {
            Process process =
                    cell.starts(
                            "exec 3>>/data/log 4>>/data/old 5<>/tmp/rw 6</bin/busybox; rm /data/old;"
                                    + " echo x >&3; sleep 60; true");
            Thread.sleep(300);
            try (WriteObserver lookout = WriteObserver.begin(cell.pid(), cell.id(), false)) {
                WriteObservations account = lookout.end();
                assertThat(paths(account)).containsExactly("/data/log", "/data/old", "/tmp/rw");
                WrittenFile log = at(account, "/data/log");
                assertThat(log.heldOpen()).isTrue();
                assertThat(log.times()).isZero();
                assertThat(log.bytes()).isEqualTo(2);
                assertThat(log.by()).contains("busybox");
                assertThat(log.gone()).isFalse();
                assertThat(at(account, "/data/old").gone()).isTrue();
                assertThat(account.watched()).isZero();
                assertThat(account.gaps())
                        .extracting(ObservationGap::kind)
                        .containsExactly(ObservationGap.Kind.UNWATCHED);
            }
            process.destroyForcibly();
        }
    }

    @Test
    void whatIsWrittenAndNeverClosedIsSeenToBeWritten() throws Exception {
        try (Cell cell = Cell.start(SETUP)) {
            Process process =
                    cell.starts("exec 3>>/data/log; while :; do echo x >&3; sleep 0.01; done");
            Thread.sleep(300);
            try (WriteObserver lookout = watch(cell)) {
                Thread.sleep(2500);
                WrittenFile log = at(lookout.end(), "/data/log");
                assertThat(log.heldOpen()).isTrue();
                assertThat(log.times()).isGreaterThan(1);
            }
            process.destroyForcibly();
        }
    }

    @Test
    void socketsAndSharedMappingsAreSeen() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                Held socket = Held.by(cell, "bind", "s");
                Held renamed = Held.by(cell, "bind", "renamed");
                Held mapping = Held.by(cell, "map", "m")) {
            cell.runs("mv /data/renamed /data/ready");
            assertThat(renamed.process().isAlive()).isTrue();
            Process syslogd = cell.starts("exec busybox syslogd -n -O /data/messages");
            for (int i = 0; i < 100 && !Files.exists(cell.root().resolve("dev/log")); i++) {
                Thread.sleep(20);
            }
            WriteObserver lookout = watch(cell);
            WriteObservations account = lookout.end();
            lookout.close();
            syslogd.destroyForcibly();
            // By its full name, and by one that is relative to where the process was.
            assertThat(at(account, "/dev/log").type()).isEqualTo(FileType.SOCKET);
            assertThat(at(account, "/data/renamed").gone()).isTrue();
            WrittenFile bound = at(account, "/data/s");
            assertThat(bound.type()).isEqualTo(FileType.SOCKET);
            assertThat(bound.heldOpen()).isTrue();
            assertThat(bound.by()).containsExactly(socket.name());
            WrittenFile mapped = at(account, "/data/m");
            assertThat(mapped.heldOpen()).isTrue();
            assertThat(mapped.by()).containsExactly(mapping.name());
        }
    }

    /// A process of the machine's programs in the mounts of a cell.
    private record Held(Process process) implements AutoCloseable {
        static Held by(Cell cell, String what, String name) throws Exception {
            Path program = cell.root().resolve("bin/holder");
            if (!Files.exists(program)) {
                compile(program);
            }
            Process process =
                    new ProcessBuilder(
                                    "nsenter",
                                    "--mount",
                                    "--target",
                                    Long.toString(cell.pid()),
                                    "/bin/holder",
                                    what,
                                    name)
                            .start();
            assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("ready");
            return new Held(process);
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
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            cell.runs(
                    """
                    echo x >/link/by-link
                    echo x >/other/by-bind
                    echo x >"/data/two
                    lines"
                    mkdir '/data/a b'; echo x >'/data/a b/é\\012'
                    sleep 0.2; true
                    """);
            WriteObservations account = lookout.end();
            assertThat(paths(account))
                    .containsExactlyInAnyOrder(
                            "/data/by-link",
                            "/other/by-bind",
                            "/data/two\nlines",
                            "/data/a b/é\\012");
            assertThat(account.written()).noneMatch(WrittenFile::gone);
        }
    }

    @Test
    void whatIsMountedLaterIsWatchedAndWhatIsUnmountedIsWhereItWas() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            String data = cell.root().resolve("data").toString();
            cell.mount("-t", "tmpfs", "t", data);
            Thread.sleep(200);
            Process process =
                    cell.starts(
                            "echo x >/data/on-it; exec 3>/data/later; sleep 1; echo x >&3; exec 3>&-; true");
            Thread.sleep(500);
            cell.in("umount", "-l", data);
            process.waitFor();
            Thread.sleep(200);
            assertThat(paths(lookout.end())).containsExactly("/data/later", "/data/on-it");
        }
    }

    @Test
    void othersThanTheContainerAreNotTakenForIt() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            Path root = Path.of("/proc/" + cell.pid() + "/root");
            Files.writeString(root.resolve("tmp/mine"), "x");
            Process other =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "echo x >" + root.resolve("tmp/theirs") + "; sleep 1")
                            .start();
            cell.runs("echo x >/tmp/.writeprobe-1; echo x >/tmp/its; sleep 0.3; true");
            assertThat(paths(lookout.end())).containsExactly("/tmp/its");
            other.waitFor();
        }
    }

    @Test
    void devicesAndPipesAreLeftAlone() throws Exception {
        try (Cell cell = Cell.start(SETUP + "mkfifo pipe");
                WriteObserver lookout = watch(cell)) {
            // Whoever opened the pipe to look at it, would take the writer's place from the reader.
            cell.runs(
                    "cat /pipe >/dev/null & echo x >/pipe; echo x >/dev/null; wait; sleep 0.2; true");
            WriteObservations account = lookout.end();
            assertThat(paths(account)).isEmpty();
            assertThat(account.gaps()).isEmpty();
        }
    }

    @Test
    void aContainerThatEndsLeavesWhatWasSeen() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            cell.runs("echo x >/tmp/kept; echo x >/data/lost; rm /data/lost");
            cell.end();
            for (int i = 0; i < 100 && !lookout.tally().ended(); i++) {
                Thread.sleep(20);
            }
            assertThat(lookout.tally().ended()).isTrue();
            WriteObservations account = lookout.end();
            assertThat(paths(account)).containsExactly("/data/lost", "/tmp/kept");
            // Looked up in a tmpfs that nobody else has any more.
            assertThat(at(account, "/tmp/kept").gone()).isFalse();
            assertThat(at(account, "/data/lost").gone()).isTrue();
            assertThat(account.gaps())
                    .extracting(ObservationGap::kind)
                    .containsExactly(ObservationGap.Kind.ENDED);
        }
    }

    @Test
    void aProcessThatIsNotTheContainersIsNotWatched() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver other = WriteObserver.begin(cell.pid(), "0".repeat(64), true);
                WriteObserver none = WriteObserver.begin(0, cell.id(), true)) {
            assertThat(other.tally().ended()).isTrue();
            assertThat(other.end().gaps())
                    .extracting(ObservationGap::kind)
                    .containsExactlyInAnyOrder(
                            ObservationGap.Kind.UNSEEN, ObservationGap.Kind.UNWATCHED);
            assertThat(other.end().gaps().getFirst().why())
                    .startsWith("process " + cell.pid() + " is none of it here");
            assertThat(none.end().gaps().getFirst().why()).isEqualTo("it is not running");
        }
    }

    @Test
    void aFloodInOneDirectoryHidesNoFileInAnother() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            cell.runs(
                    """
                    mkdir /tmp/flood /tmp/quiet
                    i=0
                    while [ $i -lt 60000 ]; do echo x >/tmp/flood/$i; i=$((i + 1)); done
                    echo x >/tmp/quiet/file
                    while [ $i -lt 90000 ]; do echo x >/tmp/flood/$i; i=$((i + 1)); done
                    """);
            WriteObservations account = lookout.end();
            assertThat(at(account, "/tmp/quiet/file").times()).isPositive();
            assertThat(at(account, "/tmp/flood").type()).isEqualTo(FileType.DIRECTORY);
            assertThat(account.written().size()).isLessThan(1100);
            assertThat(account.gaps())
                    .extracting(ObservationGap::kind)
                    .containsExactly(ObservationGap.Kind.CROWD);
        }
    }

    @Test
    void deepTreesAndLongNamesAreSeenAsFarAsTheKernelHasNames() throws Exception {
        try (Cell cell = Cell.start(SETUP);
                WriteObserver lookout = watch(cell)) {
            String name = "n".repeat(200);
            cell.runs(
                    """
                    cd /data
                    for i in $(seq 15); do mkdir %1$s; cd %1$s; done
                    echo x >deep
                    for i in $(seq 15); do mkdir %1$s; cd %1$s; done
                    echo x >deeper%1$s
                    sleep 0.3; true
                    """
                            .formatted(name));
            WriteObservations account = lookout.end();
            assertThat(paths(account)).containsExactly("/data" + ("/" + name).repeat(15) + "/deep");
            assertThat(account.gaps())
                    .singleElement()
                    .isEqualTo(
                            new ObservationGap(
                                    ObservationGap.Kind.OVERFLOW,
                                    "1 writes went to files that could not be looked at, or whose"
                                            + " names are too long"));
        }
    }

    @Test
    void aQueueThatOverflowsIsReported() throws Exception {
        Path most = Path.of("/proc/sys/fs/fanotify/max_queued_events");
        // In one go: whoever reads a sysctl bit by bit gets no more than the first one.
        String before = Files.readAllLines(most).getFirst();
        try (Cell cell = Cell.start(SETUP)) {
            Files.writeString(most, "4");
            WriteObserver lookout;
            try {
                lookout = watch(cell);
            } finally {
                Files.writeString(most, before);
            }
            try (lookout) {
                cell.runs("for i in 1 2 3 4 5 6 7 8 9; do echo x >/tmp/$i; done");
                assertThat(lookout.end().gaps())
                        .extracting(ObservationGap::kind)
                        .containsExactly(ObservationGap.Kind.OVERFLOW);
            }
        }
    }

    @Test
    void nothingIsLeftOpen() throws Exception {
        try (Cell cell = Cell.start(SETUP)) {
            watch(cell).close();
            long before = descriptors();
            for (int i = 0; i < 20; i++) {
                try (WriteObserver lookout = watch(cell)) {
                    lookout.end();
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

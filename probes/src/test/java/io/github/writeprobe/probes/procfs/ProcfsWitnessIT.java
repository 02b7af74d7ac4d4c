package io.github.writeprobe.probes.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.container.ContainerProcessHandle;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The procfs witness on a process in its own namespaces. Needs root.
class ProcfsWitnessIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(6);
    private static final String MOUNTS =
            """
            mkdir -p ro noexec owned
            mount -t tmpfs -o mode=1777 t tmp
            mount -t tmpfs -o ro t ro
            mount -t tmpfs -o noexec,mode=1777 t noexec
            mount -t tmpfs -o uid=7,gid=7,mode=700 t owned
            echo content >file; chmod 644 file; cp file file2
            : >mounted; : >mounted-ro
            mount --bind file mounted
            mount --bind file2 mounted-ro; mount -o remount,bind,ro mounted-ro
            mkfifo pipe
            ln -s /tmp link; ln -s /nowhere dangling; ln -s loop loop; ln -s /mounted filelink
            """;

    private static ProcfsWitness witness;

    @BeforeAll
    static void open() {
        witness = ProcfsWitness.open();
        assertThat(witness.unavailableReason()).isEmpty();
    }

    @AfterAll
    static void close() {
        witness.close();
    }

    private static List<ProbeResult> probe(TestContainer container, String... paths)
            throws Exception {
        return witness.probe(container.pid(), container.id(), List.of(paths), TIMEOUT);
    }

    private static PathObservation at(ProbeResult t, String path) {
        return t.observations().stream()
                .filter(o -> o.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing at " + path + " in " + t));
    }

    private static WriteResult refused(Errno errno) {
        return new WriteResult.Refused(errno, false, "");
    }

    private static WriteResult inconclusive(InconclusiveCause cause, String detail) {
        return new WriteResult.Inconclusive(cause, detail);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> names = Files.list(directory)) {
            return names.toList();
        }
    }

    @Test
    void whatIsMountedIsTriedAndWhatIsThereIsLeftAlone() throws Exception {
        try (TestContainer container = TestContainer.start(MOUNTS)) {
            List<ProbeResult> results =
                    probe(container, "/", "/none", "/file", "/pipe", "/link", "/dangling", "/loop");
            assertThat(results)
                    .extracting(ProbeResult::identity)
                    .containsExactly(ProbeIdentity.SERVICE, ProbeIdentity.ROOT);
            for (ProbeResult t : results) {
                assertThat(t.trouble()).isEmpty();
                assertThat(at(t, "/").write()).isEqualTo(new WriteResult.Writable());
                assertThat(at(t, "/").execute()).isEqualTo(new FileExecutionResult.Ran());
                assertThat(at(t, "/tmp").write()).isEqualTo(new WriteResult.Writable());
                assertThat(at(t, "/ro").write()).isEqualTo(refused(Errno.EROFS));
                assertThat(at(t, "/noexec").execute())
                        .isEqualTo(new FileExecutionResult.Refused(Errno.EACCES));
                assertThat(at(t, "/mounted").write()).isEqualTo(new WriteResult.Writable());
                assertThat(at(t, "/mounted-ro").write()).isEqualTo(refused(Errno.EROFS));
                assertThat(at(t, "/none").write()).isEqualTo(new WriteResult.Absent());
                assertThat(at(t, "/file").write())
                        .isEqualTo(inconclusive(InconclusiveCause.IMAGE_FILE, ""));
                assertThat(at(t, "/pipe").write())
                        .isEqualTo(inconclusive(InconclusiveCause.SPECIAL_FILE, ""));
                assertThat(at(t, "/link").resolved()).isEqualTo("/tmp");
                assertThat(at(t, "/link").write()).isEqualTo(new WriteResult.Writable());
                assertThat(at(t, "/dangling").write()).isInstanceOf(WriteResult.Inconclusive.class);
                assertThat(at(t, "/loop").write()).isInstanceOf(WriteResult.Inconclusive.class);
            }
            assertThat(Files.readString(container.root().resolve("file"))).isEqualTo("content\n");
        }
    }

    @Test
    void probesUseTheCapabilitiesOfTheProcess() throws Exception {
        try (TestContainer container = TestContainer.start(MOUNTS)) {
            ProbeResult root = probe(container).getFirst();
            assertThat(at(root, "/owned").write()).isEqualTo(new WriteResult.Writable());
            assertThat(at(root, "/owned").uid()).hasValue(0);
        }
        try (TestContainer container =
                TestContainer.start(
                        MOUNTS, "setpriv", "--bounding-set", "-dac_override,-dac_read_search")) {
            List<ProbeResult> weak = probe(container);
            for (ProbeResult t : weak) {
                assertThat(at(t, "/owned").write()).isEqualTo(refused(Errno.EACCES));
                assertThat(at(t, "/tmp").write()).isEqualTo(new WriteResult.Writable());
            }
        }
    }

    /// FUSE does not support unnamed files, so a named file is created and removed. That is not
    /// done on a mount below a requested one, which belongs to the host or to another container.
    @Test
    void whereThereAreNoUnnamedFilesOneWithANameComesAndGoes() throws Exception {
        String fuse = "mkdir back fuse data/below; bindfs back fuse; bindfs back data/below\n";
        try (TestContainer container =
                TestContainer.start(MOUNTS + "mount -t tmpfs t data; " + fuse)) {
            Path back = Path.of("/proc/" + container.pid() + "/root/back");
            for (ProbeResult t : probe(container, "/", "/data")) {
                assertThat(at(t, "/fuse").write()).isEqualTo(new WriteResult.Writable());
                assertThat(at(t, "/data/below").write())
                        .isInstanceOfSatisfying(
                                WriteResult.Inconclusive.class,
                                i ->
                                        assertThat(i.cause())
                                                .isEqualTo(InconclusiveCause.UNEXPECTED_ERROR));
                assertThat(t.leftovers()).isEmpty();
            }
            // A FUSE server learns with a delay that a file was closed, and until then keeps it
            // under a hidden name.
            for (int i = 0; i < 50 && !list(back).isEmpty(); i++) {
                Thread.sleep(100);
            }
            assertThat(list(back)).isEmpty();
        }
    }

    /// Root of a user namespace overrides permissions, but only for files of users that are mapped
    /// there.
    @Test
    void userNamespaceCapabilitiesApplyOnlyToMappedOwners() throws Exception {
        try (TestContainer container =
                TestContainer.start(
                        "mkdir mine theirs; mount -t tmpfs t tmp",
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount")) {
            Path mine = container.root().resolve("mine");
            Path theirs = container.root().resolve("theirs");
            Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("r-x------"));
            Files.setAttribute(theirs, "unix:uid", 7);
            for (ProbeResult t : probe(container, "/mine", "/theirs")) {
                assertThat(at(t, "/mine").uid()).hasValue(0);
                assertThat(at(t, "/mine").write()).isEqualTo(new WriteResult.Writable());
                assertThat(at(t, "/theirs").write()).isEqualTo(refused(Errno.EACCES));
                assertThat(at(t, "/tmp").write()).isEqualTo(new WriteResult.Writable());
            }
        }
    }

    @Test
    void pathsThatAreNoneAreNotTried() throws Exception {
        try (TestContainer container = TestContainer.start(MOUNTS)) {
            String endless = "/" + "x".repeat(5000);
            ProbeResult t =
                    probe(container, "tmp", endless, "/file/below", "/proc/nothing").getFirst();
            assertThat(t.observations()).noneMatch(o -> o.path().equals("tmp"));
            assertThat(at(t, endless).write())
                    .isEqualTo(inconclusive(InconclusiveCause.UNEXPECTED_ERROR, "ENAMETOOLONG"));
            assertThat(at(t, "/file/below").write()).isEqualTo(new WriteResult.Absent());
        }
    }

    @Test
    void noProcessButTheContainersIsProbed() throws Exception {
        try (TestContainer one = TestContainer.start("");
                TestContainer other = TestContainer.start("")) {
            for (long pid : new long[] {one.pid(), ProcessHandle.current().pid(), 0, 1 << 22}) {
                ProbeResult result =
                        witness.probe(pid, other.id(), List.of("/"), TIMEOUT).getFirst();
                assertThat(result.observations()).isEmpty();
                assertThat(result.trouble().orElseThrow().cause())
                        .isEqualTo(InconclusiveCause.UNREACHABLE);
            }
        }
    }

    /// A pinned target is the process, not its PID.
    @Test
    void endedPinnedProcessIsUnreadable() throws Exception {
        LinuxSyscalls kernel = new LinuxSyscalls(Abi.detect().orElseThrow());
        try (TestContainer container = TestContainer.start("");
                ContainerProcessHandle target =
                        ContainerProcessHandle.pin(kernel, "/proc", container.pid(), container.id())
                                .orElseThrow()) {
            assertThat(target.mountTableText()).isPresent();
            container.kill();
            assertThat(target.mountTableText().filter(t -> !t.isEmpty())).isEmpty();
            assertThat(target.status()).isEmpty();
            assertThat(kernel.open(target.directory(), "root", LinuxSyscalls.O_PATH, 0))
                    .isNegative();
        }
    }

    @Test
    void theThreadIsItselfAgainAfterwards() throws Exception {
        LinuxSyscalls kernel = new LinuxSyscalls(Abi.detect().orElseThrow());
        String mine = "/proc/thread-self/status";
        String before = identity(kernel, mine);
        ProcessStatus self =
                kernel.readText(LinuxSyscalls.AT_FDCWD, mine, 1 << 16)
                        .flatMap(ProcessStatus::parse)
                        .orElseThrow();
        ThreadCredentials threadCredentials = new ThreadCredentials(kernel, self);
        FileAccessCredentials other =
                new FileAccessCredentials(
                        OptionalInt.of(1000), 1000, 1001, List.of(1002, 1003), 0, false);
        for (int i = 0; i < 100; i++) {
            assertThat(threadCredentials.assume(other)).isTrue();
            assertThat(identity(kernel, mine)).contains("1000", "1001", "1002 1003");
            threadCredentials.restore(other);
            assertThat(identity(kernel, mine)).isEqualTo(before);
        }
        // Credentials that differ in only one part.
        FileAccessCredentials less =
                new FileAccessCredentials(
                        OptionalInt.of(0), self.uid(), self.gid(), self.groups(), 1, false);
        for (FileAccessCredentials one :
                List.of(
                        less,
                        new FileAccessCredentials(
                                OptionalInt.of(0), self.uid(), 1001, self.groups(), 0, false),
                        new FileAccessCredentials(
                                OptionalInt.of(0), self.uid(), self.gid(), List.of(1), 0, false),
                        new FileAccessCredentials(
                                OptionalInt.of(1), 1000, self.gid(), self.groups(), 0, false))) {
            assertThat(threadCredentials.assume(one)).isTrue();
            assertThat(identity(kernel, mine)).isNotEqualTo(before);
            threadCredentials.restore(one);
            assertThat(identity(kernel, mine)).isEqualTo(before);
        }
    }

    private static String identity(LinuxSyscalls kernel, String file) {
        return kernel.readText(LinuxSyscalls.AT_FDCWD, file, 1 << 16)
                .orElseThrow()
                .lines()
                .filter(l -> l.matches("(Uid|Gid|Groups|CapEff|CapPrm):.*"))
                .reduce("", (a, b) -> a + b + "\n");
    }

    /// A filesystem whose server never answers, held open by a process of the test.
    @Test
    void whatHangsIsAbandonedAndTheRestGoesOn() throws Exception {
        String hang =
                """
                mkdir hang
                exec 3<>/dev/fuse
                mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 x hang
                """;
        try (TestContainer container = TestContainer.start(MOUNTS + hang);
                TestContainer other = TestContainer.start("")) {
            long from = System.nanoTime();
            ProbeResult t = probe(container, "/", "/hang").getFirst();
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(TIMEOUT);
            assertThat(at(t, "/hang").write())
                    .isEqualTo(
                            inconclusive(
                                    InconclusiveCause.TIMED_OUT, "its filesystem does not answer"));
            assertThat(at(t, "/ro").write()).isEqualTo(refused(Errno.EROFS));
            for (int i = 0; i < 50; i++) {
                assertThat(at(probe(container, "/").getFirst(), "/ro").write())
                        .isEqualTo(refused(Errno.EROFS));
                assertThat(at(probe(other, "/").getFirst(), "/").write())
                        .isEqualTo(new WriteResult.Writable());
            }
            assertThat(threads("procfs-")).isLessThanOrEqualTo(16);

            container.runBusybox("umount", "-f", "-l", container.root().resolve("hang").toString());
            for (int i = 0; i < 50 && hasTimedOut(probe(container, "/", "/hang")); i++) {
                Thread.sleep(100);
            }
            assertThat(hasTimedOut(probe(container, "/", "/hang"))).isFalse();
        }
    }

    @Test
    void containersAfterOneThatHangsAreProbedAllTheSame() throws Exception {
        String hang =
                """
                mkdir hang
                exec 3<>/dev/fuse
                mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 x hang
                """;
        try (TestContainer first = TestContainer.start("");
                TestContainer container = TestContainer.start(hang);
                TestContainer last = TestContainer.start("")) {
            List<ProcfsWitness.ProcfsRequest> requests =
                    Stream.of(first, container, last)
                            .map(c ->
                                    new ProcfsWitness.ProcfsRequest(c.pid(), c.id(), List.of("/")))
                            .toList();
            for (int i = 0; i < 20; i++) {
                List<List<ProbeResult>> results = witness.recheck(requests, TIMEOUT);
                assertThat(results).hasSize(3);
                assertThat(hasTimedOut(results.get(1))).isTrue();
                assertThat(at(results.get(0).getFirst(), "/").write())
                        .isEqualTo(new WriteResult.Writable());
                assertThat(at(results.get(1).getFirst(), "/").write())
                        .isEqualTo(new WriteResult.Writable());
                assertThat(at(results.get(2).getFirst(), "/").write())
                        .isEqualTo(new WriteResult.Writable());
            }
            assertThat(threads("procfs-")).isLessThanOrEqualTo(16);
            container.runBusybox("umount", "-f", "-l", container.root().resolve("hang").toString());
        }
    }

    private static boolean hasTimedOut(List<ProbeResult> results) {
        return at(results.getFirst(), "/hang").write() instanceof WriteResult.Inconclusive i
                && i.cause() == InconclusiveCause.TIMED_OUT;
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith(prefix))
                .count();
    }

    /// Probes in a loop until it is killed.
    static final class Loop {
        private Loop() {}

        public static void main(String[] args) throws Exception {
            ProcfsWitness endless = ProcfsWitness.open();
            for (int i = 0; i < 8; i++) {
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                while (true) {
                                    endless.probe(
                                            Long.parseLong(args[0]),
                                            args[1],
                                            List.of("/", "/data", "/usr"),
                                            TIMEOUT);
                                    System.out.write('.');
                                    System.out.flush();
                                }
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
            }
        }
    }

    /// Eight threads probe all the time, so each kill interrupts eight probes, each at a different
    /// step.
    @Test
    void killingItAtAnyMomentLeavesNothing() throws Exception {
        try (TestContainer container = TestContainer.start(MOUNTS)) {
            for (int i = 0; i < Integer.getInteger("interrupt.times", 15); i++) {
                List<String> command = new ArrayList<>();
                command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(
                        List.of(
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xshare:auto",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Loop.class.getName(),
                                Long.toString(container.pid()),
                                container.id()));
                Process loop =
                        new ProcessBuilder(command)
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .start();
                assertThat(loop.getInputStream().read()).isEqualTo('.');
                Thread.sleep(ThreadLocalRandom.current().nextInt(20));
                loop.destroyForcibly().waitFor();
            }
            Path inside = Path.of("/proc/" + container.pid() + "/root");
            for (String directory : List.of("", "tmp", "noexec", "data", "usr", "owned")) {
                try (Stream<Path> names = Files.list(inside.resolve(directory))) {
                    assertThat(names.map(Path::toString)).noneMatch(n -> n.contains("writeprobe"));
                }
            }
        }
    }
}

package io.github.writeprobe.probes.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.DeviceNode;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.OtherMountNamespace;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.container.OciRootfsFinder;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether the processes of a container are in the namespaces that were created for it, and which
/// other namespaces they created for themselves.
class NamespacesIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(9);
    private static final String[] OWN_PIDS = {"unshare", "--pid", "--fork"};

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

    private static ProbeResult probe(TestContainer container, boolean mayMount, String sandbox)
            throws Exception {
        return witness.probe(
                        new ProcfsWitness.ProcfsRequest(
                                container.pid(),
                                container.id(),
                                List.of("/", "/ro"),
                                sandbox,
                                mayMount,
                                ProcfsWitness.DEFAULT_FULL_INTERVAL),
                        TIMEOUT)
                .getLast();
    }

    private static ProbeResult probe(TestContainer container) throws Exception {
        return probe(container, true, "");
    }

    private static WriteResult at(ProbeResult t, String path) {
        return t.observations().stream()
                .filter(o -> o.path().equals(path))
                .map(PathObservation::write)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing at " + path + " in " + t));
    }

    private static void assertForeign(ProbeResult t, String reason) {
        assertThat(t.trouble().orElseThrow().cause()).isEqualTo(InconclusiveCause.NAMESPACE);
        assertThat(t.trouble().orElseThrow().detail()).contains(reason);
        assertThat(t.observations()).isEmpty();
    }

    @Test
    void theRootOfTheNamespaceIsLookedAtWhateverTheProcessCallsItsRoot() throws Exception {
        try (TestContainer container =
                TestContainer.startWithCommand(
                        "/bin/busybox chroot /ro/d /busybox sleep 600",
                        "mkdir ro; mount -t tmpfs t ro; mkdir ro/d; cp /bin/busybox ro/d;"
                                + " mount -o remount,ro ro")) {
            for (int i = 0; i < 2; i++) {
                ProbeResult t = probe(container);
                assertThat(t.trouble()).isEmpty();
                assertThat(at(t, "/")).isEqualTo(new WriteResult.Writable());
                assertThat(at(t, "/ro")).isEqualTo(new WriteResult.Refused(Errno.EROFS, false, ""));
                assertThat(t.mounts().entries())
                        .extracting(MountEntry::mountPoint)
                        .contains("/", "/ro");
            }
        }
    }

    @Test
    void rootNotNamedInTheBundleIsForeign() throws Exception {
        try (TestContainer container = TestContainer.start("")) {
            Path config = container.bundle().resolve("config.json");
            Files.writeString(config, Files.readString(config).replace("/rootfs", ""));
            assertForeign(probe(container), "is not the one that the engine created");
            ProbeResult sandboxed = probe(container, true, "runsc");
            assertThat(sandboxed.trouble().orElseThrow().cause())
                    .isEqualTo(InconclusiveCause.UNREACHABLE);
            assertThat(sandboxed.trouble().orElseThrow().detail()).contains("runsc");
        }
    }

    /// If the bundle cannot be read, the result depends on whether the process may change mounts.
    @Test
    void withoutBundleOnlyProcessesThatCannotMountAreProbed() throws Exception {
        try (TestContainer container = TestContainer.start("mkdir ro", OWN_PIDS);
                TestContainer shared = TestContainer.start("")) {
            Files.delete(container.bundle().resolve("config.json"));
            Files.delete(shared.bundle().resolve("config.json"));
            assertForeign(probe(container, true, ""), "its root filesystem cannot be identified");
            assertThat(at(probe(container, false, ""), "/")).isEqualTo(new WriteResult.Writable());
            assertForeign(probe(shared, false, ""), "its root filesystem cannot be identified");
        }
    }

    @Test
    void undeclaredUserNamespaceIsForeign() throws Exception {
        try (TestContainer container =
                TestContainer.start("", "unshare", "--user", "--map-root-user", "--mount")) {
            assertThat(probe(container).trouble()).isEmpty();
            Path config = container.bundle().resolve("config.json");
            Files.writeString(config, Files.readString(config).replace("\"user\"", "\"mount\""));
            ProbeResult t =
                    ProcfsWitness.open()
                            .probe(container.pid(), container.id(), List.of("/"), TIMEOUT)
                            .getFirst();
            assertForeign(t, "in its own user namespace");
        }
    }

    @Test
    void aProcessInTheMountsOfThisOneIsNeverProbed() throws Exception {
        try (TestContainer container = TestContainer.start("")) {
            Path bundle = Files.createDirectory(container.bundle().resolveSibling("0".repeat(64)));
            Files.writeString(bundle.resolve("config.json"), "{\"root\":{\"path\":\"/\"}}");
            Process process =
                    new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; wait")
                            .directory(bundle.toFile())
                            .start();
            long pid = Long.parseLong(process.inputReader().readLine());
            try {
                ProbeResult t =
                        witness.probe(pid, "0".repeat(64), List.of("/", "/tmp"), TIMEOUT)
                                .getFirst();
                assertForeign(t, "");
            } finally {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
        }
    }

    private static List<OtherMountNamespace> views(ProbeResult t) {
        return t.facts().otherViews();
    }

    private static List<String> doubts(ProbeResult t) {
        return t.facts().doubts();
    }

    /// The first result that fulfils a condition, or the last result if none does. Processes are
    /// scanned once a second, and take some time to start.
    private static ProbeResult probeUntil(TestContainer container, Predicate<ProbeResult> condition)
            throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        ProbeResult result = probe(container);
        while (!condition.test(result) && System.nanoTime() < end) {
            Thread.sleep(100);
            result = probe(container);
        }
        return result;
    }

    private static String unshareCommand(String busybox) {
        return "/bin/busybox unshare -m /bin/busybox sh -c '/bin/busybox mount -o remount,rw t /ro;"
                + " /bin/busybox mount -t tmpfs t /mine; exec "
                + busybox
                + " sleep 600'";
    }

    /// In a thread of a process, in a process in its PID namespace, and in a chroot there.
    @Test
    void writableMountsInOtherViewsAreFound() throws Exception {
        String setup = "mkdir ro mine; mount -t tmpfs -o ro t ro; mkdir d; cp /bin/busybox d/\n";
        try (TestContainer container = TestContainer.start(setup, OWN_PIDS)) {
            assertThat(views(probe(container))).isEmpty();
            for (String as : List.of("/bin/busybox", "/bin/busybox chroot /d /busybox")) {
                Process other = startInPidNamespace(container, unshareCommand(as));
                try {
                    List<OtherMountNamespace> views =
                            views(probeUntil(container, t -> views(t).size() == 1));
                    assertThat(views).hasSize(1);
                    assertThat(views.getFirst().mounts())
                            .extracting(m -> m.entry().mountPoint())
                            .contains("/mine");
                    assertThat(views.getFirst().mounts())
                            .extracting(m -> m.observation().write())
                            .contains(new WriteResult.Writable());
                } finally {
                    kill(other);
                }
            }
            assertThat(views(probeUntil(container, t -> views(t).isEmpty()))).isEmpty();
        }
    }

    private static Path compileProgram(Path directory) throws Exception {
        Path program = directory.resolve("namespaces");
        Process cc =
                new ProcessBuilder(
                                "cc",
                                "-static",
                                "-pthread",
                                "-o",
                                program.toString(),
                                "../agent/src/test/c/namespaces.c")
                        .inheritIO()
                        .start();
        assertThat(cc.waitFor()).isZero();
        return program;
    }

    @Test
    void threadOfAZombieProcessIsFound(@TempDir Path directory) throws Exception {
        String setup =
                "mkdir ro; mount -t tmpfs t ro; mount -o remount,bind,ro ro; cp "
                        + compileProgram(directory)
                        + " bin/\n";
        try (TestContainer container = TestContainer.start(setup, OWN_PIDS)) {
            Process other = startInPidNamespace(container, "exec /bin/namespaces zombie /ro");
            try {
                ProbeResult t = probeUntil(container, result -> !views(result).isEmpty());
                assertThat(views(t))
                        .singleElement()
                        .satisfies(v ->
                                assertThat(v.mounts().getFirst().observation().write())
                                        .isEqualTo(new WriteResult.Writable()));
            } finally {
                kill(other);
            }
        }
    }

    /// A user namespace that the first process creates for itself proves nothing about the other
    /// processes.
    @Test
    void aUserNamespaceOfItsOwnIsNotTheContainers(@TempDir Path directory) throws Exception {
        String setup = "cp " + compileProgram(directory) + " bin/\n";
        try (TestContainer container =
                TestContainer.startWithCommand("/bin/namespaces over 600", setup)) {
            KernelFacts facts =
                    probeUntil(container, t -> t.facts().boundingSet().orElse(0) != 0).facts();
            assertThat(facts.userNamespace()).isFalse();
            assertThat(facts.boundingSet().orElse(0)).isNotZero();
        }
    }

    /// An overlay shows its upper and lower directories.
    @Test
    void theLayersOfAnOverlayAreOfTheHost(@TempDir Path host) throws Exception {
        Files.createDirectory(host.resolve("upper"));
        Files.createDirectory(host.resolve("work"));
        String setup =
                "mkdir o; mount -t overlay -o lowerdir=/usr/share,upperdir=%1$s/upper,workdir=%1$s/work o o"
                        .formatted(host);
        try (TestContainer container = TestContainer.start(setup)) {
            ProbeResult t = probe(container);
            assertThat(t.facts().hostPaths().get(id(t, "/o")))
                    .contains(host.resolve("upper").toString(), "/usr/share");
        }
    }

    /// A process whose first thread has ended cannot be distinguished from one that hides.
    @Test
    void firstProcessWithEndedFirstThreadIsNotRunning(@TempDir Path directory) throws Exception {
        String setup = "cp " + compileProgram(directory) + " bin/\n";
        try (TestContainer container =
                TestContainer.startWithCommand("/bin/namespaces quiet 600", setup)) {
            run("kill", "-s", "USR1", Long.toString(container.pid()));
            ProbeResult t = probeUntil(container, result -> result.trouble().isPresent());
            assertThat(t.trouble().orElseThrow().cause()).isEqualTo(InconclusiveCause.NOT_RUNNING);
        }
    }

    @Test
    void aThreadWithAViewOfItsOwnIsFound(@TempDir Path directory) throws Exception {
        Path program = compileProgram(directory);
        String setup =
                "mkdir ro; mount -t tmpfs t ro; mount -o remount,bind,ro ro; cp "
                        + program
                        + " bin/\n";
        try (TestContainer container = TestContainer.start(setup)) {
            Process other = container.startScript("exec /bin/namespaces thread /ro");
            try {
                ProbeResult t = probeUntil(container, result -> !views(result).isEmpty());
                assertThat(at(t, "/ro")).isEqualTo(new WriteResult.Refused(Errno.EROFS, false, ""));
                assertThat(views(t))
                        .singleElement()
                        .satisfies(v -> {
                            assertThat(v.command()).isEqualTo("namespaces");
                            assertThat(v.mounts())
                                    .singleElement()
                                    .satisfies(m -> {
                                        assertThat(m.entry().mountPoint()).isEqualTo("/ro");
                                        assertThat(m.observation().write())
                                                .isEqualTo(new WriteResult.Writable());
                                    });
                        });
            } finally {
                kill(other);
            }
        }
    }

    @Test
    void aProcessInAUserNamespaceWithMountsOfItsOwnIsADoubt() throws Exception {
        try (TestContainer container = TestContainer.start("", OWN_PIDS)) {
            Process other =
                    startInPidNamespace(
                            container,
                            "/bin/busybox unshare -U -m /bin/busybox sh -c 'exec /bin/busybox sleep 600'");
            try {
                Predicate<String> expected =
                        d -> d.contains("in its own user namespace") && d.contains("(busybox)");
                assertThat(
                                doubts(
                                        probeUntil(
                                                container,
                                                t -> doubts(t).stream().anyMatch(expected))))
                        .anyMatch(expected);
            } finally {
                kill(other);
            }
        }
    }

    @Test
    void moreNamespacesThanAreLookedIntoAreADoubt() throws Exception {
        // A shell gives background commands /dev/null as standard input.
        try (TestContainer container = TestContainer.start("mkdir dev; : >dev/null", OWN_PIDS)) {
            Process other =
                    startInPidNamespace(
                            container,
                            "i=0; while [ $i -lt 66 ]; do i=$((i + 1));"
                                    + " /bin/busybox unshare -m /bin/busybox sleep 600 & done; wait");
            try {
                assertThat(doubts(probeUntil(container, t -> !doubts(t).isEmpty())))
                        .singleElement()
                        .asString()
                        .contains("more than 64 mount namespaces");
            } finally {
                kill(other);
            }
        }
    }

    /// Too many mounts, or too large a table, in a mount namespace other than the first process's.
    @Test
    void mountsOfAnotherNamespaceAreBoundedToo() throws Exception {
        String mounts =
                "/bin/busybox unshare -m /bin/busybox sh -c '/bin/busybox mount -t tmpfs t /data;"
                        + " d=/data%1$s; /bin/busybox mkdir -p $d; i=0; while [ $i -lt %2$d ];"
                        + " do i=$((i + 1)); : >$d/$i; /bin/busybox mount --bind $d/$i $d/$i;"
                        + " done; exec /bin/busybox sleep 600'";
        String deep = "/%1$s/%1$s/%1$s".formatted("n".repeat(240));
        Map<String, String> doubts =
                Map.of(
                        mounts.formatted("", 260),
                        "has more mounts of its own than can be probed",
                        mounts.formatted(deep, 800),
                        "the mount table of process");
        for (Map.Entry<String, String> doubt : doubts.entrySet()) {
            try (TestContainer container = TestContainer.start("", OWN_PIDS)) {
                Process other = startInPidNamespace(container, doubt.getKey());
                try {
                    Predicate<String> expected = d -> d.contains(doubt.getValue());
                    assertThat(
                                    doubts(
                                            probeUntil(
                                                    container,
                                                    t -> doubts(t).stream().anyMatch(expected))))
                            .anyMatch(expected);
                } finally {
                    kill(other);
                }
            }
        }
    }

    private static Process startInPidNamespace(TestContainer container, String script)
            throws IOException {
        return new ProcessBuilder(
                        "nsenter",
                        "--mount",
                        "--pid",
                        "--root",
                        "--wd=/",
                        "--target",
                        Long.toString(container.pid()),
                        "/bin/busybox",
                        "sh",
                        "-c",
                        script)
                .redirectErrorStream(true)
                .start();
    }

    private static void kill(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    /// Sockets in a container's mounts of host directories, found by name and by the configured
    /// engine.
    @Test
    void socketsOfEnginesAreFoundInWhatItHasOfTheHost(@TempDir Path host) throws Exception {
        Path deep = Files.createDirectories(host.resolve("deep/er"));
        Path configuredSocket = deep.resolve("asked");
        Path wellKnownSocket = Files.createDirectory(host.resolve("docker")).resolve("docker.sock");
        try (ServerSocketChannel one = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ProcfsWitness separateWitness = ProcfsWitness.open();
                TestContainer container =
                        TestContainer.start(
                                "mkdir all deep empty; mount --bind %1$s all; mount --bind %1$s/deep deep; mount --bind /etc empty"
                                        .formatted(host))) {
            one.bind(UnixDomainSocketAddress.of(configuredSocket));
            separateWitness.addEngineSocket(configuredSocket.toString());
            other.bind(UnixDomainSocketAddress.of(wellKnownSocket));
            for (int i = 0; i < 2; i++) {
                ProbeResult t =
                        separateWitness
                                .probe(container.pid(), container.id(), List.of("/"), TIMEOUT)
                                .getFirst();
                Map<String, Integer> ids =
                        Map.of(
                                "all",
                                id(t, "/all"),
                                "deep",
                                id(t, "/deep"),
                                "empty",
                                id(t, "/empty"));
                KernelFacts facts = t.facts();
                assertThat(facts.hostPaths().get(ids.get("all"))).contains(host.toString());
                assertThat(facts.hostPaths().get(ids.get("empty"))).contains("/etc");
                assertThat(facts.engineSockets()).containsKey(ids.get("all"));
                assertThat(facts.configuredSockets()).containsKeys(ids.get("all"), ids.get("deep"));
                assertThat(facts.engineSockets()).doesNotContainKey(ids.get("empty"));
                assertThat(facts.configuredSockets()).doesNotContainKey(ids.get("empty"));
            }
        }
    }

    private static int id(ProbeResult t, String mountPoint) {
        return t.mounts().mountAt(mountPoint).orElseThrow().id();
    }

    @Test
    void devicesAreWhatTheyAreAndNotWhatTheyAreCalled(@TempDir Path directory) throws Exception {
        Path dev = Files.createDirectories(directory.resolve("dev/below"));
        run("mknod", dev.resolve("disk").toString(), "b", "7", "123");
        run("mknod", directory.resolve("dev/zero").toString(), "c", "1", "5");
        Files.createSymbolicLink(directory.resolve("link"), dev.resolve("disk"));
        Files.createSymbolicLink(directory.resolve("dev/ignored"), dev.resolve("disk"));
        Files.writeString(directory.resolve("file"), "no device");
        DeviceFacts facts =
                witness.devices(
                        List.of(
                                directory.resolve("link").toString(),
                                directory.resolve("dev").toString(),
                                directory.resolve("file").toString(),
                                directory.resolve("nothing").toString()),
                        TIMEOUT);
        DeviceNode disk = new DeviceNode(true, 7, 123);
        assertThat(facts.nodes().get(directory.resolve("link").toString())).containsExactly(disk);
        assertThat(facts.nodes().get(directory.resolve("dev").toString()))
                .containsExactlyInAnyOrder(disk, new DeviceNode(false, 1, 5));
        assertThat(facts.nodes())
                .doesNotContainKeys(
                        directory.resolve("file").toString(),
                        directory.resolve("nothing").toString());
        assertThat(facts.drivers()).containsEntry(1, "mem");
    }

    /// conmon gets its bundle by an option, and `root.path` may be relative to the bundle.
    @Test
    void theBundleIsFoundByAnOptionToo(@TempDir Path directory) throws Exception {
        LinuxSyscalls kernel = new LinuxSyscalls(Abi.detect().orElseThrow());
        OciRootfsFinder bundles = new OciRootfsFinder(kernel, kernel.files());
        String id = "5".repeat(64);
        Path bundle = Files.createDirectories(directory.resolve(id).resolve("userdata"));
        Path rootfs = Files.createDirectory(bundle.resolve("rootfs"));
        for (String option : List.of("-b", "--bundle")) {
            Process starter =
                    new ProcessBuilder("sh", "-c", "read x", "conmon", option, bundle.toString())
                            .start();
            long process =
                    kernel.open(
                            LinuxSyscalls.AT_FDCWD,
                            "/proc/" + starter.pid(),
                            LinuxSyscalls.O_PATH,
                            0);
            try {
                Files.deleteIfExists(bundle.resolve("config.json"));
                assertThat(bundles.find((int) process, id)).isEmpty();
                Files.writeString(bundle.resolve("config.json"), "{\"root\":{\"path\":\"none\"}}");
                assertThat(bundles.find((int) process, id)).isEmpty();
                Files.writeString(
                        bundle.resolve("config.json"),
                        "{\"root\":{\"path\":\"rootfs\"},\"linux\":{\"namespaces\":[{\"type\":\"user\"}]}}");
                OciRootfsFinder.Made made = bundles.find((int) process, id).orElseThrow();
                assertThat(made.userNamespace()).isTrue();
                assertThat(made.root().inode()).isEqualTo(Files.getAttribute(rootfs, "unix:ino"));
                assertThat(bundles.find((int) process, "6".repeat(64))).isEmpty();
                starter.destroyForcibly().waitFor();
                assertThat(bundles.find((int) process, id)).isEmpty();
            } finally {
                kernel.close(process);
                starter.destroyForcibly();
            }
        }
    }

    /// `/dev/null` over a file in `/proc` is a mask; a directory with that name is not.
    @Test
    void masksAreDevicesAndNothingElse() throws Exception {
        String setup =
                """
                mkdir proc sys dev; mount -t proc p proc; mount -t tmpfs d dev
                mknod dev/null c 1 3; mount --bind dev/null proc/timer_list
                mount -t tmpfs n tmp; mkdir tmp/null; mount --bind tmp/null proc/tty
                mount -t tmpfs -o ro m proc/fs; : >tmp/file; mount --bind tmp/file proc/version
                """;
        try (TestContainer container = TestContainer.start(setup)) {
            ProbeResult t = probe(container);
            assertThat(t.trouble()).isEmpty();
            assertThat(t.observations())
                    .extracting(PathObservation::path)
                    .contains("/proc/tty", "/proc/version")
                    .doesNotContain("/proc/timer_list", "/proc/fs", "/proc");
            assertThat(at(t, "/proc/tty")).isEqualTo(new WriteResult.Writable());
        }
    }

    /// A socket that is itself a mount, under another name, and one on a filesystem that may hang,
    /// which is never opened.
    @Test
    void aSocketThatIsMountedItselfIsKnown(@TempDir Path host) throws Exception {
        Path configuredSocket = host.resolve("asked");
        Path fuse = Files.createDirectories(host.resolve("fuse/docker")).getParent();
        try (ServerSocketChannel one = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ProcfsWitness separateWitness = ProcfsWitness.open()) {
            one.bind(UnixDomainSocketAddress.of(configuredSocket));
            separateWitness.addEngineSocket(configuredSocket.toString());
            separateWitness.addEngineSocket(host.resolve("nothing").toString());
            String setup =
                    ": >s; mount --bind %1$s s; mkdir f; bindfs %2$s f; : >plain; mount --bind /etc/hostname plain"
                            .formatted(configuredSocket, fuse);
            try (TestContainer container = TestContainer.start(setup)) {
                ProbeResult t =
                        separateWitness
                                .probe(container.pid(), container.id(), List.of("/"), TIMEOUT)
                                .getFirst();
                assertThat(t.facts().configuredSockets()).containsKey(id(t, "/s"));
                assertThat(t.facts().engineSockets()).doesNotContainKey(id(t, "/plain"));
                assertThat(t.facts().hostPaths().get(id(t, "/plain"))).contains("/etc/hostname");
                List<List<ProbeResult>> rechecked =
                        separateWitness.recheck(
                                List.of(
                                        new ProcfsWitness.ProcfsRequest(
                                                container.pid(), container.id(), List.of("/")),
                                        new ProcfsWitness.ProcfsRequest(
                                                container.pid(), "7".repeat(64), List.of("/"))),
                                TIMEOUT);
                assertThat(rechecked.getFirst().getFirst().facts().configuredSockets())
                        .containsKey(id(t, "/s"));
                assertThat(rechecked.getLast().getFirst().trouble().orElseThrow().cause())
                        .isEqualTo(InconclusiveCause.UNREACHABLE);
            }
        }
    }

    @Test
    void aMountTableThatIsTooLargeIsNotRead() throws Exception {
        String deep = "/%1$s/%1$s/%1$s".formatted("n".repeat(240));
        String setup =
                "mount -t tmpfs t data; mkdir -p data%1$s; i=0; while [ $i -lt 800 ]; do : >data%1$s/$i; mount --bind data%1$s/$i data%1$s/$i; i=$((i+1)); done"
                        .formatted(deep);
        try (TestContainer container = TestContainer.start(setup)) {
            ProbeResult t = probe(container);
            assertThat(t.trouble().orElseThrow().cause())
                    .isEqualTo(InconclusiveCause.OUTPUT_CAPPED);
        }
    }

    @Test
    void anUnavailableWitnessReportsThatForEachContainer() throws Exception {
        try (ProcfsWitness none = ProcfsWitness.unavailable("too few rights")) {
            ProcfsWitness.ProcfsRequest request =
                    new ProcfsWitness.ProcfsRequest(1, "8".repeat(64), List.of("/"));
            assertThat(none.recheck(List.of(request, request), TIMEOUT))
                    .hasSize(2)
                    .allSatisfy(result ->
                            assertThat(result.getFirst().trouble().orElseThrow())
                                    .isEqualTo(
                                            new WriteResult.Inconclusive(
                                                    InconclusiveCause.UNREACHABLE,
                                                    "too few rights")));
            assertThat(none.devices(List.of("/dev/null"), TIMEOUT)).isEqualTo(DeviceFacts.NONE);
            assertThat(MountWatch.start(none, c -> {})).isEmpty();
        }
    }

    @Test
    void directoriesThatAreTooDeepOrTooFullAreNotKnown(@TempDir Path directory) throws Exception {
        Path deep = Files.createDirectories(directory.resolve("deep/1/2/3/4/5/6/7/8/9"));
        Path full = Files.createDirectory(directory.resolve("full"));
        for (int i = 0; i < 600; i++) {
            Files.createFile(full.resolve("entry" + i));
        }
        Path empty = Files.createDirectory(directory.resolve("empty"));
        DeviceFacts facts =
                witness.devices(
                        List.of(
                                directory.resolve("deep").toString(),
                                full.toString(),
                                empty.toString()),
                        TIMEOUT);
        assertThat(deep).exists();
        assertThat(facts.nodes()).containsOnlyKeys(empty.toString());
        assertThat(facts.nodes().get(empty.toString())).isEmpty();
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}

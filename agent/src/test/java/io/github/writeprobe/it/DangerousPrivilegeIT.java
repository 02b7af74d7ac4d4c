package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each power is really used, on the test's own objects, and writeprobe has to name it. A container
/// without a power can do none of this, and is compliant.
class DangerousPrivilegeIT {
    private static final String BEFORE = "what the host wrote";
    private static final String AFTER = "what a power wrote!";

    @AutoClose private static Lab lab;
    private static CProgram powers;
    private static String loop = "";
    private static Path disk = Path.of("");
    private static Path mounted = Path.of("");

    @BeforeAll
    static void open() throws IOException {
        lab = Lab.open();
        powers = CProgram.compile("powers", lab.directory("programs"), "-static");
        disk = lab.directory("disk").resolve("image");
        runOnHost("truncate -s 1M " + disk + " && mkfs.ext2 -q -F " + disk);
        Path file = Files.writeString(lab.directory("disk").resolve("file"), BEFORE);
        runOnHost("debugfs -w -R 'write " + file + " file' " + disk);
        loop = runOnHost("losetup -f --show " + disk).strip();
        mounted = lab.directory("below");
        runOnHost("mkdir -p " + mounted + "/c && mount -t cgroup2 none " + mounted + "/c");
    }

    @AfterAll
    static void cleanUp() {
        lab.removeContainers();
        runOnHost("umount " + mounted + "/c; losetup -d " + loop);
    }

    private static String runOnHost(String command) {
        Lab.Run run = Lab.run(Map.of(), List.of("sh", "-c", command));
        assertThat(run.code()).as(command + ": " + run.output()).isZero();
        return run.out();
    }

    private static String startContainer(String... options) {
        List<String> all = new ArrayList<>(List.of("--read-only"));
        all.addAll(List.of("-v", powers.binary() + ":/powers:ro"));
        all.addAll(Arrays.asList(options));
        return lab.start(Lab.Image.BUSYBOX, all.toArray(String[]::new));
    }

    /// Whether a command succeeds as root of a container.
    private static boolean succeeds(String container, String command) {
        return Lab.run(
                                lab.environment(),
                                List.of(
                                        "docker", "exec", "-u", "0", container, "sh", "-c",
                                        command))
                        .code()
                == 0;
    }

    private static JsonNode report(String witness, String container) {
        Lab.Run run = lab.writeprobe("audit", "--witness", witness, "--format", "json", container);
        try {
            return new JsonMapper().readTree(run.out()).path("containers").path(0);
        } catch (IOException e) {
            throw new UncheckedIOException(run.output(), e);
        }
    }

    private static String bypassable(String witness, String container) {
        for (JsonNode finding : report(witness, container).path("findings")) {
            if (finding.path("kind").asText().equals("bypassable")) {
                return finding.path("message").asText();
            }
        }
        return "";
    }

    private static void assertNamed(String container, String text) {
        for (String witness : List.of("auto", "exec")) {
            assertThat(bypassable(witness, container)).as(witness).contains(text);
        }
    }

    private static void assertCompliant(String container) {
        JsonNode report = report("auto", container);
        assertThat(report.path("verdict").asText()).as(report.toString()).isEqualTo("compliant");
    }

    // Capabilities

    @Test
    void sysAdminRemountsTheRootFilesystem() {
        String container =
                startContainer("--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined");
        assertNamed(container, "it has CAP_SYS_ADMIN");
        assertThat(succeeds(container, "mount -o remount,rw / && touch /written")).isTrue();
        assertThat(succeeds(startContainer(), "mount -o remount,rw /")).isFalse();
    }

    @Test
    void dacReadSearchOpensAnyFileOfTheHost() throws IOException {
        Path file = Files.writeString(lab.directory("host").resolve("handle"), BEFORE);
        Path volume = lab.directory("volume");
        String handle = powers.run("handle", file.toString()).out().strip();
        String container =
                startContainer("--cap-add", "DAC_READ_SEARCH", "-v", volume + ":/volume");
        assertNamed(container, "it has CAP_DAC_READ_SEARCH");
        String open = "/powers open %s " + handle + " '" + AFTER + "'";
        assertThat(succeeds(startContainer(), open.formatted("/etc/hosts"))).isFalse();
        assertThat(succeeds(container, open.formatted("/volume"))).isTrue();
        assertThat(file).hasContent(AFTER);
        String reads = startContainer("--cap-drop", "ALL", "--cap-add", "DAC_READ_SEARCH");
        assertThat(succeeds(reads, open.formatted("/powers"))).isTrue();
        assertNamed(reads, "it has CAP_DAC_READ_SEARCH");
    }

    @Test
    void rawioAndModuleReachTheKernel() {
        String raw = startContainer("--cap-add", "SYS_RAWIO");
        assertThat(succeeds(raw, "/powers ports")).isTrue();
        assertNamed(raw, "it has CAP_SYS_RAWIO");
        String module = startContainer("--cap-add", "SYS_MODULE");
        assertThat(succeeds(module, "/powers module")).isTrue();
        assertNamed(module, "it has CAP_SYS_MODULE");
        String none = startContainer();
        assertThat(succeeds(none, "/powers ports")).isFalse();
        assertThat(succeeds(none, "/powers module")).isFalse();
    }

    // Processes

    @Test
    void sysPtraceWithHostPidsAllowsWritesThroughProcRoot() throws Exception {
        Path file = Files.writeString(lab.directory("host").resolve("traced"), BEFORE);
        Process own = new ProcessBuilder("sleep", "600").start();
        try {
            String container =
                    startContainer(
                            "--pid",
                            "host",
                            "--cap-add",
                            "SYS_PTRACE",
                            "--security-opt",
                            "apparmor=unconfined");
            String write = "printf '" + AFTER + "' >/proc/" + own.pid() + "/root" + file;
            assertThat(succeeds(container, write)).isTrue();
            assertThat(file).hasContent(AFTER);
            assertNamed(container, "it has CAP_SYS_PTRACE and sees the host's processes");
        } finally {
            own.destroy();
        }
    }

    /// A process with the same ids may inspect a host process that has no capabilities.
    @Test
    void theDefaultCapabilitiesAreEnoughWhereTheMachinesProcessesAreSeen() throws Exception {
        Path file = Files.writeString(lab.directory("host").resolve("through"), BEFORE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Process nobody =
                new ProcessBuilder(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                "--bounding-set=-all",
                                "--inh-caps=-all",
                                "sleep",
                                "600")
                        .start();
        try {
            String unconfined = "apparmor=unconfined";
            String pids = startContainer("--pid", "host", "--security-opt", unconfined);
            String proc = startContainer("-v", "/proc:/host/proc:ro", "--security-opt", unconfined);
            assertThat(succeeds(pids, "/powers through /proc " + file + " '" + AFTER + "'"))
                    .isTrue();
            assertThat(file).hasContent(AFTER);
            Files.writeString(file, BEFORE);
            assertThat(succeeds(proc, "/powers through /host/proc " + file + " '" + AFTER + "'"))
                    .isTrue();
            assertThat(file).hasContent(AFTER);
            assertNamed(pids, "it sees the host's processes and can take the ids");
            assertNamed(proc, "it sees the host's processes and can take the ids");
            String without = startContainer("--pid", "host", "--cap-drop", "ALL");
            assertThat(succeeds(without, "/powers through /proc " + file + " x")).isFalse();
            assertNamed(without, "it sees the host's processes and can reach those of its user");
        } finally {
            nobody.destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1000"})
    void noCapabilityIsNeededToReachAnotherContainerOfTheSameUser(String user) {
        String victim = lab.start(Lab.Image.BUSYBOX, "--cap-drop", "ALL", "--user", user);
        String planted = "/root/dev/shm/planted-" + user;
        String unconfined = "apparmor=unconfined";
        for (List<String> sight :
                List.of(List.of("--pid", "host"), List.of("--pid", "container:" + victim))) {
            List<String> options = new ArrayList<>(sight);
            options.addAll(List.of("--cap-drop", "ALL", "--user", user));
            options.addAll(List.of("--security-opt", unconfined));
            String attacker = startContainer(options.toArray(String[]::new));
            boolean host = sight.contains("host");
            String pid = host ? Long.toString(lab.pid(victim)) : "1";
            Lab.Run write =
                    Lab.run(
                            lab.environment(),
                            List.of(
                                    "docker",
                                    "exec",
                                    attacker,
                                    "sh",
                                    "-c",
                                    "echo x >/proc/" + pid + planted));
            assertThat(write.code()).as(write.output()).isZero();
            assertNamed(
                    attacker,
                    host
                            ? "it sees the host's processes and can reach those of its user"
                            : "it can reach the mounts of another container");
        }
        assertThat(lab.exec(victim, "cat /dev/shm/planted-" + user)).isEqualToIgnoringNewLines("x");
    }

    // Devices

    /// The content of the file on the disk after the power changed it. The change is reverted.
    private static String written(String container, String device) throws IOException {
        byte[] all = Files.readAllBytes(disk);
        int at = new String(all, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(BEFORE);
        String dd = "printf '%s' | dd of=" + device + " bs=1 conv=notrunc seek=" + at;
        assertThat(succeeds(container, dd.formatted(AFTER))).isTrue();
        runOnHost("sync; blockdev --flushbufs " + loop);
        String read = runOnHost("debugfs -R 'cat file' " + disk + " 2>/dev/null");
        assertThat(succeeds(container, dd.formatted(BEFORE))).isTrue();
        runOnHost("sync; blockdev --flushbufs " + loop);
        return read;
    }

    @Test
    void aBlockDeviceIsWrittenBelowAllMountsWhateverItIsCalled() throws IOException {
        Path links = lab.directory("links");
        Path link = Files.createSymbolicLink(links.resolve("innocent"), Path.of(loop));
        Path nodes = lab.directory("nodes");
        int minor = Integer.parseInt(loop.replaceAll("\\D", ""));
        runOnHost("mknod " + nodes + "/null b 7 " + minor);
        String plain = startContainer("--device", loop);
        assertThat(written(plain, loop)).isEqualTo(AFTER);
        assertNamed(plain, "it can write to the device " + loop);
        String linked = startContainer("--device", link + ":/dev/kvm");
        assertThat(written(linked, "/dev/kvm")).isEqualTo(AFTER);
        String directory = startContainer("--device", nodes.toString());
        assertThat(written(directory, nodes + "/null")).isEqualTo(AFTER);
        // The container can replace the device node by another one.
        assertThat(succeeds(linked, "rm /dev/kvm && mknod /dev/kvm c 1 3")).isTrue();
        for (String witness : List.of("auto", "procfs")) {
            assertThat(bypassable(witness, linked)).contains("it can write to the device " + link);
            assertThat(bypassable(witness, directory)).contains("the device " + nodes);
        }
        // The name alone does not prove which device it is.
        assertThat(report("exec", linked).path("verdict").asText()).isEqualTo("unverified");
    }

    @Test
    void aDeviceThatMayOnlyBeReadIsNoPower() {
        String container = startContainer("--device", loop + ":" + loop + ":r");
        assertThat(succeeds(container, "dd if=/dev/zero count=1 conv=notrunc of=" + loop))
                .isFalse();
        assertCompliant(container);
    }

    @Test
    void aDeviceRuleIsAsGoodAsTheDevice() throws IOException {
        String container = startContainer("--device-cgroup-rule", "b 7:* rwm");
        int minor = Integer.parseInt(loop.replaceAll("\\D", ""));
        assertThat(succeeds(container, "mknod /dev/made b 7 " + minor)).isTrue();
        assertThat(written(container, "/dev/made")).isEqualTo(AFTER);
        assertNamed(container, "its device rule \"b 7:* rwm\"");
        String without = startContainer();
        assertThat(succeeds(without, "mknod /dev/made b 7 " + minor)).isTrue();
        assertThat(succeeds(without, "dd if=/dev/made count=1 of=/dev/null")).isFalse();
        assertCompliant(without);
    }

    // The kernel's filesystems

    @Test
    void aWritableProcSysIsOpenedForWriting() {
        String container = startContainer("--security-opt", "systempaths=unconfined");
        String open = ": >>/proc/sys/kernel/core_pattern";
        assertThat(succeeds(container, open)).isTrue();
        assertNamed(container, "it can write to /proc/sys");
        assertThat(succeeds(startContainer(), open)).isFalse();
    }

    @Test
    void controlGroupsBelowAReadOnlyBindAreWritten() {
        String container =
                startContainer(lab.readOnlyAtItsTop(mounted, "/s").toArray(String[]::new));
        assertThat(succeeds(container, "touch /s/x")).isFalse();
        assertThat(succeeds(container, "mkdir /s/c/" + lab.tag() + " && rmdir /s/c/" + lab.tag()))
                .isTrue();
        assertThat(bypassable("auto", container))
                .contains("it can write to control groups other than its own at /s/c");
        // From inside the container it cannot be determined whose control groups they are.
        for (String witness : List.of("auto", "exec")) {
            assertThat(report(witness, container).path("findings").findValuesAsText("kind"))
                    .contains("undeclared");
        }
    }

    @Test
    void aDirectoryThatIsCalledNullIsNoMask() {
        String other = startContainer("--tmpfs", "/tmp");
        assertThat(succeeds(other, "mkdir /tmp/null")).isTrue();
        lab.mount(other, "-o", "bind", "/tmp/null", "/proc/tty");
        String own = startContainer();
        assertThat(succeeds(own, "rm /dev/null && mkdir /dev/null")).isTrue();
        lab.mount(own, "-o", "bind", "/dev/null", "/proc/tty");
        for (String container : List.of(other, own)) {
            assertThat(succeeds(container, "echo >/proc/tty/written")).isTrue();
            assertThat(report("procfs", container).path("findings").toString())
                    .contains("\"kind\":\"undeclared\"")
                    .contains("/proc/tty");
        }
        assertThat(report("exec", other).path("findings").findValuesAsText("kind"))
                .contains("undeclared");
    }

    // No powers

    @Test
    void ordinaryContainersHaveNone() {
        List<String> containers =
                new ArrayList<>(
                        List.of(
                                startContainer(),
                                startContainer("--user", "1000"),
                                startContainer("--cap-drop", "ALL"),
                                startContainer("--device", "/dev/null"),
                                startContainer("--device", "/dev/fuse"),
                                startContainer("--device-cgroup-rule", "c 188:* rmw"),
                                startContainer("--ipc", "host"),
                                startContainer("--uts", "host"),
                                startContainer("--cap-add", "NET_ADMIN", "--cap-add", "SYS_PTRACE"),
                                startContainer("--security-opt", "seccomp=unconfined")));
        String network = lab.tag() + "-network";
        lab.docker(
                "run",
                "-d",
                "--name",
                network,
                "--label",
                lab.label(),
                "--network",
                "host",
                "--read-only",
                lab.image(Lab.Image.BUSYBOX),
                "sleep",
                "600");
        containers.add(network);
        for (String witness : List.of("auto", "exec")) {
            List<String> command =
                    Stream.concat(
                                    Stream.of("audit", "--witness", witness, "--format", "json"),
                                    containers.stream())
                            .toList();
            String report = lab.writeprobe(command.toArray(String[]::new)).out();
            assertThat(report).doesNotContain("bypassable").doesNotContain("undeclared");
            if (witness.equals("auto")) {
                assertThat(report).doesNotContain("\"verdict\": \"unverified\"");
            }
        }
    }

    @Test
    void unknownDeviceMakesTheContainerUnverified() {
        Path nodes = lab.directory("odd");
        runOnHost("mknod " + nodes + "/odd c 60 1");
        String container = startContainer("--device", nodes + "/odd");
        JsonNode report = report("auto", container);
        assertThat(report.path("verdict").asText()).isEqualTo("unverified");
        assertThat(report.path("unproved").toString()).contains("the device " + nodes + "/odd");
    }
}

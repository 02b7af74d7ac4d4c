package io.github.writeprobe.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.cli.InProcess;
import io.github.writeprobe.diagnosis.HostChecks;
import io.github.writeprobe.docker.FakeEngine;
import io.github.writeprobe.docker.transport.UnixSocketFailure;
import io.github.writeprobe.engine.UserSockets;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.HostFacts;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.OwnPrivilegeCheck;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Provokes each message of docs/troubleshooting.md, in the order of its rows.
class TroubleshootingTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([^`]+)` \\| [^|]+ \\| [^|]+ \\|$", Pattern.MULTILINE);

    /// What a row has in place of a path, a name or a version.
    private static final Pattern PLACEHOLDER =
            Pattern.compile(
                    "\\b(SOCKET|OTHER|FILE|NAME|ORIGIN|GROUP|VERSION|CAPABILITIES|HOST)\\b");

    private Path directory;

    /// A short path: that of a socket has at most 107 bytes.
    @BeforeEach
    void createDirectory() throws IOException {
        directory = Files.createTempDirectory("wp");
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private interface Provocation {
        String message() throws Exception;
    }

    private List<Provocation> provocations() {
        return List.of(
                () -> failed(file("docker.sock")),
                () -> failed(Path.of("/run/user/4294967/docker.sock")),
                () -> failed(file("podman/podman.sock")),
                this::socketElsewhere,
                () -> failed(file(".docker/run/docker.sock")),
                this::staleSocket,
                () -> failure(file("x"), false).noPermission(false, Optional.empty()),
                () -> failure(file("x"), false).noPermission(false, Optional.of("docker")),
                () -> failure(file("x"), false).noPermission(true, Optional.of("docker")),
                () -> failure(file("x"), true).noPermission(false, Optional.of("docker")),
                () -> audit("--host", "unix://" + Files.createFile(file("file"))),
                () -> audit("--host", "cri://" + file("containerd.sock")),
                this::missingContext,
                () -> audit("--host", "ssh://there"),
                this::containerThatIsGone,
                () -> HostChecks.of(HostFacts.read(directory)).getFirst().detail(),
                this::oldKernel,
                TroubleshootingTest::noPrivileges);
    }

    @TestFactory
    Stream<DynamicTest> eachRowIsWhatWriteprobeSays() {
        List<String> rows =
                ROW.matcher(Documents.text(Documents.ROOT.resolve("docs/troubleshooting.md")))
                        .results()
                        .map(row -> row.group(1))
                        .toList();
        List<Provocation> provocations = provocations();
        assertThat(rows).hasSameSizeAs(provocations);
        return IntStream.range(0, rows.size())
                .mapToObj(i ->
                        DynamicTest.dynamicTest(
                                rows.get(i),
                                () ->
                                        assertThat(provocations.get(i).message())
                                                .containsPattern(pattern(rows.get(i)))));
    }

    private static Pattern pattern(String row) {
        StringBuilder pattern = new StringBuilder();
        int end = 0;
        for (MatchResult word : PLACEHOLDER.matcher(row).results().toList()) {
            pattern.append(Pattern.quote(row.substring(end, word.start()))).append("[^\n]+?");
            end = word.end();
        }
        return Pattern.compile(pattern + Pattern.quote(row.substring(end)));
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private UnixSocketFailure failure(Path socket, boolean isRoot) {
        return new UnixSocketFailure(socket, isRoot, new UserSockets(directory, file("home")));
    }

    private String failed(Path socket) {
        return failure(socket, false).message(false, false).orElseThrow();
    }

    private String socketElsewhere() throws IOException {
        Path root = Files.createDirectory(file("root"));
        Files.createDirectories(root.resolve("run/user/1000"));
        Files.createFile(root.resolve("run/user/1000/docker.sock"));
        return new UnixSocketFailure(file("docker.sock"), false, new UserSockets(root, root))
                .message(false, false)
                .orElseThrow();
    }

    private String staleSocket() throws IOException {
        Path socket = file("stale.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }
        return failure(socket, false).message(false, true).orElseThrow();
    }

    private static String audit(String... arguments) {
        return audit(Map.of(), arguments);
    }

    /// What an audit prints, without the line breaks of the table.
    private static String audit(Map<String, String> environment, String... arguments) {
        InProcess.Result result =
                InProcess.run(
                        environment,
                        Stream.concat(Stream.of("audit"), Stream.of(arguments))
                                .toArray(String[]::new));
        return (result.out() + result.err()).replaceAll("\\s+", " ");
    }

    private String missingContext() {
        return audit(
                Map.of(
                        "DOCKER_HOST",
                        "",
                        "DOCKER_CONTEXT",
                        "nowhere",
                        "DOCKER_CONFIG",
                        directory.toString()));
    }

    private String containerThatIsGone() throws IOException {
        Path socket = file("docker.sock");
        try (FakeEngine _ = FakeEngine.onUnix(socket, 0)) {
            return audit("--host", "unix://" + socket, "web");
        }
    }

    private String oldKernel() throws IOException {
        Files.createDirectories(file("proc/sys/kernel"));
        Files.writeString(file("proc/sys/kernel/osrelease"), "4.18.0-553.el8_10.x86_64\n");
        return HostChecks.of(HostFacts.read(directory)).getFirst().detail();
    }

    private static String noPrivileges() {
        ProcessStatus nobody =
                ProcessStatus.parse(
                                """
                                Name:\tjava
                                PPid:\t1
                                Uid:\t65534\t65534\t65534\t65534
                                Gid:\t65534\t65534\t65534\t65534
                                Groups:\t
                                NSpid:\t7
                                CapEff:\t0000000000000000
                                CapBnd:\t0000000000000000
                                Seccomp:\t0
                                """)
                        .orElseThrow();
        return OwnPrivilegeCheck.missingToProbe(
                        new LinuxSyscalls(Abi.detect().orElseThrow()), nobody)
                .orElseThrow();
    }
}

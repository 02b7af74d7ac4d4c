package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bin/writeprobe` does in a clone, on machines that lack something. Programs that it starts
/// are replaced by scripts.
class StartScriptTest {
    private static final Path BIN = Path.of("..", "bin").toAbsolutePath().normalize();
    private static final String NO_JDK = "echo 'install a JDK' >&2; exit 2";

    @TempDir private Path root;
    private Path clone;
    private Path programs;

    private record Run(int code, String out, String err) {}

    @BeforeEach
    void createClone() throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        clone = Files.createDirectories(root.resolve("clone"));
        programs = Files.createDirectories(root.resolve("programs"));
        Files.createDirectories(clone.resolve("bin"));
        for (String script : List.of("writeprobe", "build", "in-engine", "jvm-flags")) {
            Files.copy(BIN.resolve(script), clone.resolve("bin").resolve(script));
        }
        for (String module : List.of("agent", "probes")) {
            Files.createDirectories(clone.resolve(module).resolve("src/main"));
            Files.writeString(clone.resolve(module).resolve("pom.xml"), "<project/>");
        }
        Files.writeString(clone.resolve("pom.xml"), "<project/>");
        Files.writeString(clone.resolve("Dockerfile"), "FROM scratch");
        Files.createDirectories(clone.resolve("config"));
        Files.writeString(clone.resolve("config/writeprobe.yml"), "");
        Files.writeString(clone.resolve("config/known-images.yml"), "");
        script(clone.resolve("bin/train"), "echo docker >\"$3\"; echo cri >\"$4\"");
        script(programs.resolve("docker"), "exit 1");
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// A JDK whose java prints its arguments, and a Maven that only makes the jar.
    private void addJdkAndMaven() throws IOException {
        script(clone.resolve("bin/jdk25"), "echo '" + root + "/jdk'");
        script(root.resolve("jdk/bin/java"), "echo java \"$@\"");
        script(
                programs.resolve("mvn"),
                "mkdir -p agent/target; echo \"built by $(id -u)\" >agent/target/writeprobe.jar");
    }

    private Run start(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(clone + "/bin/writeprobe"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
        builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
        builder.environment().remove("DOCKER_HOST");
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        int code = builder.start().waitFor();
        return new Run(code, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    @Test
    void withoutAJdkAndAnEngineOneLineSaysWhatToDo() throws Exception {
        script(clone.resolve("bin/jdk25"), NO_JDK);

        assertThat(start("audit")).isEqualTo(new Run(2, "", "install a JDK\n"));
    }

    @Test
    void withoutAJdkTheEngineBuildsOnceAndRunsWithFourCapabilities() throws Exception {
        script(clone.resolve("bin/jdk25"), NO_JDK);
        script(
                programs.resolve("docker"),
                """
                echo "$@" >>'%1$s/calls'
                case $1 in
                    image) [ -e '%1$s/built' ] ;;
                    build) : >'%1$s/built' ;;
                    run) echo report; exit 3 ;;
                esac
                """
                        .formatted(root));

        Run first = start("audit", "web");
        Run second = start("audit", "web");

        assertThat(first.code()).as(first.err()).isEqualTo(3);
        assertThat(first.out()).isEqualTo("report\n");
        assertThat(first.err()).contains("the engine builds writeprobe").hasLineCount(1);
        assertThat(second).isEqualTo(new Run(3, "report\n", ""));
        List<String> calls = Files.readAllLines(root.resolve("calls"));
        assertThat(calls).filteredOn(call -> call.startsWith("build ")).hasSize(1);
        assertThat(calls.getLast())
                .startsWith("run --rm ")
                .contains("--pid host", "--cap-drop ALL", "--read-only", "--network none")
                .contains("--cap-add SYS_PTRACE --cap-add DAC_OVERRIDE")
                .contains("--cap-add SETUID --cap-add SETGID")
                .contains("--volume /var/run/docker.sock:/var/run/docker.sock:ro")
                .endsWith(" audit web");
    }

    @Test
    void anEngineThatCannotBuildLeavesTheAdvice() throws Exception {
        script(clone.resolve("bin/jdk25"), NO_JDK);
        script(
                programs.resolve("docker"),
                "case $1 in version) ;; *) echo 'no such image' >&2; exit 1 ;; esac");

        Run run = start("audit");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("no such image").endsWith("install a JDK\n");
    }

    @Test
    void theFirstStartBuildsAndTheSecondDoesNot() throws Exception {
        addJdkAndMaven();

        assertThat(start("audit").err()).contains("building");
        Run second = start("audit");

        assertThat(second.err()).isEmpty();
        assertThat(second.out()).startsWith("java ").endsWith(" audit\n");
    }

    @Test
    void onlyAHostOfKubernetesGetsTheCacheWithItsClient() throws Exception {
        addJdkAndMaven();
        start("--version");

        assertThat(start("audit", "--host", "cri:///run/crio/crio.sock").out())
                .contains("/writeprobe-cri.aot ");
        assertThat(start("audit", "--host", "unix:///run/docker.sock").out())
                .contains("/writeprobe.aot ");
    }

    @Test
    void withoutTheCacheForKubernetesTheOtherOneIsUsed() throws Exception {
        addJdkAndMaven();
        script(clone.resolve("bin/train"), "echo docker >\"$3\"; : >\"$4\"");

        assertThat(start("audit", "--host", "cri:///run/crio/crio.sock").out())
                .contains("/writeprobe.aot ");
    }

    @Test
    void rootLeavesNoFileOfRootInTheCloneOfAUser() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        addJdkAndMaven();
        new ProcessBuilder("chown", "-R", "nobody", clone.toString()).start().waitFor();

        Run run = start("audit");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(clone.resolve("agent/target/writeprobe.jar")).exists();
        try (Stream<Path> files = Files.walk(clone)) {
            assertThat(files)
                    .allSatisfy(file ->
                            assertThat(Files.getOwner(file).getName())
                                    .as(file.toString())
                                    .isEqualTo("nobody"));
        }
    }
}

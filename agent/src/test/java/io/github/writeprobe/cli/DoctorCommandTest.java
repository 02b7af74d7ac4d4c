package io.github.writeprobe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.docker.FakeEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    private Path directory;

    /// A short path: that of a socket has at most 107 bytes.
    @BeforeEach
    void createDirectory() throws IOException {
        directory = Files.createTempDirectory("wp");
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        Files.deleteIfExists(directory.resolve("docker.sock"));
        Files.delete(directory);
    }

    private InProcess.Result doctor(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "doctor";
        all[1] = "--host";
        all[2] = "unix://" + directory.resolve("docker.sock");
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return InProcess.run(Map.of(), all);
    }

    @Test
    void anEngineThatAnswersCanBeJudged() throws Exception {
        try (FakeEngine _ = FakeEngine.onUnix(directory.resolve("docker.sock"), 1)) {
            InProcess.Result result = doctor();

            assertThat(result.code()).as(result.out() + result.err()).isZero();
            assertThat(result.out())
                    .contains("✓ unix://" + directory)
                    .contains("API 1.41")
                    .contains("exec     probed 1 of 1 running container")
                    .contains("1 of 1 engine answered");
        }
    }

    @Test
    void anEngineThatDescribesItselfNamesItsRuntimes() throws Exception {
        try (FakeEngine engine = FakeEngine.onUnix(directory.resolve("docker.sock"), 0)) {
            engine.reply(
                    FakeEngine.Call.UNKNOWN,
                    200,
                    "{\"Runtimes\": {\"runc\": {}, \"runsc\": {}}, \"CgroupVersion\": \"2\"}");

            assertThat(doctor().out().replaceAll("\\s+", " "))
                    .contains("runtimes runc, runsc; cgroup version 2")
                    .contains("not tried, because no running container was found");
        }
    }

    @Test
    void withoutAnEngineTheExitCodeIsThatOfUnverified() {
        InProcess.Result result = doctor("--format", "json");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out())
                .contains("\"schema\": \"writeprobe/doctor/v1\"")
                .contains("no engine socket at " + directory.resolve("docker.sock"));
    }

    @Test
    void aHostThatCannotBeReadIsAMistake() {
        InProcess.Result result = InProcess.run(Map.of(), "doctor", "--host", "nowhere");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("unix:///PATH/TO/SOCKET");
    }
}

package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docker.FakeEngine;
import io.github.writeprobe.docker.FakeEngine.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A runtime that starts a virtual machine, as Kata does: the engine reports the PID of the virtual
/// machine monitor, which runs on the host, in a mount namespace of its own, and in a cgroup with
/// the container's id.
class VirtualMachineIT {
    private static final String MONITOR =
            """
            set -e
            made=
            for hierarchy in /sys/fs/cgroup/pids /sys/fs/cgroup/unified /sys/fs/cgroup; do
                [ -e $hierarchy/cgroup.procs ] || continue
                mkdir $hierarchy/kata_$0
                echo $$ >$hierarchy/kata_$0/cgroup.procs
                made=$hierarchy
                break
            done
            [ -n "$made" ]
            exec unshare --mount sleep 60
            """;

    private static final String REMOVE =
            "find /sys/fs/cgroup -maxdepth 2 -type d -name kata_$0 -exec rmdir {} +";

    @TempDir private Path directory;

    /// @param runtime also names that do not tell what they are
    @ParameterizedTest
    @ValueSource(strings = {"", "kata", "io.containerd.kata.v2", "vm"})
    void theHostsFilesAreNotTakenForTheContainers(String runtime) throws Exception {
        String id = FakeEngine.id(0);
        Process monitor = new ProcessBuilder("sh", "-c", MONITOR, id).inheritIO().start();
        try (FakeEngine fake = FakeEngine.onUnix(directory.resolve("engine.sock"), 1)) {
            awaitMountNamespace(monitor.pid());
            fake.reply(
                    Call.INSPECT,
                    200,
                    """
                    {"Id":"%s","Name":"/vm","State":{"Running":true,"Pid":%d},
                     "HostConfig":{"ReadonlyRootfs":true,"Runtime":"%s"},"Mounts":[],
                     "Config":{"Image":"idle:1","Labels":{}}}\
                    """
                            .formatted(id, monitor.pid(), runtime));
            Lab.Run run =
                    Lab.run(
                            Map.of("DOCKER_HOST", "unix://" + directory.resolve("engine.sock")),
                            Lab.command(
                                    "audit", "--witness", "procfs", "--format", "json", "idle-0"));
            JsonNode report = new JsonMapper().readTree(run.out()).at("/containers/0");
            assertThat(report.path("verdict").asText()).as(run.output()).isEqualTo("unverified");
            assertThat(report.path("findings")).as(run.output()).isEmpty();
        } finally {
            monitor.destroyForcibly().waitFor();
            Lab.run(Map.of(), List.of("sh", "-c", REMOVE, id));
        }
    }

    private static void awaitMountNamespace(long pid) throws Exception {
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
        for (int i = 0; i < 100; i++) {
            if (!Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/mnt")).equals(own)) {
                return;
            }
            RunningAgent.pause(java.time.Duration.ofMillis(50));
        }
        throw new AssertionError("the process has no mount namespace of its own");
    }
}

package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.it.AllowlistProxy.Call;
import io.github.writeprobe.it.Lab.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `config/engine-calls.txt` lists exactly the calls that writeprobe makes.
class EngineCallsListIT {
    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    private static List<Call> of(String... who) {
        return Call.all().stream()
                .filter(call -> Arrays.asList(who).contains(call.caller()))
                .toList();
    }

    private static AllowlistProxy proxy(String name, List<Call> allowed) throws IOException {
        return new AllowlistProxy(
                lab.directory(name).resolve("engine.sock"), TestedImage.socket(), allowed);
    }

    /// Every allowed call was needed, and no other call was tried.
    private static void assertOnlyNecessaryCalls(AllowlistProxy proxy, List<Call> allowed) {
        assertThat(proxy.refused()).isEmpty();
        assertThat(proxy.forwarded()).isEqualTo(Set.copyOf(allowed));
    }

    @Test
    void theProcfsWitnessNeedsOnlyCallsThatRead() throws Exception {
        List<Call> allowed = of("any");
        assertThat(allowed).allMatch(call -> call.method().equals("GET"));
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (AllowlistProxy proxy = proxy("procfs", allowed)) {
            Lab.Run run =
                    lab.writeprobe(
                            "audit", "--host", proxy.host(), "--witness", "procfs", container);
            assertThat(run.code()).as(run.output()).isZero();
            Lab.Run all =
                    lab.writeprobe(
                            "audit",
                            "--host",
                            proxy.host(),
                            "--witness",
                            "procfs",
                            "--filter",
                            "label=" + lab.label());
            assertThat(all.out()).as(all.err()).contains(container);
            assertOnlyNecessaryCalls(proxy, allowed);
        }
    }

    @Test
    void theAgentNeedsTheEventsToo() throws Exception {
        List<Call> allowed = of("any", "agent");
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (AllowlistProxy proxy = proxy("agent", allowed);
                RunningAgent agent =
                        RunningAgent.start(
                                Map.of("DOCKER_HOST", proxy.host()), "probe: {witness: procfs}")) {
            agent.awaitSample(
                    "writeprobe_container_compliant", 1, "container=\"" + container + "\"");
            assertOnlyNecessaryCalls(proxy, allowed);
        }
    }

    @Test
    void theExecWitnessNeedsExecs() throws Exception {
        List<Call> allowed = of("any", "exec");
        String container = lab.start(Image.BUSYBOX, "--read-only");
        // If an exec prints nothing, the engine is queried for its exit code.
        String silent =
                lab.start(
                        lab.image(
                                Image.BUSYBOX,
                                "silent",
                                "rm $tree/bin/sh; printf '#!/bin/true\\n' >$tree/bin/sh; chmod 755 $tree/bin/sh"),
                        List.of("sleep", "3600"),
                        "--read-only");
        try (AllowlistProxy proxy = proxy("exec", allowed)) {
            Lab.Run run = exec(proxy, container);
            assertThat(run.code()).as(run.output()).isZero();
            assertThat(exec(proxy, silent).code()).isEqualTo(3);
            lab.writeprobe("audit", "--host", proxy.host(), "--filter", "name=" + container);
            assertOnlyNecessaryCalls(proxy, allowed);
        }
    }

    private static Lab.Run exec(AllowlistProxy proxy, String container) {
        return lab.writeprobe("audit", "--host", proxy.host(), "--witness", "exec", container);
    }

    @Test
    void whereTheProxyForbidsExecsContainersAreUnverifiedWithTheReason() throws Exception {
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (AllowlistProxy proxy = proxy("strict", of("any"))) {
            Lab.Run run = exec(proxy, container);
            assertThat(run.code()).as(run.output()).isEqualTo(3);
            assertThat(run.unwrapped()).contains("the proxy forbids that.");
            assertThat(proxy.refused()).isNotEmpty().allMatch(line -> line.contains("/exec "));
        }
    }

    /// In any container, a privileged exec is equivalent to root on the host.
    @Test
    void aPrivilegedExecIsNeverOursAndAProxyCanRefuseIt() throws Exception {
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (AllowlistProxy proxy = proxy("privileged", of("any", "exec"))) {
            assertThat(execCreated(proxy, container, "{\"Cmd\": [\"id\"]}")).contains("\"Id\"");
            assertThat(execCreated(proxy, container, "{\"Cmd\": [\"id\"], \"Privileged\": true}"))
                    .contains("the proxy forbids that.");
        }
    }

    private static String execCreated(AllowlistProxy proxy, String container, String body) {
        return Lab.run(
                        Map.of(),
                        List.of(
                                "curl",
                                "-sS",
                                "--unix-socket",
                                proxy.host().replace("unix://", ""),
                                "--json",
                                body,
                                "http://engine/v1.41/containers/" + container + "/exec"))
                .output();
    }

    @Test
    void aHelperContainerNeedsToBeMadeAndRemoved() throws Exception {
        List<Call> allowed = of("any", "sidecar");
        Path file = lab.directory("sidecar-policy").resolve("writeprobe.yml");
        Files.writeString(
                file, "probe: {sidecar-image: \"%s\"}\n".formatted(lab.image(Image.BUSYBOX)));
        String container = lab.start(Image.NO_SHELL, "--read-only");
        try (AllowlistProxy proxy = proxy("sidecar", allowed)) {
            Lab.Run run =
                    lab.writeprobe(
                            "audit",
                            "--host",
                            proxy.host(),
                            "--witness",
                            "sidecar",
                            "--config.file",
                            file.toString(),
                            container);
            assertThat(run.code()).as(run.output()).isZero();
            assertOnlyNecessaryCalls(proxy, allowed);
        }
    }

    @Test
    void recommendUsesOnlyGetAndHeadRequests() throws Exception {
        List<Call> allowed = of("any", "recommend");
        assertThat(allowed).extracting(Call::method).containsOnly("GET", "HEAD");
        List<String> writes =
                List.of(
                        "sh",
                        "-c",
                        "mkdir -p /srv/app; echo x >/srv/app/file; mkdir /run/app; exec sleep 3600");
        String running = lab.start(lab.image(Image.BUSYBOX), writes);
        // The container has no processes, so its files are requested from the engine.
        String stopped = lab.start(lab.image(Image.BUSYBOX), writes);
        lab.docker("kill", stopped);
        try (AllowlistProxy proxy = proxy("recommend", allowed)) {
            for (String container : List.of(running, stopped)) {
                Lab.Run run = recommend(proxy, container);
                assertThat(run.code()).as(run.output()).isZero();
                assertThat(run.out()).contains("/srv/app");
            }
            recommend(proxy, "--compose-project=none");
            assertOnlyNecessaryCalls(proxy, allowed);
        }
    }

    private static Lab.Run recommend(AllowlistProxy proxy, String which) {
        return lab.writeprobe("recommend", "--host", proxy.host(), "--observe", "0s", which);
    }

    @Test
    void theDocumentHasEveryCall() throws IOException {
        String document = Files.readString(Path.of("../docs/security.md"));
        assertThat(Call.all().stream().map(c -> "`" + c.method() + " " + c.path() + "`"))
                .allSatisfy(call -> assertThat(document).contains(call));
        assertThat(Call.all().stream().map(Call::caller).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("any", "agent", "exec", "sidecar", "recommend");
    }
}

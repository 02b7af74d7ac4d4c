package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.it.Lab.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An agent on a host that lacks resources for some time, such as memory or disk space.
class AgentFaultsIT {
    private static final String CONFIGURATION = "probe: {interval: 1s, exec-interval: 2s}\n";
    private static final String COMPLIANT = "writeprobe_container_compliant";

    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    private static void setLimit(RunningAgent agent, String limit) {
        Lab.Run run =
                Lab.run(Map.of(), List.of("prlimit", "--pid", Long.toString(agent.pid()), limit));
        assertThat(run.code()).as(run.output()).isZero();
    }

    private static String containerLabel(String container) {
        return "container=\"" + container + "\"";
    }

    @Test
    void anAgentWithoutFileDescriptorsIsUnverifiedAndRecovers() {
        lab.removeContainers();
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (RunningAgent agent = RunningAgent.start(CONFIGURATION)) {
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            setLimit(agent, "--nofile=20:4096");
            lab.mount(container, "-o", "remount,bind,rw", "/");
            agent.await(
                    "the reason",
                    () -> agent.hasLogged(e -> e.path("msg").asText().contains("LimitNOFILE=")));
            // Prometheus cannot scrape it, and its earlier results become out of date.
            agent.await(
                    "no verdict without a look",
                    () -> agent.verdicts(container).contains("compliant unverified"));
            setLimit(agent, "--nofile=4096:4096");
            agent.await(
                    "what happened meanwhile",
                    () -> agent.verdicts(container).contains("unverified violating"));
            agent.awaitSample("writeprobe_finding", 1, containerLabel(container), "drift");
        }
    }

    /// The labels of all containers do not fit into its heap, although those of each single
    /// container are within the limit. `_JAVA_OPTIONS` overrides the command line.
    @Tag("long")
    @Test
    void agentExitsOnOutOfMemory() {
        lab.removeContainers();
        String container = lab.start(Image.BUSYBOX, "--read-only");
        Map<String, String> little = Map.of("_JAVA_OPTIONS", "-Xmx20m");
        try (RunningAgent agent = RunningAgent.start(little, CONFIGURATION)) {
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            String[] large =
                    IntStream.range(0, 10)
                            .mapToObj(i -> "--label=l" + i + "=" + "x".repeat(20_000))
                            .toArray(String[]::new);
            for (int i = 0; i < 60 && agent.isAlive(); i++) {
                lab.start(Image.BUSYBOX, large);
            }
            assertThat(agent.awaitExit(Duration.ofSeconds(60))).isEqualTo(3);
        }
        lab.removeContainers();
        String after = lab.start(Image.BUSYBOX, "--read-only");
        try (RunningAgent agent = RunningAgent.start(CONFIGURATION)) {
            agent.awaitSample(COMPLIANT, 1, containerLabel(after));
        }
    }

    /// Only the clock of the agent: a test must not set the host's.
    @ParameterizedTest
    @ValueSource(strings = {"+3d", "-3d"})
    void aClockThatIsSetChangesNoVerdictAndHidesNothing(String jump) throws IOException {
        lab.removeContainers();
        String container = lab.start(Image.BUSYBOX, "--read-only");
        Path clock = Files.writeString(lab.directory("clock").resolve("offset"), "+0");
        Map<String, String> fake =
                Map.of(
                        "LD_PRELOAD",
                        fakeTime().toString(),
                        "FAKETIME_TIMESTAMP_FILE",
                        clock.toString(),
                        "FAKETIME_CACHE_DURATION",
                        "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1");
        try (RunningAgent agent = RunningAgent.start(fake, CONFIGURATION)) {
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            double before = lastProbe(agent, container);
            Files.writeString(clock, jump);
            agent.await(
                    "that it was set",
                    () ->
                            agent.hasLogged(
                                    e -> e.path("msg").asText().contains("the clock was set")));
            agent.await(
                    "a probe by the new time",
                    () -> Math.abs(lastProbe(agent, container) - before) > 200_000);
            lab.mount(container, "-o", "remount,bind,rw", "/");
            agent.awaitSample("writeprobe_finding", 1, containerLabel(container), "drift");
            lab.mount(container, "-o", "remount,bind,ro", "/");
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            // On a machine that is overloaded, a probe may take too long: then it is unverified.
            assertThat(agent.verdicts(container).stream().filter(v -> !v.contains("unverified")))
                    .as("%s", agent.log())
                    .containsExactly("new compliant", "compliant violating", "violating compliant");
        }
    }

    private static double lastProbe(RunningAgent agent, String container) {
        return RunningAgent.value(
                agent.samples(
                                "writeprobe_container_last_probe_timestamp_seconds",
                                containerLabel(container))
                        .getFirst());
    }

    private static Path fakeTime() throws IOException {
        try (Stream<Path> libraries =
                Files.find(Path.of("/usr/lib"), 3, (p, a) -> p.endsWith("libfaketime.so.1"))) {
            return libraries
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no libfaketime: install faketime"));
        }
    }

    /// To a log, a file that may not grow is the same as a full disk.
    @Test
    void aLogThatCannotBeWrittenBlocksNothing() {
        lab.removeContainers();
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (RunningAgent agent = RunningAgent.start(CONFIGURATION)) {
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            String address = agent.address();
            setLimit(agent, "--fsize=0:unlimited");
            lab.mount(container, "-o", "remount,bind,rw", "/");
            agent.awaitSample("writeprobe_finding", 1, containerLabel(container), "drift");
            assertThat(agent.verdicts(container)).doesNotContain("compliant violating");
            setLimit(agent, "--fsize=unlimited:unlimited");
            lab.mount(container, "-o", "remount,bind,ro", "/");
            agent.await(
                    "the log again",
                    () -> agent.verdicts(container).contains("violating compliant"));
            assertThat(agent.address()).isEqualTo(address);
            agent.signal("TERM");
            assertThat(agent.awaitExit(Duration.ofSeconds(5))).isIn(0, 143);
        }
    }
}

package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.sidecar.SidecarWitness;
import io.github.writeprobe.probing.ProbeSettings;
import io.github.writeprobe.probing.WitnessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The sidecar witness fulfils the contract, probes containers without a shell, and leaves no
/// helper behind.
class SidecarWitnessIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final String LIFE = "writeprobe.helper.seconds=";

    /// A busybox that sleeps before it does something, or instead of it.
    private static final String INSTEAD =
            "mv $tree/bin/busybox $tree/bin/busybox-itself; printf '#!/bin/busybox-itself"
                    + " sh\\n%s\\n' >$tree/bin/busybox; chmod 755 $tree/bin/busybox";

    private static Lab lab;
    private static Engine engine;

    @BeforeAll
    static void open() throws Exception {
        lab = Lab.open();
        engine = DockerEngines.open(List.of(), System.getenv(), Duration.ofSeconds(10)).getFirst();
        engine.identify();
    }

    @AfterAll
    static void close() {
        engine.close();
        lab.close();
    }

    /// The targets have a shell, which the contract uses to inspect them. The witness does not use
    /// it.
    @Nested
    @Tag("long")
    class Contract implements WriteProbeContract {
        @Override
        public Lab lab() {
            return lab;
        }

        @Override
        public Lab.Image image() {
            return Lab.Image.BUSYBOX;
        }

        @Override
        public ProbeResult probe(String container, List<String> paths) throws Exception {
            return SidecarWitnessIT.probe(container, ProbeIdentity.SERVICE, paths);
        }
    }

    private static ProbeResult probe(String container, ProbeIdentity identity, List<String> paths)
            throws Exception {
        return witness(lab.image(Lab.Image.BUSYBOX), TIMEOUT)
                .probe(lab.id(container), identity, paths);
    }

    private static SidecarWitness witness(String image, Duration timeout) {
        return new SidecarWitness(engine.sidecars(), image, timeout, true);
    }

    private static PathObservation at(ProbeResult result, String path) {
        return result.observations().stream()
                .filter(o -> o.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.toString()));
    }

    private static Optional<Errno> errno(ProbeResult result, String path) {
        return at(result, path).write() instanceof WriteResult.Refused refused
                ? Optional.of(refused.errno())
                : Optional.empty();
    }

    private static InconclusiveCause trouble(ProbeResult result) {
        return result.trouble().orElseThrow().cause();
    }

    private static String configuration(String image, String more) throws Exception {
        return Files.writeString(
                        lab.directory("config").resolve(Integer.toHexString(image.hashCode())),
                        "probe:\n  sidecar-image: " + image + "\n" + more)
                .toString();
    }

    /// Helpers of an image of this lab, which no other test uses.
    private static List<String> helpers(String image, String... which) {
        String[] all = {
            "-q", "--filter", "label=writeprobe.helper", "--filter", "ancestor=" + image
        };
        return lab.docker(
                        Stream.of(Stream.of("ps"), Arrays.stream(which), Arrays.stream(all))
                                .flatMap(s -> s)
                                .toArray(String[]::new))
                .lines()
                .toList();
    }

    private static String awaitHelper(String image) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            List<String> running = helpers(image, "--filter", "status=running");
            if (!running.isEmpty()) {
                return running.getFirst();
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no helper came");
    }

    private static void awaitNoHelper(String image, Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (!helpers(image, "-a").isEmpty() && System.nanoTime() < until) {
            Thread.sleep(100);
        }
        assertThat(helpers(image, "-a"))
                .as(() -> lab.docker("ps", "-a", "--filter", "label=writeprobe.helper"))
                .isEmpty();
    }

    @Test
    void aContainerWithoutAShellIsVerified() throws Exception {
        String container = lab.start(Lab.Image.NO_SHELL, "--read-only", "--tmpfs", "/tmp");
        Lab.Run exec = lab.writeprobe("audit", "--witness", "exec", container);
        assertThat(exec.code()).as(exec.output()).isEqualTo(3);
        assertThat(exec.unwrapped()).contains("1 unverified", "the image has no shell");

        Lab.Run sidecar =
                lab.writeprobe(
                        "audit",
                        "--witness",
                        "sidecar",
                        "--config.file",
                        configuration(lab.image(Lab.Image.BUSYBOX), ""),
                        container);
        assertThat(sidecar.code()).as(sidecar.output()).isZero();
        assertThat(sidecar.unwrapped()).contains("1 container: 1 compliant");
        awaitNoHelper(lab.image(Lab.Image.BUSYBOX), Duration.ofSeconds(5));
    }

    @Test
    void aServiceWithAnUnknownUidIsProbedAndRootToo() throws Exception {
        String container =
                lab.start(
                        Lab.Image.NO_SHELL,
                        "--user",
                        "4711:4712",
                        "--tmpfs",
                        "/own:uid=4711,mode=700",
                        "--tmpfs",
                        "/run:exec,mode=755");
        ProbeResult service = probe(container, ProbeIdentity.SERVICE, List.of("/", "/own", "/run"));
        assertThat(at(service, "/").uid()).hasValue(4711);
        assertThat(errno(service, "/")).contains(Errno.EACCES);
        assertThat(errno(service, "/run")).contains(Errno.EACCES);
        assertThat(at(service, "/own").write()).isEqualTo(new WriteResult.Writable());
        assertThat(at(service, "/own").execute())
                .isEqualTo(new FileExecutionResult.Refused(Errno.EACCES));
        ProbeResult root = probe(container, ProbeIdentity.ROOT, List.of("/", "/run"));
        assertThat(at(root, "/").uid()).hasValue(0);
        assertThat(at(root, "/").write()).isEqualTo(new WriteResult.Writable());
        assertThat(at(root, "/run").execute()).isEqualTo(new FileExecutionResult.Ran());
        assertThat(lab.docker("diff", container)).doesNotContain("writeprobe");
    }

    @Test
    void aRootThatMayNotPassOverPermissionsIsRefusedHereToo() throws Exception {
        String image =
                lab.image(Lab.Image.BUSYBOX, "own", "mkdir -m 700 $tree/own; chown 4711 $tree/own");
        List<String> sleep = List.of("sleep", "3600");
        assertThat(
                        errno(
                                probe(
                                        lab.start(image, sleep, "--cap-drop", "ALL"),
                                        ProbeIdentity.ROOT,
                                        List.of("/own")),
                                "/own"))
                .contains(Errno.EACCES);
        assertThat(
                        at(
                                        probe(
                                                lab.start(image, sleep),
                                                ProbeIdentity.ROOT,
                                                List.of("/own")),
                                        "/own")
                                .write())
                .isEqualTo(new WriteResult.Writable());
    }

    @Test
    void aContainerThatSharesItsPidNamespaceIsNotTouched() throws Exception {
        String other = lab.start(Lab.Image.BUSYBOX);
        for (String pid : List.of("host", "container:" + other)) {
            ProbeResult t =
                    probe(
                            lab.start(Lab.Image.BUSYBOX, "--pid", pid),
                            ProbeIdentity.ROOT,
                            List.of("/tmp"));
            assertThat(trouble(t)).as(pid).isEqualTo(InconclusiveCause.UNREACHABLE);
            assertThat(t.observations()).isEmpty();
        }
    }

    @Test
    void aMissingOrUnusableImageIsReported() throws Exception {
        String container = lab.id(lab.start(Lab.Image.NO_SHELL));
        ProbeResult missing =
                witness("writeprobe-no-such-image:1", TIMEOUT)
                        .probe(container, ProbeIdentity.SERVICE, List.of("/"));
        assertThat(trouble(missing)).isEqualTo(InconclusiveCause.EXEC_FAILED);
        assertThat(missing.trouble().orElseThrow().detail())
                .contains("writeprobe-no-such-image:1", "docker pull");
        String withoutBusybox = lab.image(Lab.Image.NO_SHELL);
        ProbeResult none =
                witness(withoutBusybox, TIMEOUT)
                        .probe(container, ProbeIdentity.SERVICE, List.of("/"));
        assertThat(trouble(none)).isEqualTo(InconclusiveCause.EXEC_FAILED);
        assertThat(none.trouble().orElseThrow().detail()).contains("busybox");
        assertThat(helpers(withoutBusybox, "-a")).isEmpty();
    }

    @Test
    void inAutoItIsUsedOnlyWhereNoOtherWitnessHasAResult() throws Exception {
        String shell = lab.start(Lab.Image.BUSYBOX);
        String shellless = lab.start(Lab.Image.NO_SHELL);
        Optional<String> image = Optional.of(lab.image(Lab.Image.BUSYBOX));
        try (ProcfsWitness none = ProcfsWitness.unavailable("a remote engine");
                ProcfsWitness kernel = ProcfsWitness.open()) {
            assertThat(usedWitnesses(shellless, none, image))
                    .containsExactly(WitnessName.EXEC, WitnessName.SIDECAR);
            assertThat(usedWitnesses(shell, none, image)).containsExactly(WitnessName.EXEC);
            assertThat(usedWitnesses(shellless, none, Optional.empty()))
                    .containsExactly(WitnessName.EXEC);
            assertThat(kernel.unavailableReason()).isEmpty();
            assertThat(usedWitnesses(shellless, kernel, image))
                    .containsExactly(WitnessName.EXEC, WitnessName.PROCFS);
        }
    }

    /// The witnesses that were used, without those that are only listed as unavailable.
    private static List<WitnessName> usedWitnesses(
            String container, ProcfsWitness procfs, Optional<String> image) throws Exception {
        Container declared = engine.inspect(container).orElseThrow().container();
        ProbeSettings probing =
                ProbeSettings.DEFAULT.toBuilder()
                        .paths(List.of("/tmp"))
                        .timeout(TIMEOUT)
                        .sidecarImage(image)
                        .build();
        return new WitnessRunner(probing, engine, procfs)
                .probe(declared, List.of("/")).all().stream()
                        .filter(t ->
                                t.trouble()
                                        .filter(i -> i.cause() == InconclusiveCause.UNREACHABLE)
                                        .isEmpty())
                        .map(ProbeResult::witness)
                        .distinct()
                        .toList();
    }

    @Test
    void aHelperHasNoNetworkNoDiskAndFewRights() throws Exception {
        String image = lab.image(Lab.Image.BUSYBOX, "late", INSTEAD.formatted(LATE));
        String container = lab.id(lab.start(Lab.Image.NO_SHELL, "--cap-drop", "DAC_OVERRIDE"));
        CompletableFuture<ProbeResult> result = inBackground(image, container, TIMEOUT);
        JsonNode helper =
                new JsonMapper().readTree(lab.docker("inspect", awaitHelper(image))).path(0);
        JsonNode host = helper.path("HostConfig");
        assertThat(host.path("NetworkMode").asText()).isEqualTo("none");
        assertThat(host.path("PidMode").asText()).isEqualTo("container:" + container);
        assertThat(host.path("ReadonlyRootfs").asBoolean()).isTrue();
        assertThat(host.path("AutoRemove").asBoolean()).isTrue();
        assertThat(host.path("Privileged").asBoolean()).isFalse();
        assertThat(host.path("CapDrop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(host.path("CapAdd").toString())
                .isEqualTo("[\"SYS_PTRACE\",\"SYS_CHROOT\",\"SETUID\",\"SETGID\"]");
        assertThat(host.path("SecurityOpt").toString()).isEqualTo("[\"no-new-privileges\"]");
        assertThat(host.path("PidsLimit").asInt()).isPositive();
        assertThat(host.path("Memory").asLong()).isPositive();
        assertThat(helper.path("Mounts").size()).isZero();
        assertThat(engine.inspect(helper.path("Id").asText()).orElseThrow().exclusion())
                .contains(ExcludedContainer.Reason.HELPER);
        assertThat(result.get(20, TimeUnit.SECONDS).trouble()).isEmpty();
    }

    private static final String LATE = "sleep 2\\nexec busybox-itself \"$@\"";

    /// On a separate thread: the lab's commands need the common pool.
    private static CompletableFuture<ProbeResult> inBackground(
            String image, String container, Duration timeout) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return witness(image, timeout)
                                .probe(container, ProbeIdentity.SERVICE, List.of("/"));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                Thread.ofPlatform().daemon()::start);
    }

    @Test
    void aHelperThatHangsIsRemovedAfterItsTimeOut() throws Exception {
        String image = lab.image(Lab.Image.BUSYBOX, "hung", INSTEAD.formatted("sleep 3600"));
        String container = lab.start(Lab.Image.NO_SHELL);
        ProbeResult t =
                witness(image, Duration.ofSeconds(3))
                        .probe(lab.id(container), ProbeIdentity.SERVICE, List.of("/"));
        assertThat(trouble(t)).isEqualTo(InconclusiveCause.TIMED_OUT);
        assertThat(t.took()).isLessThan(Duration.ofSeconds(10));
        awaitNoHelper(image, Duration.ofSeconds(5));
        assertThat(lab.docker("inspect", "-f", "{{.State.Running}}", container).strip())
                .isEqualTo("true");
    }

    @Tag("long")
    @Test
    void aHelperEndsWithAnAuditorThatIsKilled() throws Exception {
        String image = lab.image(Lab.Image.BUSYBOX, "orphan", INSTEAD.formatted(LATE));
        String container = lab.start(Lab.Image.NO_SHELL, "--read-only");
        String configuration = configuration(image, "  timeout: 20s\n");
        String[] audit = {
            "audit", "--witness", "sidecar", "--config.file", configuration, container
        };
        Process killed =
                new ProcessBuilder(Lab.command(audit))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        awaitHelper(image);
        killed.destroyForcibly();
        assertThat(killed.waitFor(10, TimeUnit.SECONDS)).isTrue();
        awaitNoHelper(image, Duration.ofSeconds(10));
        Lab.Run next = lab.writeprobe(audit);
        assertThat(next.code()).as(next.output()).isZero();
        awaitNoHelper(image, Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void killedAuditLeavesNoHelper(String signal) throws Exception {
        String image =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "ended-" + signal.toLowerCase(Locale.ROOT),
                        INSTEAD.formatted(LATE));
        String container = lab.start(Lab.Image.NO_SHELL, "--read-only");
        Process audit =
                new ProcessBuilder(
                                Lab.command(
                                        "audit",
                                        "--witness",
                                        "sidecar",
                                        "--config.file",
                                        configuration(image, "  timeout: 20s\n"),
                                        container))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        awaitHelper(image);
        Lab.run(Map.of(), List.of("kill", "-s", signal, Long.toString(audit.pid())));
        assertThat(audit.waitFor(15, TimeUnit.SECONDS)).isTrue();
        // It ends with its connection, as soon as it reads its standard input again.
        awaitNoHelper(image, Duration.ofSeconds(10));
    }

    @Tag("long")
    @Test
    void anAgentAsksByHelpersThatItNeverTakesForContainers() throws Exception {
        lab.removeContainers();
        String image = lab.image(Lab.Image.BUSYBOX, "agent", "true");
        String good = lab.start(Lab.Image.NO_SHELL, "--read-only", "--tmpfs", "/tmp");
        String bad = lab.start(Lab.Image.NO_SHELL);
        String configuration =
                "probe: {witness: sidecar, sidecar-image: '%s', interval: 1s, exec-interval: 2s}\n"
                        .formatted(image);
        try (RunningAgent agent = RunningAgent.start(configuration)) {
            agent.awaitSample("writeprobe_container_compliant", 1, good);
            agent.awaitSample("writeprobe_finding", 1, bad, "exposed");
            String third = lab.start(Lab.Image.NO_SHELL, "--read-only");
            agent.awaitSample("writeprobe_container_compliant", 1, third);
            // During some cycles, helpers are created and removed, and none is ever reported.
            RunningAgent.pause(Duration.ofSeconds(5));
            assertThat(agent.samples("writeprobe_container_info", "image=\"" + image)).isEmpty();
            assertThat(agent.hasLogged(e -> e.path("container").asText().startsWith("writeprobe-")))
                    .isFalse();
            // A process that is killed can leave a helper that was created and not started yet.
            agent.signal("TERM");
            agent.awaitExit(Duration.ofSeconds(10));
        }
        awaitNoHelper(image, Duration.ofSeconds(5));
    }

    @Test
    void anAgentThatWasKilledLeavesNothingThatTheNextOneDoesNotRemove() throws Exception {
        lab.removeContainers();
        String image = lab.image(Lab.Image.BUSYBOX, "agent-killed", INSTEAD.formatted(LATE));
        String container = lab.start(Lab.Image.NO_SHELL, "--read-only");
        String configuration =
                "probe: {witness: sidecar, sidecar-image: '%s', timeout: 15s}\n".formatted(image);
        try (RunningAgent agent = RunningAgent.start(configuration)) {
            awaitHelper(image);
            agent.signal("KILL");
            // A running helper ends with its connection.
            awaitNoHelper(image, Duration.ofSeconds(10));
        }
        // A helper that was created and not started yet can remain.
        String never =
                renamed(
                        lab.create(
                                Lab.Image.DASH,
                                "--label",
                                "writeprobe.helper=sidecar",
                                "--label",
                                LIFE + "1"));
        Thread.sleep(2000);
        try (RunningAgent agent = RunningAgent.start(configuration)) {
            agent.awaitSample("writeprobe_container_verified", 1, container);
            assertThat(lab.docker("ps", "-a", "--format", "{{.Names}}").lines())
                    .contains(container)
                    .doesNotContain(never);
            agent.signal("TERM");
            agent.awaitExit(Duration.ofSeconds(10));
        }
        awaitNoHelper(image, Duration.ofSeconds(5));
    }

    @Test
    void theNextRunRemovesWhatAKilledOneLeftAndNothingThatOneAliveMayNeed() throws Exception {
        String[] orphan = {"--label", "writeprobe.helper=sidecar", "--label", LIFE + "1"};
        String running = renamed(lab.start(Lab.Image.DASH, orphan));
        String never = renamed(lab.create(Lab.Image.DASH, orphan));
        String others =
                renamed(
                        lab.start(
                                Lab.Image.DASH,
                                "--label",
                                "writeprobe.helper=sidecar",
                                "--label",
                                LIFE + "600"));
        String container = lab.start(Lab.Image.NO_SHELL, "--read-only");
        Thread.sleep(2000);
        Lab.Run run =
                lab.writeprobe(
                        "audit",
                        "--config.file",
                        configuration(lab.image(Lab.Image.BUSYBOX), ""),
                        container);
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(lab.docker("ps", "-a", "--format", "{{.Names}}").lines())
                .contains(others, container)
                .doesNotContain(running, never);
    }

    /// Renames a container to a name like a helper's.
    private static String renamed(String container) {
        lab.docker("rename", container, "writeprobe-" + container);
        return "writeprobe-" + container;
    }

    @Test
    void helpersAreExcludedOnlyForTheirLifetime() throws Exception {
        String helper =
                renamed(
                        lab.start(
                                Lab.Image.DASH,
                                "--label",
                                "writeprobe.helper=clone",
                                "--label",
                                LIFE + "600"));
        String old =
                lab.start(
                        Lab.Image.DASH,
                        "--label",
                        "writeprobe.helper=clone",
                        "--label",
                        LIFE + "1");
        // A helper has power over the container that it probes: only the process that created it
        // knows it, by its id.
        String sidecar =
                renamed(
                        lab.start(
                                Lab.Image.DASH,
                                "--label",
                                "writeprobe.helper=sidecar",
                                "--label",
                                LIFE + "600"));
        Thread.sleep(2000);
        Lab.Run all =
                lab.writeprobe("audit", "--format", "json", "--filter", "label=" + lab.label());
        List<String> judged =
                new JsonMapper().readTree(all.out()).path("containers").findValuesAsText("name");
        assertThat(judged).contains(old, sidecar).doesNotContain(helper);
        Lab.Run one = lab.writeprobe("audit", helper);
        assertThat(one.code()).as("who is named is judged").isEqualTo(1);
        assertThat(one.out()).contains("exposed");
    }

    @Test
    void itNeedsAnImage() throws Exception {
        Lab.Run run = lab.writeprobe("audit", "--witness", "sidecar");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("probe.sidecar-image");
        Path file =
                Files.writeString(
                        lab.directory("config").resolve("none"), "probe:\n  witness: sidecar\n");
        Lab.Run agent = lab.writeprobe("agent", "--config.check", "--config.file", file.toString());
        assertThat(agent.code()).isEqualTo(2);
        assertThat(agent.err()).contains("requires probe.sidecar-image");
    }
}

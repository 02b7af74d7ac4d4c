package io.github.writeprobe.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.docker.transport.ApiVersion;
import io.github.writeprobe.docker.transport.TimeLimiter;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.it.Lab;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ExecWitness;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the real engine declares, and how it runs commands.
class DockerEngineIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static Lab lab;
    private static Engine engine;

    @TempDir Path host;

    @BeforeAll
    static void open() throws Exception {
        lab = Lab.open();
        engine = DockerEngines.open(List.of(), System.getenv(), LIMIT).getFirst();
    }

    @AfterAll
    static void close() {
        engine.close();
        lab.close();
    }

    private static String run(String... options) {
        return lab.id(lab.start(Lab.Image.BUSYBOX, options));
    }

    private static String run(List<String> command) {
        return lab.id(lab.start(lab.image(Lab.Image.BUSYBOX), command));
    }

    private static Container inspect(String... options) throws Exception {
        return inspected(run(options)).container();
    }

    private static Engine.Inspected inspected(String id) throws Exception {
        return engine.inspect(id).orElseThrow();
    }

    private static ExecOutcome exec(String container, Duration limit, String... command)
            throws InterruptedException {
        return engine.execs().run(container, List.of(command), Optional.empty(), limit, 1_000_000);
    }

    private static InconclusiveCause cause(ExecOutcome outcome) {
        return switch (outcome) {
            case ExecOutcome.Failed failed -> failed.cause();
            case ExecOutcome.Finished finished ->
                    throw new AssertionError("it finished: " + finished);
        };
    }

    @Test
    void theEngineAgreesOnAVersion() throws Exception {
        Engine.Identified identified = engine.identify();
        assertThat(identified.version())
                .isEqualTo(lab.docker("version", "-f", "{{.Server.Version}}").strip());
        assertThat(ApiVersion.parse(identified.apiVersion()).orElseThrow())
                .isBetween(ApiVersion.OLDEST, ApiVersion.NEWEST);
    }

    @Test
    void aPlainContainerHasAWritableRootfsAndTheDefaultCapabilities() throws Exception {
        Container plain = inspect();
        assertThat(plain.readonlyRootfs()).isFalse();
        assertThat(plain.mounts()).isEmpty();
        assertThat(plain.image()).isEqualTo(lab.image(Lab.Image.BUSYBOX));
        assertThat(plain.user()).isEmpty();
        assertThat(plain.init()).isFalse();
        // The kernel shows whether this is the effective set.
        assertThat(lab.exec(plain.id(), "grep CapEff /proc/self/status").strip())
                .endsWith("00000000a80425fb");
        assertThat(plain.capabilities()).hasSize(Long.bitCount(0xa80425fbL));
    }

    @Test
    void everyMountIsDeclared() throws Exception {
        String volume = lab.volume();
        Container container =
                inspect(
                        "--read-only",
                        "-v",
                        host + ":/rw",
                        "-v",
                        host + ":/ro/:ro",
                        "-v",
                        volume + ":/data",
                        "--mount",
                        "type=bind,src=" + host + ",dst=/private,bind-propagation=private",
                        "--mount",
                        "type=tmpfs,dst=/mt,tmpfs-size=1048576,tmpfs-mode=0700",
                        "--tmpfs",
                        "/t:size=1m,mode=1777",
                        "--tmpfs",
                        "/tro:ro");
        assertThat(container.readonlyRootfs()).isTrue();
        assertThat(container.mounts())
                .containsExactlyInAnyOrder(
                        new DeclaredMount(
                                "/rw", MountKind.BIND, host.toString(), true, "rprivate", ""),
                        new DeclaredMount(
                                "/ro", MountKind.BIND, host.toString(), false, "rprivate", ""),
                        new DeclaredMount(
                                "/private", MountKind.BIND, host.toString(), true, "private", ""),
                        new DeclaredMount("/data", MountKind.VOLUME, volume, true, "", ""),
                        new DeclaredMount(
                                "/mt", MountKind.TMPFS, "tmpfs", true, "", "size=1048576,mode=700"),
                        new DeclaredMount(
                                "/t", MountKind.TMPFS, "tmpfs", true, "", "size=1m,mode=1777"),
                        new DeclaredMount("/tro", MountKind.TMPFS, "tmpfs", false, "", "ro"));
        assertThat(engine.list(Map.of("id", List.of(container.id()))).containers())
                .singleElement()
                .satisfies(listed ->
                        assertThat(listed.mountSources())
                                .containsExactlyInAnyOrder(volume, host.toString()));
    }

    @Test
    void userCapabilitiesAndInitAreDeclared() throws Exception {
        Container container =
                inspect(
                        "--user",
                        "1000:1000",
                        "--cap-drop",
                        "ALL",
                        "--cap-add",
                        "sys_admin",
                        "--cap-add",
                        "CAP_KILL",
                        "--init");
        assertThat(container.user()).isEqualTo("1000:1000");
        assertThat(container.capabilities()).containsExactlyInAnyOrder("SYS_ADMIN", "KILL");
        assertThat(container.init()).isTrue();
        assertThat(container.privileged()).isFalse();
    }

    @Test
    void aPrivilegedContainerHasAllCapabilities() throws Exception {
        // Only created: in a sandbox the kernel may refuse to start it.
        Container container = inspected(lab.create(Lab.Image.BUSYBOX, "--privileged")).container();
        assertThat(container.privileged()).isTrue();
        assertThat(container.capabilities()).contains("SYS_ADMIN", "SYS_MODULE");
    }

    @Test
    void orchestratorsAreRecognised() throws Exception {
        Container container =
                inspect(
                        "--label",
                        "com.docker.compose.project=shop",
                        "--label",
                        "com.docker.compose.service=web",
                        "--label",
                        "com.docker.swarm.service.name=shop_web",
                        "--label",
                        "io.kubernetes.pod.name=web-0",
                        "--label",
                        "io.kubernetes.pod.namespace=prod",
                        "--label",
                        "io.kubernetes.container.name=nginx");
        assertThat(container.workload())
                .isEqualTo(
                        new WorkloadLabels(
                                "shop", "web", "shop_web", "web-0", "prod", "nginx", "", ""));
    }

    @Test
    void pausedContainersAreListedAndRunButTakeNoExec() throws Exception {
        String id = run();
        lab.docker("pause", id);
        try {
            assertThat(inspected(id).running()).isTrue();
            assertThat(inspected(id).container().paused()).isTrue();
            assertThat(engine.list(Map.of("id", List.of(id))).containers()).hasSize(1);
            assertThat(cause(exec(id, LIMIT, "true"))).isEqualTo(InconclusiveCause.PAUSED);
        } finally {
            lab.docker("unpause", id);
        }
    }

    @Test
    void stoppedContainersAreNotListedAndTakeNoExec() throws Exception {
        String id = run(List.of("true"));
        lab.docker("wait", id);
        assertThat(inspected(id).running()).isFalse();
        assertThat(engine.list(Map.of("id", List.of(id))).containers()).isEmpty();
        assertThat(cause(exec(id, LIMIT, "true"))).isEqualTo(InconclusiveCause.NOT_RUNNING);
        lab.docker("rm", id);
        assertThat(engine.inspect(id)).isEmpty();
        assertThat(cause(exec(id, LIMIT, "true"))).isEqualTo(InconclusiveCause.GONE);
    }

    @Test
    void bothOutputsAreReceivedInOrder() throws Exception {
        String id = run();
        assertThat(
                        exec(
                                id,
                                LIMIT,
                                "sh",
                                "-c",
                                "echo out; sleep 0.5; echo err >&2; sleep 0.5; pwd; id -u"))
                .isEqualTo(new ExecOutcome.Finished("out\nerr\n/\n0\n"));
        assertThat(engine.execs().run(id, List.of("id", "-u"), Optional.of("7:7"), LIMIT, 1000))
                .isEqualTo(new ExecOutcome.Finished("7\n"));
    }

    @Test
    void theProbeScriptRunsInAContainer() throws Exception {
        String id = run("--read-only", "--tmpfs", "/tmp");
        ProbeResult result =
                new ExecWitness(engine.execs(), LIMIT, true)
                        .probe(id, ProbeIdentity.SERVICE, List.of("/", "/tmp"));
        assertThat(result.trouble()).isEmpty();
        assertThat(result.observations())
                .filteredOn(o -> o.path().equals("/tmp"))
                .singleElement()
                .satisfies(o -> assertThat(o.write()).isEqualTo(new WriteResult.Writable()));
        assertThat(result.observations())
                .filteredOn(o -> o.path().equals("/"))
                .singleElement()
                .satisfies(o -> assertThat(o.write()).isInstanceOf(WriteResult.Refused.class));
    }

    /// A subscriber on its own thread.
    private static final class Follower implements Engine.Listener, AutoCloseable {
        private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final Thread thread;

        Follower(Optional<Instant> since) throws InterruptedException {
            thread =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    engine.follow(since, this);
                                } catch (EngineUnavailable | InterruptedException e) {
                                    received.add(e);
                                }
                            });
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("following");
        }

        @Override
        public void onSubscribed() {
            received.add("following");
        }

        @Override
        public void onEvent(Engine.Event event) {
            received.add(event);
        }

        /// The events of a container within one second. Other tests may cause events meanwhile.
        Optional<Engine.Event> of(String container) throws InterruptedException {
            long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            while (true) {
                Object next = received.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    return Optional.empty();
                }
                if (((Engine.Event) next).container().equals(container)) {
                    return Optional.of((Engine.Event) next);
                }
            }
        }

        @Override
        public void close() {
            thread.interrupt();
            assertThat(TimeLimiter.join(thread, Duration.ofSeconds(1))).as("it ended").isTrue();
        }
    }

    @Test
    void eventsOfAContainerAreReceivedInOrderAndAgainWithSince() throws Exception {
        String id = lab.id(lab.create(Lab.Image.BUSYBOX));
        Map<Engine.Action, List<String>> commands = new EnumMap<>(Engine.Action.class);
        commands.put(Engine.Action.START, List.of("start", id));
        commands.put(Engine.Action.PAUSE, List.of("pause", id));
        commands.put(Engine.Action.UNPAUSE, List.of("unpause", id));
        commands.put(Engine.Action.RENAME, List.of("rename", id, "wplab-" + id));
        commands.put(Engine.Action.UPDATE, List.of("update", "--restart", "no", id));
        commands.put(Engine.Action.DIE, List.of("kill", id));
        commands.put(Engine.Action.DESTROY, List.of("rm", id));
        List<Engine.Event> received = new ArrayList<>();
        try (Follower follower = new Follower(Optional.empty())) {
            for (Engine.Action action : Engine.Action.values()) {
                lab.docker(commands.getOrDefault(action, List.of()).toArray(String[]::new));
                Engine.Event event = follower.of(id).orElseThrow();
                assertThat(event.action()).isEqualTo(action);
                assertThat(event.at())
                        .isBetween(Instant.now().minusSeconds(10), Instant.now().plusSeconds(1));
                received.add(event);
                if (action == Engine.Action.UPDATE) {
                    assertThat(exec(id, LIMIT, "echo", "x"))
                            .isEqualTo(new ExecOutcome.Finished("x\n"));
                    lab.exec(id, "true");
                    assertThat(follower.of(id)).as("an exec").isEmpty();
                }
            }
        }
        try (Follower again = new Follower(Optional.of(received.get(1).at()))) {
            for (Engine.Event event : received.subList(1, received.size())) {
                assertThat(again.of(id)).contains(event);
            }
            assertThat(again.of(id)).isEmpty();
        }
    }

    @Test
    void followingLeavesNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            new Follower(Optional.empty()).close();
        }
        int before = descriptors();
        for (int i = 0; i < 20; i++) {
            new Follower(Optional.empty()).close();
        }
        // Idle connections wait in the pool for the next call, and other tests do not run at once.
        assertThat(descriptors()).isLessThanOrEqualTo(before + 1);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("engine-events"));
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    @Test
    void atMostThreeProbesKeepRunningIfTheShellHangs() throws Exception {
        String image =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "deaf",
                        """
                        rm $tree/bin/sh
                        cat >$tree/bin/sh <<'END'
                        #!/bin/busybox ash
                        trap '' HUP INT TERM PIPE
                        exec /bin/busybox sleep 7777 </dev/null >/dev/null 2>&1
                        END
                        chmod 755 $tree/bin/sh
                        """);
        String id = lab.id(lab.start(image, List.of("/bin/busybox", "sleep", "3600")));
        ExecWitness witness = new ExecWitness(engine.execs(), Duration.ofSeconds(1), true);
        for (int i = 0; i < 10; i++) {
            ProbeResult result = witness.probe(id, ProbeIdentity.SERVICE, List.of("/"));
            assertThat(result.trouble().orElseThrow().cause())
                    .isEqualTo(InconclusiveCause.TIMED_OUT);
        }
        assertThat(
                        lab.docker("top", id)
                                .lines()
                                .filter(line -> line.contains("sleep 7777"))
                                .count())
                .isEqualTo(3);
        assertThat(exec(id, LIMIT, "true"))
                .isEqualTo(
                        new ExecOutcome.Failed(
                                InconclusiveCause.TIMED_OUT,
                                "3 earlier probes still run in the container"));
    }

    @Test
    void endlessOutputIsHungUpOn() throws Exception {
        String id = run();
        assertThat(cause(exec(id, LIMIT, "yes"))).isEqualTo(InconclusiveCause.OUTPUT_CAPPED);
    }

    @Test
    void standardInputEndsWithTheConnection() throws Exception {
        String id = run();
        assertThat(
                        cause(
                                exec(
                                        id,
                                        Duration.ofSeconds(1),
                                        "sh",
                                        "-c",
                                        "read x; : > /input-ended; sleep 99")))
                .isEqualTo(InconclusiveCause.TIMED_OUT);
        assertThat(
                        lab.exec(
                                        id,
                                        "i=0; while [ ! -e /input-ended ] && [ $i -lt 50 ]; do sleep 0.1; i=$((i+1)); done; ls /input-ended")
                                .strip())
                .isEqualTo("/input-ended");
    }

    @Test
    void standardInputStaysOpenAsLongAsTheConnection() throws Exception {
        String id = run();
        assertThat(
                        exec(
                                id,
                                LIMIT,
                                "sh",
                                "-c",
                                "exec 3<&0; (read x <&3; echo ended) & sleep 1; echo open; kill $!"))
                .isEqualTo(new ExecOutcome.Finished("open\n"));
    }

    @Test
    void aContainerThatEndsUnderAnExecIsNotRunning() throws Exception {
        String id = run(List.of("sleep", "2"));
        assertThat(cause(exec(id, LIMIT, "sleep", "60"))).isEqualTo(InconclusiveCause.NOT_RUNNING);
    }
}

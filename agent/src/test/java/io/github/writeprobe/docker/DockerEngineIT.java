package io.github.writeprobe.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.it.Lab;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Origin;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Testimony;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ExecWitness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static Cause cause(ExecOutcome outcome) {
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
        // Whether this is the effective set is for the kernel to say.
        assertThat(lab.in(plain.id(), "grep CapEff /proc/self/status").strip())
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
        assertThat(engine.list(Map.of("id", List.of(container.id()))))
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
        assertThat(container.origin())
                .isEqualTo(new Origin("shop", "web", "shop_web", "web-0", "prod", "nginx"));
    }

    @Test
    void pausedContainersAreListedAndRunButTakeNoExec() throws Exception {
        String id = run();
        lab.docker("pause", id);
        try {
            assertThat(inspected(id).running()).isTrue();
            assertThat(inspected(id).container().paused()).isTrue();
            assertThat(engine.list(Map.of("id", List.of(id)))).hasSize(1);
            assertThat(cause(exec(id, LIMIT, "true"))).isEqualTo(Cause.PAUSED);
        } finally {
            lab.docker("unpause", id);
        }
    }

    @Test
    void stoppedContainersAreNotListedAndTakeNoExec() throws Exception {
        String id = run(List.of("true"));
        lab.docker("wait", id);
        assertThat(inspected(id).running()).isFalse();
        assertThat(engine.list(Map.of("id", List.of(id)))).isEmpty();
        assertThat(cause(exec(id, LIMIT, "true"))).isEqualTo(Cause.NOT_RUNNING);
        lab.docker("rm", id);
        assertThat(engine.inspect(id)).isEmpty();
        assertThat(cause(exec(id, LIMIT, "true"))).isEqualTo(Cause.GONE);
    }

    @Test
    void bothOutputsAreHeardInOrder() throws Exception {
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
    void aProbeScriptTestifies() throws Exception {
        String id = run("--read-only", "--tmpfs", "/tmp");
        Testimony testimony =
                new ExecWitness(engine.execs(), LIMIT, true)
                        .testify(id, Identity.SERVICE, List.of("/", "/tmp"));
        assertThat(testimony.trouble()).isEmpty();
        assertThat(testimony.observations())
                .filteredOn(o -> o.path().equals("/tmp"))
                .singleElement()
                .satisfies(o -> assertThat(o.write()).isEqualTo(new Write.Writable()));
        assertThat(testimony.observations())
                .filteredOn(o -> o.path().equals("/"))
                .singleElement()
                .satisfies(o -> assertThat(o.write()).isInstanceOf(Write.Refused.class));
    }

    @Test
    void endlessOutputIsHungUpOn() throws Exception {
        String id = run();
        assertThat(cause(exec(id, LIMIT, "yes"))).isEqualTo(Cause.OUTPUT_CAPPED);
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
                .isEqualTo(Cause.TIMED_OUT);
        assertThat(
                        lab.in(
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
        assertThat(cause(exec(id, LIMIT, "sleep", "60"))).isEqualTo(Cause.NOT_RUNNING);
    }
}

package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItemEvidence;
import io.github.writeprobe.recommend.prove.Clone;
import io.github.writeprobe.recommend.prove.Clone.Condition;
import io.github.writeprobe.recommend.prove.CloneEnvironment;
import io.github.writeprobe.recommend.prove.CloneEnvironment.Made;
import io.github.writeprobe.recommend.prove.CloneEnvironment.Prepared;
import io.github.writeprobe.recommend.prove.CloneEnvironmentFactory;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clones are like their originals, cannot touch them, and leave nothing behind.
class CloneEnvironmentIT {
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final long BYTES = 64L << 20;
    private static final List<ProposalItemEvidence> SEEN =
            List.of(new ProposalItemEvidence(WriteEvidenceSource.DIFF, "seen"));
    private static final JsonMapper JSON = new JsonMapper();

    private static Lab lab;
    private static Engine connected;

    private List<String> before;
    private CloneEnvironment cloneEnvironment;

    @BeforeAll
    static void open() throws Exception {
        lab = Lab.open();
        connected =
                DockerEngines.open(List.of(), System.getenv(), Duration.ofSeconds(10)).getFirst();
    }

    @AfterAll
    static void close() {
        connected.close();
        lab.close();
    }

    @BeforeEach
    void openEnvironment() {
        before = cloneResources();
        cloneEnvironment =
                connected.ability(CloneEnvironmentFactory.class).orElseThrow().open(LIFE, BYTES);
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(cloneEnvironment.clear()).isEmpty();
        assertThat(cloneResources()).isEqualTo(before);
    }

    private static List<String> cloneResources() {
        return CloneLeftovers.of(lab);
    }

    private static ProposalTarget subject(String container) throws Exception {
        return connected
                .ability(RecommendEngine.class)
                .orElseThrow()
                .subject(container)
                .orElseThrow();
    }

    private Prepared.Ready prepare(ProposalTarget subject) throws Exception {
        Prepared prepared = cloneEnvironment.prepare(subject);
        assertThat(prepared).isInstanceOf(Prepared.Ready.class);
        return (Prepared.Ready) prepared;
    }

    private Clone make(ProposalTarget subject, boolean readOnly, ProposalItem... provisions)
            throws Exception {
        Made made = cloneEnvironment.make(subject, List.of(provisions), readOnly, LIFE);
        assertThat(made).isInstanceOf(Made.Ready.class);
        return ((Made.Ready) made).copy();
    }

    private Clone start(ProposalTarget subject, boolean readOnly, ProposalItem... provisions)
            throws Exception {
        Clone clone = make(subject, readOnly, provisions);
        assertThat(clone.start()).isEmpty();
        return clone;
    }

    private static JsonNode inspect(String container) throws Exception {
        return JSON.readTree(lab.docker("inspect", container)).path(0);
    }

    private static String exec(Clone clone, String command) {
        return lab.exec(clone.name(), command).strip();
    }

    /// A clone that saw the whole volume would see what the original cannot.
    @Test
    void aCloneSeesNoMoreOfVolumesAndImagesThanItsOriginal() throws Exception {
        String api = lab.docker("version", "-f", "{{.Server.APIVersion}}").strip();
        assumeThat(Integer.parseInt(api.substring(2)))
                .as("subpaths and images need API 1.48")
                .isGreaterThanOrEqualTo(48);
        String volume = lab.volume();
        String image = lab.image(Lab.Image.BUSYBOX);
        lab.docker(
                "run",
                "--rm",
                "-v",
                volume + ":/v",
                image,
                "sh",
                "-c",
                "mkdir /v/mine /v/other; echo mine >/v/mine/f; echo other >/v/other/f;"
                        + " dd if=/dev/zero of=/v/mine/big bs=1M count=70 2>/dev/null;"
                        + " mkdir /v/small; echo small >/v/small/f");
        String original =
                lab.start(
                        Lab.Image.BUSYBOX,
                        "--mount",
                        "type=volume,src=" + volume + ",dst=/big,volume-subpath=mine,readonly",
                        "--mount",
                        "type=volume,src=" + volume + ",dst=/small,volume-subpath=small",
                        "--mount",
                        "type=volume,src=" + volume + ",dst=/etc/f,volume-subpath=mine/f,readonly",
                        "--mount",
                        "type=image,src=" + image + ",dst=/image,image-subpath=bin");
        before = cloneResources();

        ProposalTarget subject = subject(original);
        Prepared.Ready ready = prepare(subject);
        assertThat(ready.differences()).anyMatch(d -> d.contains("/big is larger"));
        Clone clone = start(subject, true);
        String look = "ls /big /small /image; cat /etc/f /small/f";
        assertThat(exec(clone, look)).isEqualTo(lab.exec(original, look).strip());
        assertThat(exec(clone, look)).contains("mine", "small").doesNotContain("other");
    }

    @Test
    void aCloneWorksOnCopiesAndTheOriginalIsNeverTouched() throws Exception {
        Path directory = lab.directory("touched");
        Path file = Files.writeString(directory.resolve("file"), "original\n");
        Path own = Files.createDirectories(directory.resolve("own"));
        Files.writeString(own.resolve("in"), "original\n");
        Path config = Files.writeString(directory.resolve("config"), "original\n");
        String volume = lab.volume();
        String readOnly = lab.volume();
        String original =
                lab.start(
                        Lab.Image.BUSYBOX,
                        "-v",
                        volume + ":/var/lib/data",
                        "-v",
                        own + ":/own",
                        "-v",
                        file + ":/etc/app/file",
                        "-v",
                        config + ":/etc/app/config:ro",
                        "-v",
                        readOnly + ":/ro:ro",
                        "-v",
                        "/anonymous");
        before = cloneResources();
        lab.exec(
                original,
                """
                cd /var/lib/data; mkdir d; echo original >d/f; echo x >d/g; ln d/g d/hard; ln -s d/f link; mkfifo pipe
                chown 1000:1001 d/f d; chmod 1770 d; chmod 4711 d/f; echo original >/anonymous/f
                touch -d '2020-01-01 00:00:00' d/f d .
                echo mine >/root/only-here; chown 7:8 .; chmod 2750 .; touch -d '2020-01-01 00:00:00' .
                """);
        String listFiles =
                "find /var/lib/data /own /etc/app /anonymous -exec stat -c '%n %F %a %u %g %h %s %Y"
                        + " %Z' {} + | sort; cat /own/in /etc/app/*";
        String state = "{{.State.StartedAt}} {{.State.Pid}} {{.RestartCount}}";
        String untouched = lab.exec(original, listFiles);
        String started = lab.docker("inspect", "-f", state, original);
        List<String> diff = lab.docker("diff", original).lines().toList();

        ProposalTarget subject = subject(original);
        Prepared.Ready ready = prepare(subject);
        assertThat(ready.originalUptime()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(ready.differences()).singleElement().asString().contains("power cut");
        Clone clone = start(subject, true);
        String copied =
                "find /var/lib/data /anonymous -exec stat -c '%n %F %a %u %g %h %s %Y' {} + | sort";
        assertThat(exec(clone, copied).lines().toList())
                .containsExactlyElementsOf(lab.exec(original, copied).strip().lines().toList());
        assertThat(exec(clone, "cat /own/in /etc/app/file /etc/app/config /anonymous/f"))
                .isEqualTo("original\noriginal\noriginal\noriginal");
        exec(
                clone,
                """
                for f in /var/lib/data/d/f /own/in /etc/app/file /anonymous/f; do echo changed >$f || echo cannot $f; done
                rm -r /var/lib/data/d; touch /own/new; chmod 777 /var/lib/data
                """);
        assertThat(exec(clone, "cat /own/in /etc/app/file /anonymous/f"))
                .isEqualTo("changed\nchanged\nchanged");
        assertThat(exec(clone, "echo x >/etc/app/config; echo x >/ro/x; echo x >/x; echo $?"))
                .isEqualTo("1");
        assertThat(exec(clone, "ls /root")).isEmpty();
        clone.remove();

        assertThat(lab.exec(original, listFiles)).isEqualTo(untouched);
        assertThat(lab.docker("inspect", "-f", state, original)).isEqualTo(started);
        assertThat(lab.docker("diff", original).lines()).containsExactlyInAnyOrderElementsOf(diff);
        Clone next = start(subject, false);
        assertThat(exec(next, "cat /own/in; ls -a /own")).contains("changed", "new");
        assertThat(Files.readString(file)).isEqualTo("original\n");
        assertThat(
                        lab.docker(
                                "run",
                                "--rm",
                                "--network",
                                "none",
                                "-v",
                                readOnly + ":/v",
                                lab.image(Lab.Image.BUSYBOX),
                                "ls",
                                "/v"))
                .isEmpty();
    }

    @Test
    void cloneKeepsPrivilegesAndIsNotDiscoverable() throws Exception {
        String[] options = {
            "-p",
            "127.0.0.1::80",
            "--restart",
            "always",
            "-l",
            "com.docker.compose.project=shop",
            "-l",
            "traefik.enable=true",
            "--user",
            "1000:1000",
            "--cap-drop",
            "ALL",
            "--cap-add",
            "NET_BIND_SERVICE",
            "--security-opt",
            "no-new-privileges",
            "--ulimit",
            "nofile=512:1024",
            "--shm-size",
            "32m",
            "--init",
            "--stop-signal",
            "INT",
            "--stop-timeout",
            "3",
            "--memory",
            "100m",
            "--pids-limit",
            "77",
            "--cpus",
            "0.5",
            "--hostname",
            "fixed",
            "--tmpfs",
            "/t:size=1m,mode=700",
            "--mount",
            "type=tmpfs,dst=/u,tmpfs-size=1m",
            "-e",
            "A=b",
            "-w",
            "/home",
            "--group-add",
            "4711",
            "-t",
            "--health-cmd",
            "true",
            "--health-interval",
            "30s",
            "--health-retries",
            "2",
            "--entrypoint",
            "/bin/busybox"
        };
        String original = lab.start(lab.image(Lab.Image.BUSYBOX), List.of("sleep", "600"), options);
        ProposalTarget subject = subject(original);
        prepare(subject);
        Clone clone =
                start(
                        subject,
                        true,
                        new ProposalItem.Setting("A", "c=d", "", SEEN),
                        new ProposalItem.Setting("E", "f", "", SEEN),
                        new ProposalItem.Tmpfs("/run/", 2 << 20, 01750, 1000, 1001, false, SEEN),
                        new ProposalItem.Tmpfs("/t", 2 << 20, 0755, 0, 0, true, SEEN),
                        new ProposalItem.Volume(
                                "/etc",
                                "etc",
                                true,
                                ProposalItem.Volume.InImage.CONTENT,
                                0755,
                                0,
                                0,
                                SEEN));
        JsonNode json = inspect(clone.name());
        JsonNode host = json.path("HostConfig");
        JsonNode config = json.path("Config");
        assertThat(host.path("PortBindings").size() + json.at("/NetworkSettings/Ports").size())
                .isZero();
        assertThat(host.at("/RestartPolicy/Name").asText()).isEqualTo("no");
        assertThat(host.path("AutoRemove").asBoolean()).isFalse();
        assertThat(config.path("Labels").properties())
                .extracting(e -> e.getKey())
                .containsExactlyInAnyOrder("writeprobe.helper", "writeprobe.helper.seconds");
        assertThat(clone.name()).matches("writeprobe-[0-9a-f]{16}-[0-9]+");
        assertThat(host.path("ReadonlyRootfs").asBoolean()).isTrue();
        JsonNode theirs = inspect(original);
        for (String same :
                List.of(
                        "/Config/User",
                        "/Config/Cmd",
                        "/Config/Entrypoint",
                        "/Config/Tty",
                        "/Config/Hostname",
                        "/Config/StopSignal",
                        "/Config/StopTimeout",
                        "/Config/WorkingDir",
                        "/Image",
                        "/HostConfig/CapAdd",
                        "/HostConfig/CapDrop",
                        "/HostConfig/SecurityOpt",
                        "/HostConfig/Ulimits",
                        "/HostConfig/ShmSize",
                        "/HostConfig/Init",
                        "/HostConfig/Memory",
                        "/HostConfig/PidsLimit",
                        "/HostConfig/NanoCpus",
                        "/HostConfig/GroupAdd",
                        "/HostConfig/MaskedPaths",
                        "/HostConfig/ReadonlyPaths")) {
            assertThat(json.at(same)).as(same).isEqualTo(theirs.at(same));
        }
        assertThat(config.path("Env").toString()).contains("\"A=c=d\"", "\"E=f\"");
        assertThat(config.at("/Healthcheck/Interval").asLong()).isEqualTo(2_000_000_000L);
        assertThat(config.at("/Healthcheck/Retries").asInt()).isEqualTo(30);
        assertThat(host.path("CpuShares").asInt()).isLessThan(1024).isPositive();
        assertThat(host.path("OomScoreAdj").asInt()).isPositive();
        assertThat(exec(clone, "grep ' /run ' /proc/mounts; stat -c '%u %g' /run"))
                .contains("noexec", "size=2048k", "mode=1750", "1000 1001");
        assertThat(exec(clone, "grep ' /t ' /proc/mounts")).doesNotContain("noexec");
        assertThat(exec(clone, "grep -c ' /u ' /proc/mounts")).isEqualTo("1");
        assertThat(exec(clone, "grep app: /etc/passwd; touch /etc/x && echo ok"))
                .contains("app", "ok");
        assertThat(clone.subject().container().readonlyRootfs()).isTrue();
        assertThat(clone.subject().uid()).hasValue(1000L);
        assertThat(connected.inspect(clone.name()).orElseThrow().exclusion())
                .contains(ExcludedContainer.Reason.HELPER);
        assertThat(connected.ability(RecommendEngine.class).orElseThrow().subject(clone.name()))
                .isEmpty();
    }

    @Test
    void anOriginalWithoutLimitsGetsLimitedClones() throws Exception {
        ProposalTarget subject = subject(lab.start(Lab.Image.BUSYBOX));
        prepare(subject);
        JsonNode host = inspect(make(subject, false).name()).path("HostConfig");
        assertThat(host.path("Memory").asLong()).isPositive();
        assertThat(host.path("PidsLimit").asLong()).isPositive();
        assertThat(host.path("ReadonlyRootfs").asBoolean()).isFalse();
    }

    @Test
    void anExerciseReachesACloneAndTheCloneHasNoRouteToTheOutside() throws Exception {
        ProposalTarget subject =
                subject(
                        lab.start(
                                lab.image(Lab.Image.BUSYBOX),
                                List.of("sh", "-c", "echo hello >/tmp/x; httpd -f -h /tmp")));
        assertThat(prepare(subject).differences()).isEmpty();
        Clone clone = start(subject, false);
        assertThat(
                        Lab.run(
                                        clone.environment(),
                                        List.of(
                                                "sh",
                                                "-c",
                                                "curl -sf --retry 9 --retry-connrefused --max-time"
                                                        + " 20 http://$WRITEPROBE_ADDRESS/x"))
                                .out())
                .isEqualTo("hello\n");
        // The gateway has to be an address that nobody has.
        assertThat(
                        exec(
                                clone,
                                """
                                gateway=$(ip route | sed -n 's/^default via \\([^ ]*\\).*/\\1/p')
                                [ -z "$gateway" ] || ! ping -c 1 -W 1 "$gateway" >/dev/null || echo "$gateway answers"
                                """))
                .isEmpty();
    }

    @Tag("long")
    @Test
    void clonesResolveOnlyEachOtherByName() throws Exception {
        String network = "wp-" + lab.label().replaceFirst(".*=", "");
        lab.docker("network", "create", "--internal", "--label", lab.label(), network);
        String web =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("sh", "-c", "echo hello >/tmp/x; httpd -f -p 80 -h /tmp"));
        String client = lab.start(Lab.Image.BUSYBOX);
        String other = lab.start(Lab.Image.BUSYBOX);
        for (String each : List.of(web, client, other)) {
            lab.docker("network", "disconnect", "none", each);
        }
        lab.docker("network", "connect", "--alias", "web", network, web);
        lab.docker("network", "connect", network, client);
        lab.docker("network", "connect", network, other);
        try {
            ProposalTarget server = subject(web);
            ProposalTarget asking = subject(client);
            assertThat(prepare(server).differences()).singleElement().asString().contains(client);
            prepare(asking);
            Clone cloned = start(server, false);
            Clone asks = start(asking, false);
            assertThat(exec(asks, "wget -q -O - http://web/x")).isEqualTo("hello");
            assertThat(exec(asks, "wget -q -O - http://" + web + "/x")).isEqualTo("hello");
            String address = cloned.environment().get("WRITEPROBE_ADDRESS");
            assertThat(address).isNotEmpty().isNotEqualTo(address(web));
            Lab.Run fetched =
                    Lab.run(
                            cloned.environment(),
                            List.of(
                                    "sh",
                                    "-c",
                                    "curl -sf http://$WRITEPROBE_ADDRESS/x; docker exec"
                                            + " $WRITEPROBE_CONTAINER echo there"));
            assertThat(fetched.out()).isEqualTo("hello\nthere\n");
            assertThat(
                            exec(
                                    asks,
                                    "wget -q -O - http://%s/x 2>&1; nslookup %s 2>&1; true"
                                            .formatted(address(web), other)))
                    .doesNotContain("hello", address(other));
        } finally {
            lab.docker("rm", "-f", web, client, other);
            lab.docker("network", "rm", network);
        }
    }

    private static String address(String container) {
        return lab.docker(
                        "inspect",
                        "-f",
                        "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                        container)
                .strip();
    }

    @Test
    void whatACloneCouldDoHarmByIsOmittedAndReported() throws Exception {
        Path directory = lab.directory("harm");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel inside =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path socket = directory.resolve("socket");
            server.bind(UnixDomainSocketAddress.of(socket));
            Path shared = Files.createDirectories(directory.resolve("shared"));
            inside.bind(UnixDomainSocketAddress.of(shared.resolve("socket")));
            Files.writeString(shared.resolve("file"), "x");
            String original =
                    lab.create(
                            Lab.Image.BUSYBOX,
                            "-v",
                            socket + ":/var/run/docker.sock",
                            "-v",
                            shared + ":/shared:ro",
                            "-v",
                            "/:/rootfs:ro",
                            "-v",
                            "/proc:/host/proc:ro",
                            "-v",
                            "/run:/host/run",
                            "--device",
                            "/dev/null:/dev/special",
                            "--pid",
                            "host",
                            "--privileged");
            ProposalTarget subject = subject(original);
            List<String> differences = prepare(subject).differences();
            assertThat(differences)
                    .anyMatch(d ->
                            d.startsWith(
                                    "/var/run/docker.sock is missing in its clones: it is a"
                                            + " socket"))
                    .anyMatch(
                            d -> d.equals("/rootfs is missing in its clones: it is / of the host"))
                    .anyMatch(d -> d.startsWith("/host/proc is missing in its clones"))
                    .anyMatch(d -> d.startsWith("/host/run is missing in its clones"))
                    .anyMatch(d -> d.equals("it has the device /dev/null, and its clones do not"))
                    .anyMatch(d -> d.equals("it is privileged, and its clones are not"))
                    .anyMatch(d -> d.contains("shares the processes of the host"));
            Clone clone = start(subject, false);
            assertThat(
                            exec(
                                    clone,
                                    "ls -A /shared /host/run /rootfs /host/proc /var/run"
                                            + " 2>/dev/null; test -e /dev/special || echo none"))
                    .contains("file", "none")
                    .doesNotContain("socket", "docker.sock");
            assertThat(inspect(clone.name()).at("/HostConfig/Privileged").asBoolean()).isFalse();
            assertThat(
                            exec(clone, "echo $$; ls -d /proc/[0-9]* | wc -l")
                                    .lines()
                                    .toList()
                                    .getLast())
                    .satisfies(n -> assertThat(Integer.parseInt(n.strip())).isLessThan(8));
        }
    }

    @Test
    void whatIsTooLargeIsNotCopiedOrReadFromTheOriginal() throws Exception {
        String large = lab.volume();
        String small = lab.volume();
        String[] writable = {"-v", large + ":/large", "-v", small + ":/small"};
        String original = lab.start(Lab.Image.BUSYBOX, writable);
        lab.exec(original, "head -c 80000000 /dev/zero >/large/f; echo x >/small/f");
        assertThat(cloneEnvironment.prepare(subject(original)))
                .isEqualTo(
                        new Prepared.Impossible(
                                "/large is larger than the 64 MiB that may be copied for its"
                                        + " clones"));
        String reader = lab.start(Lab.Image.BUSYBOX, "-v", large + ":/large:ro");
        ProposalTarget subject = subject(reader);
        assertThat(prepare(subject).differences())
                .singleElement()
                .asString()
                .startsWith("/large is larger than the 64 MiB that may be copied");
        Clone clone = start(subject, false);
        assertThat(exec(clone, "ls /large; echo x >/large/x || echo cannot"))
                .isEqualTo("f\ncannot");
    }

    @Test
    void aCloneReportsItsStateAndWhatItWrote() throws Exception {
        String job = "echo one; echo two >&2; echo x >/etc/new; sleep 1; exit 7";
        String original =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("sh", "-c", job),
                        "--health-cmd",
                        "false");
        ProposalTarget subject = subject(original);
        prepare(subject);
        Clone clone = start(subject, false);
        assertThat(clone.condition()).isEqualTo(new Condition.Running(Clone.Health.STARTING));
        Condition condition = clone.condition();
        for (int i = 0; i < 50 && condition instanceof Condition.Running; i++) {
            Thread.sleep(100);
            condition = clone.condition();
        }
        assertThat(condition).isEqualTo(new Condition.Ended(7, false, ""));
        assertThat(clone.log(10)).containsExactlyInAnyOrder("one", "two");
        assertThat(clone.log(1)).hasSize(1);
        assertThat(clone.changes()).contains(new FileChange(FileChange.Kind.ADDED, "/etc/new"));
        assertThat(clone.start()).isEmpty();
        clone.stop(Duration.ofSeconds(1));
        assertThat(clone.condition()).isInstanceOf(Condition.Ended.class);
        clone.remove();
        assertThat(lab.docker("ps", "-a", "--format", "{{.Names}}")).doesNotContain(clone.name());
    }

    @Test
    void aNewVolumeBelongsToTheProposedOwner() throws Exception {
        String original = lab.start(Lab.Image.BUSYBOX, "--user", "1000:1001");
        ProposalTarget subject = subject(original);
        prepare(subject);
        Clone clone =
                start(
                        subject,
                        true,
                        new ProposalItem.Volume(
                                "/new/dir",
                                "new-dir",
                                true,
                                ProposalItem.Volume.InImage.NOTHING,
                                0700,
                                1000,
                                1001,
                                SEEN),
                        new ProposalItem.Volume(
                                "/etc",
                                "etc",
                                true,
                                ProposalItem.Volume.InImage.CONTENT,
                                0755,
                                1000,
                                1001,
                                SEEN));
        assertThat(exec(clone, "stat -c '%u:%g %a' /new/dir; touch /new/dir/x && echo written"))
                .isEqualTo("1000:1001 700\nwritten");
        assertThat(exec(clone, "stat -c '%u:%g' /etc")).isEqualTo("0:0");
        clone.remove();
        assertThat(cloneEnvironment.clear()).isEmpty();
    }

    @Test
    void unstartableCloneIsReported() throws Exception {
        String image =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "foreign",
                        "printf 'no program' >$tree/bin/foreign; chmod 755 $tree/bin/foreign");
        String original = lab.start(image, List.of("sh", "-c", "rm /bin/foreign; exec sleep 600"));
        ProposalTarget subject = subject(original);
        prepare(subject);
        lab.docker("rm", "-f", original);
        assertThat(cloneEnvironment.prepare(subject))
                .isEqualTo(new Prepared.Impossible("the container is gone"));
        assertThat(start(subject, false).condition()).isInstanceOf(Condition.Running.class);
        Clone refused =
                make(
                        subject,
                        true,
                        new ProposalItem.Tmpfs("/bin", 1 << 20, 0755, 0, 0, true, SEEN));
        assertThat(refused.start()).isPresent();
    }

    @Test
    void manyThingsAreClearedEvenIfInterrupted() throws Exception {
        String volume = lab.volume();
        String original = lab.start(Lab.Image.BUSYBOX, "-v", volume + ":/v");
        ProposalTarget subject = subject(original);
        prepare(subject);
        for (int i = 0; i < 3; i++) {
            start(subject, true);
        }
        assertThat(cloneResources()).hasSizeGreaterThan(before.size() + 4);
        Thread.currentThread().interrupt();
        List<String> left = cloneEnvironment.clear();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(left).isEmpty();
        assertThat(cloneResources()).isEqualTo(before);
    }
}

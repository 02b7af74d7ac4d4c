package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.cli.InProcess;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pods on a real containerd, audited over the CRI.
class CriIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int POD = 0;
    private static final int CONTAINER = 1;
    private static final int NODE = 2;

    private static PrivateContainerd containerd;

    @BeforeAll
    static void start() {
        containerd = PrivateContainerd.start();
    }

    @AfterAll
    static void end() {
        containerd.close();
    }

    private static JsonNode audit(String... args) throws IOException {
        InProcess.Result result =
                InProcess.run(
                        Map.of(),
                        Stream.concat(
                                        Stream.of(
                                                "audit",
                                                "--host",
                                                containerd.host(),
                                                "--format",
                                                "json"),
                                        Stream.of(args))
                                .toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isIn(0, 1, 3);
        return JSON.readTree(result.out());
    }

    private static JsonNode reportOf(String reference, String... args) throws IOException {
        JsonNode containers =
                audit(Stream.concat(Stream.of(reference), Stream.of(args)).toArray(String[]::new))
                        .path("containers");
        assertThat(containers).hasSize(1);
        return containers.path(0);
    }

    private static List<String> kinds(JsonNode container) {
        return container.path("findings").valueStream().map(f -> f.path("kind").asText()).toList();
    }

    private static List<String> names(JsonNode report) {
        return report.path("containers")
                .valueStream()
                .map(container -> container.path("name").asText())
                .sorted()
                .toList();
    }

    /// `KIND PERSISTENCE DECLARED` of the mount at a path.
    private static String mount(JsonNode container, String path) {
        return container
                .path("paths")
                .valueStream()
                .filter(p -> p.path("mount").path("point").asText().equals(path))
                .findFirst()
                .map(p ->
                        "%s %s %s"
                                .formatted(
                                        p.path("mount").path("kind").asText(),
                                        p.path("mount").path("persistence").asText(),
                                        p.path("declared").asText()))
                .orElse("no mount at " + path);
    }

    private static List<String> witnesses(JsonNode container) {
        return container
                .path("witnesses")
                .valueStream()
                .filter(w -> !w.has("inconclusive"))
                .map(w -> w.path("name").asText())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "procfs", "auto"})
    void eachWitnessTellsAReadOnlyContainerFromAWritableOne(String witness) throws IOException {
        LabPod pod = containerd.pod("both-" + witness, Map.of());
        pod.container("closed").readOnly().kubeletFiles().start();
        pod.container("open").kubeletFiles().start();

        JsonNode closed = reportOf(pod.nameOf("closed"), "--witness", witness);
        JsonNode open = reportOf(pod.nameOf("open"), "--witness", witness);

        assertThat(closed.path("verdict").asText()).isEqualTo("compliant");
        assertThat(open.path("verdict").asText()).isEqualTo("violating");
        assertThat(kinds(open)).contains("exposed");
        assertThat(open.path("findings").path(0).path("remedy").asText())
                .startsWith("Set securityContext.readOnlyRootFilesystem: true");
        assertThat(open.path("findings").path(0).path("evidence").path(0).asText())
                .isEqualTo("declared: runtimeSpec.root.readonly=false");
        assertThat(witnesses(closed))
                .containsExactlyInAnyOrderElementsOf(
                        witness.equals("auto") ? List.of("exec", "procfs") : List.of(witness));
    }

    /// As an agent in a pod with a network of its own, which cannot reach the runtime's stream.
    @Test
    void execNeedsNoStream() throws IOException {
        LabPod pod = containerd.pod("no-stream", Map.of());
        pod.container("closed").readOnly().kubeletFiles().start();
        String open = pod.container("open").kubeletFiles().start();

        Lab.Run run =
                Lab.run(
                        Map.of(),
                        Stream.concat(
                                        Stream.of("unshare", "--net"),
                                        Lab.command(
                                                "audit",
                                                "--host",
                                                containerd.host(),
                                                "--witness",
                                                "exec",
                                                "--format",
                                                "json",
                                                pod.nameOf("closed"),
                                                pod.nameOf("open"))
                                                .stream())
                                .toList());

        JsonNode containers = JSON.readTree(run.out()).path("containers");
        assertThat(containers.valueStream().map(c -> c.path("verdict").asText()))
                .as(run.output())
                .containsExactlyInAnyOrder("compliant", "violating");
        assertThat(containers.valueStream().map(CriIT::witnesses)).containsOnly(List.of("exec"));
        // The probe left no process and no file.
        assertThat(Path.of("/proc/" + pod.pid(open) + "/task/" + pod.pid(open) + "/children"))
                .hasContent("");
        assertThat(Path.of("/proc/" + pod.pid(open) + "/root").toFile().list())
                .noneMatch(name -> name.startsWith(".writeprobe"));
    }

    @Test
    void volumesHaveTheKindThatThePodDeclares() throws IOException {
        LabPod pod = containerd.pod("volumes", Map.of());
        Path hostPath = Files.createDirectories(containerd.directory().resolve("host-path"));
        pod.container("main")
                .readOnly()
                .kubeletFiles()
                .image(PrivateContainerd.IMAGE_WITH_VOLUME)
                .mount("/work", pod.volume("empty-dir", "work"), false)
                .mount("/settings", pod.volume("configmap", "settings"), true)
                .mount("/token", pod.volume("projected", "token"), true)
                .mount("/claim", pod.volume("csi", "pvc-1"), false)
                .mount("/of-the-host", hostPath, true)
                .start();

        JsonNode report = reportOf(pod.nameOf("main"));

        assertThat(mount(report, "/work")).isEqualTo("volume pod writable");
        assertThat(mount(report, "/settings")).isEqualTo("volume volume read-only");
        assertThat(mount(report, "/token")).isEqualTo("volume volume read-only");
        assertThat(mount(report, "/claim")).isEqualTo("volume volume writable");
        assertThat(mount(report, "/of-the-host")).isEqualTo("bind host read-only");
        assertThat(mount(report, "/cache")).isEqualTo("volume volume writable");
        assertThat(mount(report, "/etc/hosts")).isEqualTo("engine host writable");
        assertThat(mount(report, "/dev/termination-log")).isEqualTo("engine host writable");
        assertThat(mount(report, "/etc/resolv.conf")).isEqualTo("engine container read-only");
        assertThat(report.path("verdict").asText()).isEqualTo("compliant");
        assertThat(kinds(report)).doesNotContain("undeclared");
    }

    @Test
    void aRecommendationIsAPatchOfTheWorkload() throws IOException {
        LabPod pod = containerd.pod("orders-7d4b9c6f5-x2x4z", Map.of());
        pod.container("web")
                .kubeletFiles()
                .mount("/work", pod.volume("empty-dir", "work"), false)
                .command(
                        "sh",
                        "-c",
                        "echo 1 >/run/pid; mkdir /data/db; echo 1 >/data/db/orders.sqlite;"
                                + " rm /etc/passwd; while :; do echo 1 >/work/x; sleep 0.1; done")
                .start();

        String patch = recommend(0, pod.nameOf("web"), "--format", "kubernetes");

        assertThat(patch)
                .contains("kind: Deployment\nmetadata:\n  name: orders\n  namespace: shop\n")
                .contains("- name: web\n          securityContext:\n")
                .contains("readOnlyRootFilesystem: true")
                .contains("mountPath: /run\n")
                .contains("mountPath: /data\n              subPath: data\n")
                .contains("diff: /run/pid is new or changed")
                .contains("# kept: volume")
                .contains("on /work")
                .contains("watch: sh wrote /work/x")
                .contains("/etc/passwd")
                .doesNotContain("Not available", "termination-log", "/etc/hosts", "initContainers");
    }

    @Test
    void noCloneIsMadeOfAPod() throws IOException {
        LabPod pod = containerd.pod("unproved", Map.of());
        pod.container("web").command("sh", "-c", "echo 1 >/run/pid; sleep infinity").start();

        assertThat(recommend(3, pod.nameOf("web"), "--prove"))
                .contains("Proof: undecided, a container runtime of Kubernetes makes no clones")
                .contains("/run:mode=");
    }

    @Test
    void aContainerThatNobodyKnowsIsLookedForByTheNamesOfKubernetes() {
        InProcess.Result result =
                InProcess.run(Map.of(), "recommend", "--host", containerd.host(), "shop/none/web");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("no container shop/none/web", "writeprobe audit lists those that run");
    }

    private static String recommend(int code, String... args) throws IOException {
        InProcess.Result result =
                InProcess.run(
                        Map.of(),
                        Stream.concat(
                                        Stream.of(
                                                "recommend",
                                                "--host",
                                                containerd.host(),
                                                "--observe",
                                                "1s"),
                                        Stream.of(args))
                                .toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        return result.out();
    }

    @Test
    void remountBehindTheRuntimesBackIsDrift() throws IOException {
        LabPod pod = containerd.pod("drift", Map.of());
        String id = pod.container("main").readOnly().kubeletFiles().start();
        assertThat(reportOf(id).path("verdict").asText()).isEqualTo("compliant");

        enter(pod.pid(id), "mount", "-o", "remount,rw", "/");

        JsonNode report = reportOf(id);
        assertThat(report.path("verdict").asText()).isEqualTo("violating");
        assertThat(report.path("findings").path(0).path("kind").asText()).isEqualTo("drift");
        assertThat(report.path("findings").path(0).path("severity").asText()).isEqualTo("critical");
    }

    private static void enter(long pid, String... command) {
        Lab.Run run =
                Lab.run(
                        Map.of(),
                        Stream.concat(
                                        Stream.of(
                                                "nsenter",
                                                "-t",
                                                Long.toString(pid),
                                                "-m",
                                                "-p",
                                                "--"),
                                        Stream.of(command))
                                .toList());
        assertThat(run.code()).as(run.output()).isZero();
    }

    @Test
    void readOnlyVolumeThatBecameWritableIsDrift() throws IOException {
        LabPod pod = containerd.pod("volume-drift", Map.of());
        String id =
                pod.container("main")
                        .readOnly()
                        .mount("/settings", pod.volume("configmap", "settings"), true)
                        .start();

        enter(pod.pid(id), "mount", "-o", "remount,bind,rw", "/settings");

        assertThat(kinds(reportOf(id))).contains("drift");
    }

    /// A start and a remount each have a verdict within seconds, the first by the stream of events.
    @Test
    void theAgentFollowsStartsRemountsAndEnds() {
        LabPod pod = containerd.pod("agent", Map.of());
        String name = pod.nameOf("main");
        try (RunningAgent agent = RunningAgent.start("", "--host", containerd.host())) {
            agent.awaitSample("writeprobe_engine_up", 1, "engine=\"" + containerd.host() + "\"");

            String id = pod.container("main").readOnly().start();
            agent.await("its verdict", () -> agent.verdicts(name).contains("new compliant"));
            enter(pod.pid(id), "mount", "-o", "remount,rw", "/");
            agent.await("drift", () -> agent.verdicts(name).contains("compliant violating"));
            String[] labels = {
                "container=\"main\"",
                "container_id=\"containerd://" + id + "\"",
                "namespace=\"" + name.split("/", -1)[0] + "\"",
                "pod=\"" + name.split("/", -1)[1] + "\"",
                "uid=\""
            };
            agent.awaitSample("writeprobe_container_info", 1, labels);
            pod.stop(id);
            agent.await(
                    "its end", () -> agent.samples("writeprobe_container_info", labels).isEmpty());
        }
    }

    @Test
    void execAloneProvesForAServiceThatIsNotRoot() throws IOException {
        LabPod pod = containerd.pod("users", Map.of());
        pod.container("closed").readOnly().user(1000).kubeletFiles().start();

        JsonNode report = reportOf(pod.nameOf("closed"), "--witness", "exec");

        assertThat(report.path("verdict").asText()).isEqualTo("compliant");
        assertThat(report.path("paths").path(0).path("observations").path(0).path("uid").asInt())
                .isEqualTo(1000);
    }

    @Test
    void containersAreFoundByNameIdAndFilters() throws IOException {
        LabPod first = containerd.pod("found-1", Map.of("app", "found", "tier", "a"));
        LabPod second = containerd.pod("found-2", Map.of("app", "found"));
        String id = first.container("web").readOnly().start();
        first.container("proxy").readOnly().start();
        second.container("web").readOnly().start();

        assertThat(names(audit("shop/found-1/web"))).containsExactly("shop/found-1/web");
        assertThat(names(audit(id))).containsExactly("shop/found-1/web");
        assertThat(names(audit(id.substring(0, 12)))).containsExactly("shop/found-1/web");
        assertThat(names(audit("--filter", "label=app=found")))
                .containsExactly("shop/found-1/proxy", "shop/found-1/web", "shop/found-2/web");
        assertThat(names(audit("--filter", "label=app=found", "--filter", "label=tier")))
                .containsExactly("shop/found-1/proxy", "shop/found-1/web");
        assertThat(names(audit("--filter", "namespace=shop", "--filter", "pod=found-2")))
                .containsExactly("shop/found-2/web");
        assertThat(names(audit("--filter", "namespace=other"))).isEmpty();
    }

    @Test
    void anEndedContainerIsNoneThatRuns() throws IOException {
        LabPod pod = containerd.pod("init", Map.of("app", "init"));
        String init = pod.container("init").command("true").start();
        pod.container("main").readOnly().start();
        pod.stop(init);

        assertThat(names(audit("--filter", "label=app=init"))).containsExactly("shop/init/main");
    }

    /// With the rights of the DaemonSet, and nothing of the node mounted that names the runtime.
    /// Its first process is here that of the runtime.
    @Test
    void inAPodOfTheDaemonSetItFindsTheRuntimeAndItself() throws IOException {
        Path out = Files.createDirectories(containerd.directory().resolve("out"));
        containerd.in(
                "sh",
                "-c",
                "mkdir -p /run/containerd; ln -sf ../..\"$0\" /run/containerd/containerd.sock",
                containerd.socket().toString());
        containerd.pod("beside", Map.of()).container("main").readOnly().kubeletFiles().start();
        LabPod pod = containerd.pod("agent-pod", Map.of(), namespaces(NODE, NODE));
        LabPod.Draft agent =
                pod.container("agent")
                        .readOnly()
                        .restrictedTo("SYS_PTRACE", "DAC_OVERRIDE", "SETUID", "SETGID")
                        .environment("WRITEPROBE_HOST_ROOT", "/proc/" + containerd.pid() + "/root")
                        .mount("/config", Path.of("..", "config", "kubernetes").toRealPath(), true)
                        .mount("/writeprobe", Path.of("target").toRealPath(), true)
                        .mount("/out", out, false)
                        .command(
                                "sh",
                                "-c",
                                System.getProperty("java.home")
                                        + "/bin/java --enable-native-access=ALL-UNNAMED -jar"
                                        + " /writeprobe/writeprobe.jar audit --config.file"
                                        + " /config/policy.yml --format json"
                                        + " >/out/report.json 2>/out/log");
        // Its Java and libraries are the machine's.
        for (String directory :
                List.of("/usr", "/lib", "/lib64", System.getProperty("java.home"))) {
            if (Files.exists(Path.of(directory))) {
                agent.mount(directory, Path.of(directory).toRealPath(), true);
            }
        }
        pod.awaitEnd(agent.start());

        assertThat(out.resolve("report.json"))
                .as(Files.readString(out.resolve("log")))
                .isNotEmptyFile();
        JsonNode report = JSON.readTree(out.resolve("report.json").toFile());
        assertThat(report.at("/engines/0/host").asText())
                .isEqualTo(
                        "cri:///proc/" + containerd.pid() + "/root/run/containerd/containerd.sock");
        assertThat(named(report, "shop/beside/main").path("verdict").asText())
                .isEqualTo("compliant");
        assertThat(witnesses(named(report, "shop/beside/main"))).containsExactly("procfs");
        // An audit leaves its own container out, by what no other container can set.
        assertThat(report.at("/engines/0/leftOut").valueStream())
                .singleElement()
                .satisfies(own -> {
                    assertThat(own.path("name").asText()).isEqualTo(pod.nameOf("agent"));
                    assertThat(own.path("reason").asText()).isEqualTo("self");
                });
    }

    private static JsonNode named(JsonNode report, String name) {
        return report.path("containers")
                .valueStream()
                .filter(c -> c.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// The kubelet waits before it restarts the container, so there is none. A gate must not be
    /// green because of that.
    @Test
    void aContainerThatWaitsForItsRestartIsUnverified() throws IOException {
        LabPod pod = containerd.pod("crashing", Map.of("app", "crashing"));
        pod.awaitEnd(pod.container("init").attempt(2).command("true").start());
        pod.awaitEnd(pod.container("main").readOnly().attempt(3).command("false").start());

        JsonNode report = audit("--filter", "label=app=crashing");
        assertThat(names(report)).containsExactly("shop/crashing/main");
        JsonNode main = report.path("containers").path(0);
        assertThat(main.path("verdict").asText()).isEqualTo("unverified");
        assertThat(main.path("unproved").toString())
                .contains("3 times so far, the last time after exit code 1");
        assertThat(reportOf(pod.nameOf("main")).path("verdict").asText()).isEqualTo("unverified");
    }

    /// The log of the container before the restart tells what both could not write.
    @Test
    void aContainerThatCrashesGetsAProposalFromItsLog() throws IOException {
        LabPod pod = containerd.pod("refused", Map.of());
        pod.awaitEnd(
                pod.container("main")
                        .readOnly()
                        .attempt(1)
                        .command("sh", "-c", "echo x >/run/app.pid; exit 1")
                        .start());
        pod.awaitEnd(
                pod.container("main")
                        .readOnly()
                        .attempt(2)
                        .command("sh", "-c", "echo x >/data/new; exit 1")
                        .start());

        InProcess.Result explained =
                InProcess.run(Map.of(), "explain", "--host", containerd.host(), pod.nameOf("main"));

        assertThat(explained.err()).contains("it could not write /run/app.pid, /data/new");
        assertThat(recommend(0, pod.nameOf("main"), "--format", "kubernetes"))
                .contains("mountPath: /run\n", "mountPath: /data\n", "log: ");
    }

    /// `recursiveReadOnly` of a volume mount. containerd has it since 2.0.
    @Test
    void aMountBelowAReadOnlyMountIsReadOnlyOnlyIfItIsDeclaredRecursivelySo() throws IOException {
        LabPod pod = containerd.pod("recursive", Map.of());
        Path data = Files.createDirectories(containerd.directory().resolve("data"));
        Path below = Files.createDirectories(data.resolve("below"));
        containerd.in("mount", "-t", "tmpfs", "tmpfs", below.toString());
        pod.container("plain").readOnly().mount("/data", data, true).start();
        pod.container("recursive").readOnly().recursivelyReadOnly("/data", data).start();

        JsonNode plain = reportOf(pod.nameOf("plain"));
        assertThat(plain.path("verdict").asText()).isEqualTo("violating");
        assertThat(plain.path("findings").findValuesAsText("path")).contains("/data");
        assumeThat(containerd.suite()).isEqualTo("sid");
        assertThat(reportOf(pod.nameOf("recursive")).path("verdict").asText())
                .isEqualTo("compliant");
    }

    /// `kubectl debug --target`: a container that is added later, in the PID namespace of another.
    @Test
    void anEphemeralContainerIsJudgedForItself() throws IOException {
        LabPod pod = containerd.pod("debugged", Map.of(), namespaces(NODE, CONTAINER));
        String main = pod.container("main").readOnly().start();
        pod.container("debugger").target(main).start();

        assertThat(reportOf(pod.nameOf("main")).path("verdict").asText()).isEqualTo("compliant");
        JsonNode debugger = reportOf(pod.nameOf("debugger"));
        assertThat(debugger.path("verdict").asText()).isEqualTo("violating");
        assertThat(kinds(debugger)).contains("exposed");
    }

    @Test
    void aPrivilegedContainerCanUndoItsReadOnlyRoot() throws IOException {
        LabPod pod = containerd.pod("privileged", Map.of());
        pod.container("main").readOnly().privileged().start();

        JsonNode report = reportOf(pod.nameOf("main"));

        assertThat(report.path("privileged").asBoolean()).isTrue();
        assertThat(kinds(report)).contains("bypassable");
    }

    @Test
    void theHostsProcessesAreNotThoseOfThePod() throws IOException {
        LabPod node = containerd.pod("host-pid", Map.of(), namespaces(NODE, NODE));
        node.container("main").readOnly().addCapability("SYS_PTRACE").start();
        LabPod shared = containerd.pod("shared-pid", Map.of(), namespaces(NODE, POD));
        shared.container("one").readOnly().start();
        shared.container("two").readOnly().start();

        assertThat(kinds(reportOf(node.nameOf("main")))).contains("bypassable");
        // The containers of the pod see each other's processes, but not the node's.
        assertThat(reportOf(shared.nameOf("two")).path("findings").path(0).path("message").asText())
                .contains("it can reach the mounts of another container through its processes");
    }

    /// A `NamespaceOption`.
    private static ProtoBuilder namespaces(int network, int pid) {
        return new ProtoBuilder().number(1, network).number(2, pid);
    }

    @Test
    void aPodWithANetworkOfItsOwnIsCompliant() throws IOException {
        LabPod pod = containerd.pod("network", Map.of(), namespaces(POD, CONTAINER));
        pod.container("main").readOnly().kubeletFiles().start();

        assertThat(reportOf(pod.nameOf("main")).path("verdict").asText()).isEqualTo("compliant");
    }

    @Test
    void aPodInAUserNamespaceIsCompliant() throws IOException {
        ProtoBuilder mapping = new ProtoBuilder().number(1, 200_000).number(3, 65_536);
        LabPod pod =
                containerd.pod(
                        "user-namespace",
                        Map.of(),
                        namespaces(POD, CONTAINER)
                                .message(
                                        5,
                                        new ProtoBuilder()
                                                .message(2, mapping)
                                                .message(3, mapping)));
        pod.container("closed").readOnly().start();
        pod.container("open").start();

        assertThat(reportOf(pod.nameOf("closed")).path("verdict").asText()).isEqualTo("compliant");
        assertThat(reportOf(pod.nameOf("open")).path("verdict").asText()).isEqualTo("violating");
    }
}

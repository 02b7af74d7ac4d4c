package io.github.writeprobe.cri;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.cri.FakeContainer.Run;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.Engine.ContainerState;
import io.github.writeprobe.engine.Engine.Inspected;
import io.github.writeprobe.engine.Engine.Listed;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.engine.RestartLoopStatus;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.grpc.Status;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a runtime may answer, and what becomes of it.
@Timeout(30)
class CriEngineTest {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);

    @TempDir Path directory;
    private Path socket;
    private FakeRuntime runtime;
    private Engine engine;

    @BeforeEach
    void open() throws IOException, BadEndpoint {
        socket = directory.resolve("r.sock");
        runtime = new FakeRuntime(socket);
        engine = CriEngines.open("cri://" + socket, CALL_TIMEOUT);
    }

    @AfterEach
    void close() {
        engine.close();
        runtime.close();
    }

    private Container inspect(FakeContainer container) throws Exception {
        runtime.run(container);
        return engine.inspect(container.id()).orElseThrow().container();
    }

    private List<String> listed(Map<String, List<String>> filters) throws Exception {
        return engine.list(filters).containers().stream().map(Listed::name).toList();
    }

    @Test
    void theRuntimeNamesItself() throws Exception {
        assertThat(engine.identify()).isEqualTo(new Engine.Identified("fake 1.0", "CRI v1"));
    }

    @Test
    void whatTheRuntimeDeclaresIsRead() throws Exception {
        Container container = inspect(FakeContainer.of(1));

        assertThat(container.name()).isEqualTo("shop/web/c1");
        assertThat(container.readonlyRootfs()).isTrue();
        assertThat(container.pid()).isEqualTo(4711);
        assertThat(container.user()).isEqualTo("1000:1000");
        assertThat(container.capabilities()).containsExactlyInAnyOrder("CHOWN", "KILL");
        assertThat(container.privileged()).isFalse();
        assertThat(container.mounts()).isEmpty();
        assertThat(container.isolation().pidMode()).isEmpty();
        assertThat(container.isolation().readonlyPaths()).hasValue(List.of("/proc/sys"));
        assertThat(container.isolation().securityOptions()).isEmpty();
        assertThat(container.engineFiles().dataRoot()).isEqualTo("/run/containerd");
        assertThat(container.labels())
                .containsEntry("app", "web")
                .containsEntry("io.kubernetes.pod.uid", FakeContainer.UID)
                .containsEntry("io.kubernetes.container.name", "c1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|it has no verbose info",
                "not JSON|its verbose info is not JSON",
                "[]|its verbose info lacks a valid runtimeSpec",
                "{\"pid\":1}|its verbose info lacks a valid runtimeSpec",
            })
    void infoThatIsNotUnderstoodDeclaresNothing(String info, String reason) {
        runtime.run(FakeContainer.of(1).withInfo(info));

        assertThatThrownBy(() -> engine.inspect(FakeContainer.of(1).id()))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageEndingWith(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"readonly\":true|\"readonly\":\"true\"|runtimeSpec.root.readonly",
                "\"root\":|\"rootfs\":|runtimeSpec.root",
                "\"mounts\":|\"mount\":|runtimeSpec.mounts",
                "\"destination\":\"/dev\"|\"destination\":7|destination of a mount",
                "\"linux\":{\"readonlyPaths\"|\"windows\":{\"readonlyPaths\"|runtimeSpec.linux",
                "\"process\":|\"processes\":|runtimeSpec.process",
                "4711|\"4711\"|pid",
                "\"options\":[\"rbind\",\"ro\"]|\"options\":\"ro\"|options of the mount at /etc/hosts",
                "\"options\":[\"rbind\",\"ro\"]|\"options\":[[\"ro\"]]|options of the mount at /etc/hosts",
                "[\"CAP_CHOWN\",\"CAP_KILL\"]|\"all\"|runtimeSpec.process.capabilities.bounding",
                "\"capabilities\":{|\"capabilities\":\"all\",\"other\":{|runtimeSpec.process.capabilities",
                "\"seccomp\":{}|\"resources\":[]|runtimeSpec.linux.resources",
                "\"seccomp\":{}|\"devices\":{}|runtimeSpec.linux.devices",
                "\"seccomp\":{}|\"resources\":{\"devices\":{}}|runtimeSpec.linux.resources.devices",
                "[{\"type\":\"pid\"},{\"type\":\"mount\"}]|{}|runtimeSpec.linux.namespaces",
            })
    void aFieldThatAVerdictDependsOnHasToBeValid(String field, String other, String name) {
        String info = FakeContainer.INFO.replace(field, other);
        assertThat(info).isNotEqualTo(FakeContainer.INFO);
        runtime.run(FakeContainer.of(1).withInfo(info));

        assertThatThrownBy(() -> engine.inspect(FakeContainer.of(1).id()))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageEndingWith("lacks a valid " + name);
    }

    @Test
    void aRequestedMountThatTheContainerLacksIsNotUnderstood() {
        runtime.run(FakeContainer.of(1).withMount("/data", "/srv"));

        assertThatThrownBy(() -> engine.inspect(FakeContainer.of(1).id()))
                .hasMessageContaining("a mount at /data that its runtimeSpec lacks");
    }

    @Test
    void whateverIsMountedBesidesTheRuntimesOwnMountsIsDeclared() throws Exception {
        String info =
                FakeContainer.INFO
                        .replace(
                                "{\"destination\":\"/proc\"",
                                "{\"destination\":\"/injected\",\"type\":\"bind\",\"source\":\"/opt/x\",\"options\":[\"rbind\",\"ro\",\"rw\"]},{\"destination\":\"/proc\"")
                        .replace(
                                "sandboxes/" + FakeContainer.SANDBOX,
                                "sandboxes/" + "6".repeat(64));

        assertThat(inspect(FakeContainer.of(1).withInfo(info)).mounts())
                .containsExactly(
                        new DeclaredMount("/injected", MountKind.BIND, "/opt/x", true, "", ""),
                        // The files of another pod.
                        new DeclaredMount(
                                "/etc/hosts",
                                MountKind.BIND,
                                "/run/containerd/io.containerd.grpc.v1.cri/sandboxes/"
                                        + "6".repeat(64)
                                        + "/hosts",
                                false,
                                "",
                                ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"pid\"},|''|host",
                "{\"type\":\"pid\"}|{\"type\":\"pid\",\"path\":\"/proc/7/ns/pid\"}|container:5555",
            })
    void thePidNamespaceIsThatOfThePodOrTheNode(String field, String other, String mode)
            throws Exception {
        String info = FakeContainer.INFO.replace(field, other);

        assertThat(inspect(FakeContainer.of(1).withInfo(info)).isolation().pidMode())
                .startsWith(mode);
    }

    @Test
    void withoutSeccompItIsUnconfined() throws Exception {
        String info = FakeContainer.INFO.replace("\"seccomp\":{},", "");

        assertThat(inspect(FakeContainer.of(1).withInfo(info)).isolation().securityOptions())
                .containsExactly("seccomp=unconfined");
    }

    @Test
    void anImageByDigestGetsTheNameThatPeopleKnow() throws Exception {
        runtime.answer(
                "ImageStatus",
                new ProtoBuilder()
                        .message(
                                1,
                                new ProtoBuilder()
                                        .text(1, "sha256:abc")
                                        .texts(2, List.of("docker.io/library/web:7"))));

        String digest = "sha256:" + "a".repeat(64);
        assertThat(inspect(FakeContainer.of(1).withImage(digest)).image())
                .isEqualTo("docker.io/library/web:7");
        assertThat(inspect(FakeContainer.of(2).withImage(digest)).image())
                .isEqualTo("docker.io/library/web:7");
        assertThat(runtime.count("ImageStatus")).isOne();
    }

    @Test
    void aStrangersLabelsNameNoOtherPod() throws Exception {
        FakeContainer container =
                FakeContainer.of(1)
                        .withLabels(
                                Map.of("io.kubernetes.pod.name", "other", "a\u001b[31m", "\n"),
                                Map.of(
                                        "io.kubernetes.pod.namespace",
                                        "kube-system",
                                        "io.kubernetes.pod.uid",
                                        "00000000-0000-0000-0000-000000000000"));
        Container read = inspect(container);

        assertThat(read.name()).isEqualTo("shop/web/c1");
        assertThat(read.labels())
                .containsEntry("io.kubernetes.pod.name", "web")
                .containsEntry("io.kubernetes.pod.namespace", "shop")
                .containsEntry("io.kubernetes.pod.uid", FakeContainer.UID);
        assertThat(listed(Map.of("namespace", List.of("kube-system")))).isEmpty();
    }

    @Test
    void oneOddContainerHidesNoOther() throws Exception {
        ProtoBuilder list =
                new ProtoBuilder()
                        .message(1, FakeContainer.of(1).listed())
                        .bytes(1, "no message".getBytes(UTF_8))
                        .message(1, new ProtoBuilder().text(1, "../../etc"))
                        // A label that is not UTF-8.
                        .message(
                                1,
                                FakeContainer.of(2)
                                        .listed()
                                        .message(
                                                8,
                                                new ProtoBuilder()
                                                        .bytes(1, FakeRuntime.latin1("key"))
                                                        .bytes(2, FakeRuntime.latin1("value"))));
        runtime.run(FakeContainer.of(1));
        runtime.answer("ListContainers", list);

        Engine.Listing listing = engine.list(Map.of());

        assertThat(listing.containers())
                .extracting(Engine.Listed::name)
                .containsExactly("shop/web/c1", "shop/web/c2");
        assertThat(listing.unreadable()).isEqualTo(2);
    }

    @Test
    void aContainerThatEndedIsNone() throws Exception {
        runtime.run(FakeContainer.of(1));
        runtime.fail("ContainerStatus", Status.NOT_FOUND);

        assertThat(engine.list(Map.of()).containers()).hasSize(1);
        assertThat(engine.inspect(FakeContainer.of(1).id())).isEmpty();
    }

    private static final FakeContainer CRASHED = FakeContainer.of(1).withRun(Run.ended(4, 1));

    private List<ContainerState> states() throws Exception {
        return engine.list(Map.of()).containers().stream().map(Listed::state).toList();
    }

    @Test
    void aContainerThatCrashedAndWillBeRestartedIsInALoop() throws Exception {
        runtime.run(CRASHED);

        assertThat(states()).containsExactly(ContainerState.RESTARTING);
        Inspected inspected = engine.inspect(CRASHED.id()).orElseThrow();
        assertThat(inspected.running()).isFalse();
        assertThat(inspected.container().readonlyRootfs()).isTrue();
        assertThat(inspected.restarts())
                .contains(new RestartLoopStatus(4, OptionalInt.of(1), Optional.empty()));
        assertThat(engine.inspect("shop/web/c1")).isPresent();
    }

    static Stream<Run> runsThatDoNotGoOn() {
        return Stream.of(
                // One that crashed for the first time, or whose pod does not restart it.
                Run.ended(0, 1),
                // An init container that succeeded in the end.
                Run.ended(2, 0),
                // The kubelet restarts it at once.
                new Run(4, OptionalInt.of(1), Duration.ofMinutes(10)));
    }

    @ParameterizedTest
    @MethodSource("runsThatDoNotGoOn")
    void anyOtherEndedContainerIsNone(Run run) throws Exception {
        FakeContainer ended = FakeContainer.of(1).withRun(run);
        runtime.run(ended);

        engine.list(Map.of());
        Inspected inspected = engine.inspect(ended.id()).orElseThrow();
        assertThat(inspected.running()).isFalse();
        assertThat(inspected.restarts()).isEmpty();
        assertThat(states()).isEmpty();
    }

    /// The kubelet keeps the one before.
    @Test
    void onlyTheNewestOfItsNameCounts() throws Exception {
        FakeContainer before = FakeContainer.of(2).as("c1").withRun(Run.ended(3, 1));
        runtime.run(before, CRASHED);
        assertThat(engine.list(Map.of()).containers())
                .extracting(Listed::id)
                .containsExactly(CRASHED.id());

        runtime.run(
                CRASHED,
                FakeContainer.of(3)
                        .as("c1")
                        .withRun(new Run(5, OptionalInt.empty(), Duration.ZERO)));
        assertThat(engine.list(Map.of()).containers())
                .extracting(Listed::id)
                .containsExactly(FakeContainer.of(3).id());
    }

    /// A pod that is removed, or that has failed for good.
    @Test
    void nothingIsRestartedInASandboxThatHasEnded() throws Exception {
        runtime.run(CRASHED);
        runtime.answer("ListPodSandbox", new ProtoBuilder().message(1, CRASHED.pod().number(3, 1)));

        assertThat(engine.inspect(CRASHED.id()).orElseThrow().restarts()).isEmpty();
        assertThat(states()).isEmpty();
    }

    /// Ended containers stay listed for a long time.
    @Test
    void anEndedContainerCostsOneStatus() throws Exception {
        FakeContainer init = FakeContainer.of(1).withRun(Run.ended(2, 0));
        runtime.run(init, FakeContainer.of(2));
        for (int cycle = 0; cycle < 3; cycle++) {
            for (Listed listed : engine.list(Map.of()).containers()) {
                if (listed.state() == ContainerState.RESTARTING) {
                    engine.inspect(listed.id());
                }
            }
        }

        assertThat(runtime.count("ContainerStatus")).isEqualTo(1);
        assertThat(runtime.count("ListContainers")).isEqualTo(3);
        assertThat(runtime.count("ListPodSandbox")).isEqualTo(1);
    }

    @Test
    void aContainerOfAPodThatIsGoneHasTheNamesOfItsLabels() throws Exception {
        runtime.run(
                FakeContainer.of(1)
                        .withLabels(
                                Map.of(),
                                Map.of(
                                        "io.kubernetes.pod.name",
                                        "gone",
                                        "io.kubernetes.pod.namespace",
                                        "shop")));
        runtime.answer("ListPodSandbox", new ProtoBuilder());

        assertThat(listed(Map.of())).containsExactly("shop/gone/c1");
    }

    @Test
    void podsAreListedOnlyForASandboxThatIsNotKnown() throws Exception {
        runtime.run(FakeContainer.of(1), FakeContainer.of(2));

        for (int i = 0; i < 5; i++) {
            assertThat(engine.list(Map.of()).containers()).hasSize(2);
        }

        assertThat(runtime.count("ListPodSandbox")).isOne();
        assertThat(runtime.count("ListContainers")).isEqualTo(5);
    }

    @Test
    void anUnknownFilterIsReported() {
        assertThatThrownBy(() -> engine.list(Map.of("volume", List.of("x"))))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageContaining("no filter \"volume\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Version", "ListContainers", "ContainerStatus"})
    void noAnswerCostsMoreThanItsDeadline(String method) throws Exception {
        runtime.run(FakeContainer.of(1));
        runtime.answer(method, (request, observer) -> {});

        try (Engine impatient = CriEngines.open("cri://" + socket, SHORT_TIMEOUT)) {
            assertThatThrownBy(
                            () -> {
                                impatient.identify();
                                impatient.list(Map.of());
                                impatient.inspect(FakeContainer.of(1).id());
                            })
                    .isInstanceOf(EngineUnavailable.class)
                    .hasMessageContaining("did not answer " + method + " within 1000 ms");
        }
    }

    @Test
    void anInterruptEndsACall() throws Exception {
        runtime.answer("Version", (request, observer) -> {});
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> engine.identify()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aStatusOf64MiBIsNotRead() {
        runtime.run(FakeContainer.of(1));
        runtime.answer("ContainerStatus", new byte[64 << 20]);

        assertThatThrownBy(() -> engine.inspect(FakeContainer.of(1).id()))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageContaining("sent more than 1024 KiB to ContainerStatus");
    }

    @Test
    void anotherServerIsNoRuntime() {
        runtime.fail("Version", Status.UNIMPLEMENTED);

        assertThatThrownBy(() -> engine.identify())
                .hasMessageContaining("does not serve the CRI")
                .hasMessageContaining("disabled_plugins");
    }

    @Test
    void theRuntimesWordsAreMadeSafe() {
        runtime.fail("Version", Status.INTERNAL.withDescription("a\u001b[31m\nb"));

        assertThatThrownBy(() -> engine.identify()).hasMessageContaining("\"a [31m b\"");
    }

    @Test
    void aRuntimeThatRestartedIsFoundAtOnce() throws Exception {
        engine.identify();
        runtime.close();
        Files.deleteIfExists(socket);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> engine.identify())
                    .isInstanceOf(EngineUnavailable.class)
                    .hasMessageContaining("no runtime socket at");
        }

        runtime = new FakeRuntime(socket);

        assertThat(engine.identify().version()).isEqualTo("fake 1.0");
    }

    /// HTTP/2 SETTINGS, then a part of a HEADERS frame, as a server sends it that ends or hangs.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void halfAFrameIsNoAnswer(boolean close) throws Exception {
        Path half = directory.resolve("half.sock");
        byte[] frames = {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 40, 1, 4, 0, 0, 0, 1, 1, 2, 3};
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Engine other = CriEngines.open("cri://" + half, SHORT_TIMEOUT)) {
            server.bind(UnixDomainSocketAddress.of(half));
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            while (true) {
                                SocketChannel client = server.accept();
                                client.write(ByteBuffer.wrap(frames));
                                if (close) {
                                    client.close();
                                }
                            }
                        } catch (IOException closed) {
                            // The test has ended.
                        }
                    });

            assertThatThrownBy(other::identify).isInstanceOf(EngineUnavailable.class);
        }
    }

    @Test
    void anAnswerThatIsNoMessageIsNotUnderstood() {
        runtime.answer("ListContainers", new byte[] {10, 127, 1});

        assertThatThrownBy(() -> engine.list(Map.of())).isInstanceOf(EngineUnavailable.class);
    }

    @Test
    void aHostNeedsAnAbsolutePath() {
        assertThatThrownBy(() -> CriEngines.open("cri://run/x.sock", CALL_TIMEOUT))
                .isInstanceOf(BadEndpoint.class)
                .hasMessageContaining("cri:///PATH/TO/SOCKET");
    }

    @Test
    void anAmbiguousBeginningOfAnIdNamesNoContainer() throws Exception {
        runtime.run(FakeContainer.of(0x1a), FakeContainer.of(0x1b));

        assertThat(engine.inspect("1")).isEmpty();
        assertThat(engine.inspect("1a1a").map(i -> i.container().name()))
                .isEqualTo(Optional.of("shop/web/c26"));
    }
}

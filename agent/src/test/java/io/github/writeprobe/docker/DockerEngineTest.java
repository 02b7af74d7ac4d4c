package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.docker.FakeEngine.Behaviour;
import io.github.writeprobe.docker.FakeEngine.Call;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerEngineTest {
    @TempDir Path directory;
    private Path socket;
    private FakeEngine fake;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        socket = directory.resolve("engine.sock");
        fake = FakeEngine.onUnix(socket, 3);
        engine = open("unix://" + socket);
    }

    @AfterEach
    void stop() {
        engine.close();
        fake.close();
    }

    private static Engine open(String host) throws BadEndpoint {
        return DockerEngines.open(List.of(host), Map.of(), Duration.ofSeconds(3)).getFirst();
    }

    private String identifyError() {
        return identifyError(engine);
    }

    private static String identifyError(Engine engine) {
        try {
            engine.identify();
        } catch (EngineUnavailable e) {
            assertThat(e.line()).doesNotContainPattern("\\p{Cntrl}");
            return e.line();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it answered");
    }

    @Test
    void anEngineIsIdentifiedAndSpokenToInItsVersion() throws Exception {
        assertThat(engine.identify()).isEqualTo(new Engine.Identified("20.10.24", "1.41"));
        assertThat(engine.inspect("idle-1")).isPresent();
        assertThat(fake.requests())
                .containsExactly("GET /version", "GET /v1.41/containers/idle-1/json");
    }

    @Test
    void ourNewestVersionIsTheLimit() throws Exception {
        fake.supportVersions("1.44", "1.99");
        assertThat(engine.identify().apiVersion()).isEqualTo("1.56");
    }

    private static String listed(int container, String state) {
        return "{\"Id\":\"%s\",\"State\":\"%s\"}".formatted(FakeEngine.id(container), state);
    }

    @ParameterizedTest
    @CsvSource({
        "running, exited, 0",
        "exited, running, 1",
        "exited, exited, 0",
        "paused, dead, 0",
    })
    void aContainerOfAPodIsTheOneThatRunsOrTheLastOne(String first, String second, int found)
            throws Exception {
        fake.reply(Call.LIST, 200, "[" + listed(0, first) + "," + listed(1, second) + "]");

        assertThat(engine.inspect("shop/web/nginx").orElseThrow().container().id())
                .isEqualTo(FakeEngine.id(found));

        assertThat(URLDecoder.decode(fake.requests().get(1), UTF_8))
                .isEqualTo(
                        "GET /v1.41/containers/json?all=1&filters={\"label\":[\"io.kubernetes.pod.namespace=shop\",\"io.kubernetes.pod.name=web\",\"io.kubernetes.container.name=nginx\"]}");
    }

    /// Labels are anybody's.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"Id\":\"../../x\",\"State\":\"running\"}]",
                "[{\"Id\":\"a/b/c\",\"State\":\"running\"}]",
                "[{\"Id\":\"1\",\"State\":\"running\"},{\"Id\":\"2\",\"State\":\"running\"}]"
            })
    void anAmbiguousOrInvalidContainerOfAPodIsNone(String list) throws Exception {
        fake.reply(Call.LIST, 200, list);

        assertThat(engine.inspect("shop/web/nginx")).isEmpty();
        assertThat(fake.count(Call.INSPECT)).isZero();
    }

    @Test
    void anEngineThatOnlySpeaksNewerVersionsIsTooNew() {
        fake.supportVersions("1.60", "1.99");
        assertThat(identifyError())
                .isEqualTo(
                        "the engine at unix://%s is too new: it requires API version 1.60, and writeprobe supports versions up to 1.56; update writeprobe"
                                .formatted(socket));
    }

    @Test
    void anEngineThatOnlySpeaksOlderVersionsIsTooOld() {
        fake.supportVersions("1.12", "1.39");
        assertThat(identifyError()).contains("is too old").contains("19.03");
    }

    @ParameterizedTest
    @EnumSource(names = {"TOO_NEW", "TOO_OLD"})
    void aRefusedVersionIsNegotiatedAgainOnce(Behaviour refusal) throws Exception {
        engine.identify();
        fake.on(Call.LIST, refusal).supportVersions("1.40", "1.45");
        assertThatThrownBy(() -> engine.list(Map.of()))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageContaining("client version");
        assertThat(fake.requests().stream().map(r -> r.replaceFirst("\\?.*", "")))
                .containsExactly(
                        "GET /version",
                        "GET /v1.41/containers/json",
                        "GET /version",
                        "GET /v1.45/containers/json");
    }

    @Test
    void theListHasNamesAndSourcesAndAsksForLiveContainers() throws Exception {
        assertThat(engine.list(Map.of("label", List.of("a=b&c"))).containers())
                .hasSize(3)
                .first()
                .isEqualTo(
                        new Engine.Listed(
                                FakeEngine.id(0),
                                "idle-0",
                                Engine.ContainerState.RUNNING,
                                Optional.empty(),
                                List.of("data-0")));
        assertThat(fake.requests().getLast())
                .isEqualTo(
                        "GET /v1.41/containers/json?filters=%7B%22label%22%3A%5B%22a%3Db%26c%22%5D%2C%22status%22%3A%5B%22running%22%2C%22paused%22%2C%22restarting%22%5D%7D");
    }

    @Test
    void podmanIsNotAskedForAStateThatItDoesNotKnow() throws Exception {
        fake.reply(
                Call.VERSION,
                200,
                "{\"Version\":\"5.8.6\",\"ApiVersion\":\"1.44\",\"Components\":[{\"Name\":\"Podman"
                        + " Engine\"}]}");
        engine.list(Map.of());
        assertThat(fake.requests().getLast())
                .contains("running", "paused")
                .doesNotContain("restarting");
        assertThat(engine.list(Map.of("status", List.of("restarting"))).containers()).isEmpty();
        assertThat(fake.requests()).hasSize(2);
    }

    @Test
    void aStatusThatHasNoProcessesListsNothing() throws Exception {
        assertThat(engine.list(Map.of("status", List.of("exited"))).containers()).isEmpty();
        assertThat(fake.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "..",
                "../x",
                "a/../../version",
                "a?b",
                "a#b",
                "a%2e",
                "a b",
                "a\nb",
                "é",
                "-a"
            })
    void aReferenceThatNoContainerCanHaveNeverGetsIntoAPath(String reference) throws Exception {
        assertThat(engine.inspect(reference)).isEmpty();
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    void aContainerThatIsGoneIsEmpty() throws Exception {
        assertThat(engine.inspect("nobody")).isEmpty();
    }

    @Test
    void aMissingSocketIsReported() throws Exception {
        try (Engine none = open("unix://" + directory + "/none.sock")) {
            assertThat(identifyError(none))
                    .startsWith("no engine socket at %s/none.sock".formatted(directory));
        }
    }

    @Test
    void socketWithoutListenerIsReported() throws Exception {
        Path stale = directory.resolve("stale.sock");
        try (var server =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            server.bind(java.net.UnixDomainSocketAddress.of(stale));
        }
        try (Engine none = open("unix://" + stale)) {
            assertThat(identifyError(none))
                    .startsWith("nothing listens on the engine socket " + stale);
        }
    }

    @Test
    void aFileThatIsNoSocketIsReported() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        try (Engine none = open("unix://" + file)) {
            assertThat(identifyError(none))
                    .startsWith(file + " is not a socket: name another engine");
        }
    }

    @Test
    void aPathThatIsTooLongForASocketIsReported() throws Exception {
        Path file = Files.createFile(directory.resolve("x".repeat(120)));
        try (Engine none = open("unix://" + file)) {
            assertThat(identifyError(none)).contains("is not a socket");
        }
    }

    @Test
    void portWithoutListenerIsReported() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0)) {
            port = server.getLocalPort();
        }
        try (Engine none = open("tcp://127.0.0.1:" + port)) {
            assertThat(identifyError(none))
                    .startsWith("nothing listens on tcp://127.0.0.1:" + port);
        }
    }

    @Test
    void aHostThatIsUnknownIsReported() throws Exception {
        try (Engine none = open("tcp://nowhere.invalid:2375")) {
            assertThat(identifyError(none))
                    .matches(
                            "cannot resolve the host name of tcp://nowhere.invalid:2375: .*|.*did"
                                    + " not answer.*");
        }
    }

    @Test
    void tcpWorksToo() throws Exception {
        try (FakeEngine tcp =
                        FakeEngine.onTcp(
                                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), 1);
                Engine tcpEngine = open("tcp://127.0.0.1:" + tcp.port())) {
            assertThat(tcpEngine.identify().apiVersion()).isEqualTo("1.41");
        }
    }

    @Test
    void aWebServerIsNoEngine() {
        fake.on(Call.VERSION, Behaviour.HTML);
        assertThat(identifyError())
                .isEqualTo(
                        "the server at unix://%s is not a Docker engine: its answer to GET /version cannot be understood; name another engine with --host or DOCKER_HOST"
                                .formatted(socket));
    }

    @ParameterizedTest
    @EnumSource(names = {"GARBAGE", "DROP"})
    void aConnectionClosedWithoutAnAnswerIsReported(Behaviour behaviour) {
        fake.on(Call.VERSION, behaviour);
        assertThat(identifyError())
                .startsWith(
                        "the server at unix://%s closed the connection without a valid answer to GET /version"
                                .formatted(socket));
    }

    @Test
    void anInspectThatIsNoInspectIsReported() {
        fake.reply(Call.INSPECT, 200, "{\"Name\":\"/x\"}");
        assertThatThrownBy(() -> engine.inspect("x"))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageContaining(
                        "is not a Docker engine: its answer to GET /containers/x/json");
    }

    @Test
    void aProxyThatForbidsIsReported() {
        fake.on(Call.LIST, Behaviour.FORBIDDEN);
        assertThatThrownBy(() -> engine.list(Map.of()))
                .hasMessage(
                        "the engine at unix://%s, or a proxy or plugin in front of it, forbids GET /containers/json (403); allow GET /version, GET /containers and POST /exec"
                                .formatted(socket));
    }

    @Test
    void anEnginesErrorIsQuotedWithoutItsControlCharacters() {
        fake.on(Call.VERSION, Behaviour.SERVER_ERROR);
        assertThat(identifyError())
                .isEqualTo(
                        "the engine at unix://%s failed on GET /version (500): \"out of  [31mluck again\"; see its log: journalctl -u docker"
                                .formatted(socket));
    }

    @Test
    void anAmbiguousPrefixIsReportedByTheEngine() {
        fake.reply(
                Call.INSPECT, 400, "{\"message\":\"multiple IDs found with provided prefix: a\"}");
        assertThatThrownBy(() -> engine.inspect("a"))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageContaining("refused GET /containers/a/json (400): \"multiple IDs found");
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG_BEFORE_HEADERS", "HANG_AFTER_HEADERS", "HANG_MID_STREAM", "SLOW"})
    void anEngineThatHangsIsReported(Behaviour behaviour) {
        fake.on(Call.VERSION, behaviour);
        assertThat(identifyError())
                .startsWith(
                        "the engine at unix://"
                                + socket
                                + " did not answer GET /version within 3 s");
    }

    @Test
    void anEndlessAnswerIsNotReadToItsEnd() {
        fake.on(Call.VERSION, Behaviour.ENDLESS);
        assertThat(identifyError())
                .matches(".*(did not answer|broke during|too long an answer to) GET /version.*");
    }

    @Test
    void aRestartedEngineIsFoundAgain() throws Exception {
        engine.identify();
        fake.close();
        assertThat(identifyError()).startsWith("no engine socket");
        fake = FakeEngine.onUnix(socket, 1);
        assertThat(engine.list(Map.of()).containers()).hasSize(1);
    }

    @Test
    void theHostIsWhatWasGiven() throws IOException {
        assertThat(engine.host()).isEqualTo("unix://" + socket);
    }

    private static String entry(String id, String name, String label) {
        return "{\"Id\":\"%s\",\"Names\":[\"/%s\"],\"Image\":\"i\",\"Labels\":{\"x\":\"%s\"},\"State\":\"running\",\"Mounts\":[]}"
                .formatted(id, name, label);
    }

    @Test
    void longLabelDropsNoContainerFromTheList() throws Exception {
        String list =
                "[%s,%s,%s]"
                        .formatted(
                                entry("a", "first", "short"),
                                entry("b", "long", "y".repeat(20_000_100)),
                                entry("c", "last", "z".repeat(100_000)));
        fake.reply(Call.LIST, 200, list);
        Engine.Listing listing = engine.list(Map.of());
        assertThat(listing.containers())
                .extracting(Engine.Listed::id, Engine.Listed::name)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", "first"),
                        org.assertj.core.groups.Tuple.tuple("b", "long"),
                        org.assertj.core.groups.Tuple.tuple("c", "last"));
        assertThat(listing.unreadable()).isZero();
    }

    @Test
    void anEntryWithoutAnIdThatCanBeReadIsCounted() throws Exception {
        fake.reply(
                Call.LIST,
                200,
                "[{\"Names\":[\"%s\"],\"Id\":\"a\"},%s,{\"Id\":7}]"
                        .formatted("n".repeat(1_000_000), entry("b", "web", "")));
        Engine.Listing listing = engine.list(Map.of());
        assertThat(listing.containers()).extracting(Engine.Listed::id).containsExactly("b");
        assertThat(listing.unreadable()).isEqualTo(2);
    }

    @Test
    void aListThatIsNoListIsNoEngines() {
        fake.reply(Call.LIST, 200, "{\"Id\":\"a\"}");
        assertThatThrownBy(() -> engine.list(Map.of()))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageContaining("cannot be understood");
    }

    @Test
    void anInspectThatIsTooLongIsReportedAndNotRead() {
        fake.reply(
                Call.INSPECT,
                200,
                "{\"Id\":\"a\",\"Config\":{\"Labels\":{\"x\":\"%s\"}}}"
                        .formatted("y".repeat(20_000_100)));
        assertThatThrownBy(() -> engine.inspect("a"))
                .isInstanceOf(EngineUnavailable.class)
                .hasMessageContaining("is longer than 512 KiB, and is not read")
                .hasMessageContaining("docker inspect");
    }

    @Test
    void aLabelThatIsMerelyLongIsRead() throws Exception {
        String name = "n".repeat(100_000);
        fake.reply(
                Call.INSPECT,
                200,
                "{\"Id\":\"a\",\"Config\":{\"Labels\":{\"%s\":\"%s\"}}}"
                        .formatted(name, "y".repeat(100_000)));
        assertThat(engine.inspect("a").orElseThrow().container().labels())
                .containsEntry(name, "y".repeat(100_000));
    }
}

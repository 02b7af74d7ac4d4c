package io.github.writeprobe.cri;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commands in containers of a runtime without streams, or whose streams cannot be reached. `CriIT`
/// has real streams.
@Timeout(30)
class CriExecsTest {
    private static final String CONTAINER = "1".repeat(64);
    private static final int MAX_BYTES = 100;

    @TempDir Path directory;
    private FakeRuntime runtime;
    private Engine engine;
    private final AtomicReference<ParsedProtoMessage> request = new AtomicReference<>();

    @BeforeEach
    void open() throws IOException, BadEndpoint {
        Path socket = directory.resolve("r.sock");
        runtime = new FakeRuntime(socket);
        engine = CriEngines.open("cri://" + socket, Duration.ofSeconds(20));
        answerSync("out", "err");
    }

    @AfterEach
    void close() {
        engine.close();
        runtime.close();
    }

    private void answerSync(String stdout, String stderr) {
        runtime.answer(
                "ExecSync",
                (message, observer) -> {
                    request.set(message);
                    observer.onNext(new ProtoBuilder().text(1, stdout).text(2, stderr).toBytes());
                    observer.onCompleted();
                });
    }

    private ExecOutcome run() throws InterruptedException {
        return run(Duration.ofMillis(9_500));
    }

    private ExecOutcome run(Duration timeout) throws InterruptedException {
        return engine.execs()
                .run(CONTAINER, List.of("sh", "-c", ""), Optional.empty(), timeout, MAX_BYTES);
    }

    private void streamAt(String address) {
        runtime.answer("Exec", new ProtoBuilder().text(1, address));
    }

    @Test
    void withoutStreamsTheRuntimeRunsTheCommandToItsEnd() throws Exception {
        assertThat(run()).isEqualTo(new ExecOutcome.Finished("outerr"));

        assertThat(request.get().text(1)).isEqualTo(CONTAINER);
        assertThat(request.get().elements(2))
                .extracting(bytes -> new String(bytes, UTF_8))
                .containsExactly("sh", "-c", "");
    }

    /// Nothing else would end a command that hangs.
    @Test
    void theRuntimeGetsTheTimeLimitInWholeSeconds() throws Exception {
        run(Duration.ofMillis(9_500));
        assertThat(request.get().number(3)).isBetween(9L, 10L);

        run(Duration.ofMillis(500));
        assertThat(request.get().number(3)).isEqualTo(1);
    }

    @Test
    void anAddressThatCannotBeReachedIsTriedOnce() throws Exception {
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            streamAt("http://127.0.0.1:" + unused.getLocalPort() + "/exec/token");
        }

        assertThat(run()).isEqualTo(new ExecOutcome.Finished("outerr"));
        assertThat(run()).isEqualTo(new ExecOutcome.Finished("outerr"));

        assertThat(runtime.count("Exec")).isEqualTo(1);
    }

    /// In a network namespace of its own, something else may listen at the address.
    @Test
    void aServerThatKnowsNoStreamIsLikeNone() throws Exception {
        HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        other.start();
        try {
            streamAt("http://127.0.0.1:" + other.getAddress().getPort() + "/exec/token");

            assertThat(run()).isEqualTo(new ExecOutcome.Finished("outerr"));
        } finally {
            other.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"https://127.0.0.1/exec", "'no address'", "''", "http:///exec"})
    void anAddressThatIsNoneIsLikeNone(String address) throws Exception {
        streamAt(address);

        assertThat(run()).isEqualTo(new ExecOutcome.Finished("outerr"));
    }

    @Test
    void aRuntimeThatRunsNoCommandsIsNamedWithTheReason() throws Exception {
        runtime.fail("ExecSync", Status.UNIMPLEMENTED);

        assertThat(run())
                .isEqualTo(
                        new ExecOutcome.Failed(
                                InconclusiveCause.ENGINE,
                                "the runtime runs no commands (ExecSync); the runtime has no"
                                        + " streams for execs"));
    }

    @Test
    void tooMuchOutputIsNotRead() throws Exception {
        answerSync("x".repeat(60), "x".repeat(60));
        assertThat(run())
                .isEqualTo(
                        new ExecOutcome.Failed(
                                InconclusiveCause.OUTPUT_CAPPED, "more than 100 bytes"));

        answerSync("x".repeat(64 << 20), "");
        assertThat(run())
                .isInstanceOfSatisfying(
                        ExecOutcome.Failed.class,
                        failed ->
                                assertThat(failed.cause())
                                        .isEqualTo(InconclusiveCause.OUTPUT_CAPPED));
    }

    @Test
    void aRuntimeThatNeverAnswersCostsTheTimeLimit() throws Exception {
        runtime.answer("ExecSync", (message, observer) -> {});

        assertThat(run(Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        ExecOutcome.Failed.class,
                        failed ->
                                assertThat(failed.cause()).isEqualTo(InconclusiveCause.TIMED_OUT));
    }

    /// The words are containerd's. The witness looks for a missing shell in the output.
    @Test
    void theOciRuntimesWordsAreTheOutput() throws Exception {
        String words =
                "failed to exec in container: failed to start exec \"e1\": OCI runtime exec failed:"
                        + " exec failed: unable to start container process: exec: \"sh\": executable"
                        + " file not found in $PATH";
        runtime.fail("ExecSync", Status.UNKNOWN.withDescription(words));

        assertThat(run()).isEqualTo(new ExecOutcome.Finished(words));
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, no such container, GONE",
        "UNKNOWN, container is in CONTAINER_EXITED state: not running, NOT_RUNNING",
        "INTERNAL, out of memory, EXEC_FAILED",
        "UNAVAILABLE, closed, ENGINE"
    })
    void aFailureHasItsCause(Status.Code code, String message, InconclusiveCause cause)
            throws Exception {
        runtime.fail("ExecSync", code.toStatus().withDescription(message));

        assertThat(run()).isEqualTo(new ExecOutcome.Failed(cause, message));
    }

    @Test
    void aCommandAsAnotherUserIsNotTried() throws Exception {
        assertThat(
                        engine.execs()
                                .run(
                                        CONTAINER,
                                        List.of("sh"),
                                        Optional.of("0:0"),
                                        Duration.ofSeconds(1),
                                        MAX_BYTES))
                .isInstanceOf(ExecOutcome.Failed.class);
        assertThat(runtime.count("ExecSync")).isZero();
    }
}

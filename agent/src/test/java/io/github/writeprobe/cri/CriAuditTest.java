package io.github.writeprobe.cri;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.cli.InProcess;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An audit of a runtime that answers something else than is expected: nothing that is not
/// understood becomes compliant.
class CriAuditTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;
    private Path socket;
    private FakeRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        socket = directory.resolve("r.sock");
        runtime = new FakeRuntime(socket);
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private JsonNode audit() throws IOException {
        InProcess.Result result =
                InProcess.run(Map.of(), "audit", "--host", "cri://" + socket, "--format", "json");
        assertThat(result.code()).as(result.err()).isEqualTo(3);
        return JSON.readTree(result.out());
    }

    private static List<String> verdicts(JsonNode report) {
        return report.path("containers")
                .valueStream()
                .map(c -> c.path("name").asText() + " " + c.path("verdict").asText())
                .sorted()
                .toList();
    }

    @Test
    void infoThatIsNotUnderstoodIsUnverifiedAndHidesNoOther() throws IOException {
        runtime.run(
                FakeContainer.of(1).withInfo("not JSON"),
                FakeContainer.of(2).withInfo("{}"),
                FakeContainer.of(3).withInfo(FakeContainer.INFO.replace("true", "\"true\"")),
                // Its process is none of the container's.
                FakeContainer.of(4));

        JsonNode report = audit();

        assertThat(verdicts(report))
                .containsExactly(
                        "shop/web/c1 unverified",
                        "shop/web/c2 unverified",
                        "shop/web/c3 unverified",
                        "shop/web/c4 unverified");
        assertThat(report.path("engines").path(0).has("error")).isFalse();
    }

    @Test
    void aContainerThatEndsAfterTheListIsNotReported() throws IOException {
        FakeContainer odd = FakeContainer.of(2).withInfo("");
        runtime.run(FakeContainer.of(1), odd);
        runtime.answer(
                "ContainerStatus",
                (request, observer) -> {
                    if (request.text(1).equals(odd.id())) {
                        observer.onNext(odd.status().toBytes());
                        observer.onCompleted();
                    } else {
                        observer.onError(Status.NOT_FOUND.asRuntimeException());
                    }
                });

        assertThat(verdicts(audit())).containsExactly("shop/web/c2 unverified");
    }

    /// It may run, so it does not disappear from the report.
    @Test
    void aContainerWhoseStateTheRuntimeDoesNotKnowIsUnverified() throws IOException {
        runtime.run(FakeContainer.of(1).withRun(FakeContainer.Run.UNKNOWN));

        JsonNode report = audit();

        assertThat(verdicts(report)).containsExactly("shop/web/c1 unverified");
        assertThat(report.toString()).contains("the runtime does not know whether it runs");
    }

    @Test
    void aStatusOf64MiBIsUnverified() throws IOException {
        runtime.run(FakeContainer.of(1));
        runtime.answer("ContainerStatus", new byte[64 << 20]);

        assertThat(verdicts(audit())).containsExactly("shop/web/c1 unverified");
    }
}

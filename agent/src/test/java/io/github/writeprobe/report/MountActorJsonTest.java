package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountActor;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.trace.Caller;
import io.github.writeprobe.probes.trace.ChangeMaker;
import io.github.writeprobe.probes.trace.MountCall;
import io.github.writeprobe.probes.trace.MountSyscall;
import io.github.writeprobe.probes.trace.ProcessIdentity;
import io.github.writeprobe.probes.trace.ProcessOrigin;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Who changed mounts, as JSON and in evidence.
class MountActorJsonTest {
    private static final String WEB = "a".repeat(64);
    private static final String HOSTILE = "x\n\u001b[2J\u202e`";

    private static ProcessIdentity process(int pid, ProcessOrigin origin) {
        return new ProcessIdentity(
                pid,
                1,
                HOSTILE,
                Optional.of("/bin/" + HOSTILE),
                List.of("mount", HOSTILE),
                Optional.of(-2),
                origin);
    }

    private static MountCall call(Caller caller) {
        return new MountCall(
                Instant.parse("2026-11-30T14:02:03.118205Z"),
                0,
                OptionalLong.of(1),
                MountSyscall.MOUNT,
                0x1020,
                0,
                caller);
    }

    private static String json(ChangeMaker maker) throws IOException {
        ContainerReport container =
                new ContainerReportBuilder("web")
                        .paths(PathReports.rootfsWritable())
                        .findings(
                                Reports.finding(
                                                FindingKind.DRIFT,
                                                Severity.CRITICAL,
                                                "/",
                                                "It is writable",
                                                "Replace it")
                                        .withActor(new MountActor(maker, WEB)))
                        .violating();
        Report mixed = Reports.mixed();
        Report report =
                new Report(
                        mixed.toolVersion(),
                        mixed.engines(),
                        mixed.startedAt(),
                        mixed.duration(),
                        List.of(container));
        StringWriter text = new StringWriter();
        new JsonFormat().write(report, text);
        return text.toString();
    }

    private static JsonNode actor(ChangeMaker maker) throws IOException {
        String text = json(maker);
        assertThat(
                        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                                .getSchema(
                                        Files.readString(Path.of("../config/report.schema.json")),
                                        InputFormat.JSON)
                                .validate(
                                        text,
                                        InputFormat.JSON,
                                        c ->
                                                c.executionConfig(
                                                        e -> e.formatAssertionsEnabled(true))))
                .isEmpty();
        return new ObjectMapper()
                .readTree(text)
                .path("containers")
                .path(0)
                .path("findings")
                .path(0)
                .path("actor");
    }

    @Test
    void aCallHasItsProcessAndWhoStartedIt() throws IOException {
        Caller.Seen seen =
                new Caller.Seen(
                        process(7323, new ProcessOrigin.InContainer(WEB)),
                        Optional.of("mnt:[1]"),
                        List.of(process(7322, new ProcessOrigin.Host())));
        JsonNode actor =
                actor(
                        new ChangeMaker.MadeBy(
                                List.of(call(seen), call(new Caller.Gone(9))),
                                2,
                                true,
                                Optional.of("calls were lost")));
        assertThat(actor.path("origin").asText()).isEqualTo("unknown");
        assertThat(actor.path("moreCalls").asInt()).isEqualTo(2);
        JsonNode call = actor.path("calls").path(0);
        assertThat(call.path("origin").asText()).isEqualTo("own_container");
        assertThat(call.path("container").asText()).isEqualTo(WEB);
        assertThat(call.path("flags").asText()).isEqualTo("0x1020");
        assertThat(call.path("command").asText()).isEqualTo(HOSTILE);
        assertThat(call.path("uid").asLong()).isEqualTo(4_294_967_294L);
        assertThat(call.path("startedBy").path(0).path("pid").asInt()).isEqualTo(7322);
        assertThat(call.path("startedBy").path(0).has("arguments")).isFalse();
        assertThat(actor.path("calls").path(1).has("command")).isFalse();
    }

    @Test
    void nobodyHasAReason() throws IOException {
        JsonNode actor = actor(new ChangeMaker.NotKnown("calls were lost"));
        assertThat(actor.path("notKnown").asText()).isEqualTo("calls were lost");
        assertThat(actor.path("calls")).isEmpty();
    }
}

package io.github.writeprobe.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.cli.InProcess;
import io.github.writeprobe.docker.FakeEngine.Call;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Engines that answer like none that writeprobe knows: newer ones, and ones that mix the habits of
/// Docker and Podman. What is understood is judged. The container itself is read-only, except for a
/// volume and a tmpfs: see [FakeEngine].
class StrangeEngineTest {
    private static final String INSPECTED =
            """
            {'Id':'ID','Name':'/idle-0','State':{'Status':'running','Running':true,'Paused':false},
             'HostConfig':{'ReadonlyRootfs':true,'Tmpfs':{'/tmp':''}},
             'Mounts':[{'Type':'volume','Name':'data','Destination':'/data','RW':true}],
             'Config':{'Image':'idle:1','Labels':{}}}\
            """;

    @TempDir private Path directory;
    private FakeEngine fake;

    @BeforeEach
    void start() throws Exception {
        fake = FakeEngine.onUnix(directory.resolve("engine.sock"), 1);
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    private JsonNode audited(String inspected) throws Exception {
        fake.reply(Call.INSPECT, 200, inspected.replace("ID", FakeEngine.id(0)).replace('\'', '"'));
        InProcess.Result result =
                InProcess.run(
                        Map.of("DOCKER_HOST", "unix://" + directory.resolve("engine.sock")),
                        "audit",
                        "--witness",
                        "exec",
                        "--format",
                        "json",
                        "idle-0");
        JsonNode report = new JsonMapper().readTree(result.out()).at("/containers/0");
        assertThat(report.isMissingNode()).as(result.out() + result.err()).isFalse();
        // Nothing here differs from what is declared.
        assertThat(report.path("findings").findValuesAsText("severity"))
                .as(report.toString())
                .doesNotContain("critical");
        return report;
    }

    private static String changed(String from, String to) {
        assertThat(INSPECTED).contains(from);
        return INSPECTED.replace(from, to);
    }

    @Test
    void anEngineOfTheFutureIsSpokenToInAVersionThatIsKnown() throws Exception {
        fake.supportVersions("1.44", "1.99");
        assertThat(audited(INSPECTED).path("verdict").asText()).isEqualTo("compliant");
        assertThat(fake.requests()).contains("GET /v1.56/containers/idle-0/json");
    }

    /// The kernel's mount table and the probe say what it is.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Type':'volume' | 'Type':'hologram'",
                "'Type':'volume','Name':'data' | 'Type':'hologram','Options':['rbind']",
                "'Type':'volume', | ``",
                "'RW':true | 'Mode':'z'",
                "'State':{ | 'GraphDriver':{'Name':'stargz','Data':{'Remote':'x'}},'State':{",
                "'State':{ | 'GraphDriver':{'Name':'overlayfs','Data':null},'State':{",
                "'State':{ | 'Storage':{'RootFS':{'Snapshot':{'Name':'overlayfs'}}},'State':{",
                "'Mounts':[ | 'Mounts':[{'Type':'image','Source':'i','Destination':'/data','RW':false},"
            })
    void whatIsUnknownIsJudgedByWhatTheKernelSays(String from, String to) throws Exception {
        JsonNode report = audited(changed(from, to));
        assertThat(report.path("verdict").asText()).as(report.toString()).isEqualTo("compliant");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // A mount that is not understood is not declared.
                "undeclared | 'Mounts':[{'Type':'volume','Name':'data','Destination':'/data','RW':true}] | 'Mounts':{'/data':{'Type':'volume','RW':true}}",
                "undeclared | 'Destination':'/data' | 'Target':'/data'",
                "undeclared | 'Tmpfs':{'/tmp':''} | 'Tmpfs':['/tmp']",
                // Podman writes capabilities as the kernel does, Docker without CAP_.
                "bypassable | 'Tmpfs' | 'CapAdd':['CAP_SYS_ADMIN'],'Tmpfs'",
                "bypassable | 'Tmpfs' | 'CapAdd':['sys_admin'],'Tmpfs'",
                "bypassable | 'Tmpfs' | 'Privileged':'true','Tmpfs'",
                "exposed | 'Type':'volume','Name':'data' | 'Type':'hologram','Source':'/etc'"
            })
    void whatIsNotUnderstoodIsNeverCompliant(String kind, String from, String to) throws Exception {
        JsonNode report = audited(changed(from, to));
        assertThat(report.path("verdict").asText()).as(report.toString()).isEqualTo("violating");
        assertThat(report.path("findings").findValuesAsText("kind")).contains(kind);
    }
}

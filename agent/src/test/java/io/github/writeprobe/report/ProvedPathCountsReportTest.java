package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProvedPathCounts;
import io.github.writeprobe.probes.WitnessName;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a report says of mounts that were proved without an attempt as each identity.
class ProvedPathCountsReportTest {
    private static final ProvedPathCounts PROOFS =
            new ProvedPathCounts(Reports.NOON, Map.of("/", 8, "/etc/hosts", 1), Map.of("/tmp", 1));

    private static Report report() {
        ContainerReport web = new ContainerReportBuilder("web").readOnly().compliant();
        WitnessRun witness =
                new WitnessRun(
                        WitnessName.PROCFS,
                        ProbeIdentity.ROOT,
                        Reports.NOON.plusSeconds(60),
                        Duration.ofMillis(1),
                        Optional.empty(),
                        Optional.of(PROOFS));
        return new Report(
                "0.1.0",
                List.of(
                        new EngineReport(
                                Reports.LOCAL, "29.0", "1.52", List.of(), Optional.empty())),
                Reports.NOON,
                Duration.ZERO,
                List.of(
                        new ContainerReport(
                                web.container(),
                                web.verdict(),
                                List.of(witness),
                                web.paths(),
                                web.findings(),
                                web.unproved(),
                                web.leftovers())));
    }

    @Test
    void jsonNamesTheMountsAndWhenEveryPathWasTried() throws Exception {
        StringWriter out = new StringWriter();
        new JsonFormat().write(report(), out);

        JsonNode proofs =
                new ObjectMapper()
                        .readTree(out.toString())
                        .at("/containers/0/witnesses/0/mountProofs");
        assertThat(proofs.toString())
                .isEqualTo(
                        "{\"everyPathTriedAt\":\""
                                + Reports.NOON
                                + "\",\"readOnly\":[{\"point\":\"/\",\"paths\":8},"
                                + "{\"point\":\"/etc/hosts\",\"paths\":1}],"
                                + "\"writable\":[{\"point\":\"/tmp\",\"paths\":1}]}");
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                Files.readString(Path.of("../config/report.schema.json")),
                                InputFormat.JSON);
        assertThat(schema.validate(out.toString(), InputFormat.JSON)).isEmpty();
    }

    @Test
    void peopleReadTheSame() {
        assertThat(ReportWording.of(PROOFS))
                .isEqualTo(
                        "proved read-only for every identity: the mount at / (8 paths), the mount"
                                + " at /etc/hosts (1 path); not tried again where root"
                                + " could write before: the mount at /tmp (1 path); every path was last tried"
                                + " as this identity at "
                                + Reports.NOON);
    }
}

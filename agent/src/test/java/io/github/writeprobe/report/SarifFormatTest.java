package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SarifFormatTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"empty", "compliant", "mixed", "hostile"})
    void everyLogIsValidAgainstTheOfficialSchema(String name) throws IOException {
        assertThat(errors(Rendered.text(new SarifFormat(), name))).isEmpty();
    }

    @Test
    void theOfficialSchemaIsReallyApplied() throws IOException {
        String log = Rendered.text(new SarifFormat(), "mixed");
        assertThat(errors(log.replace("\"external\"", "\"odd\""))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed", "hostile"})
    void outputIsVisibleAscii(String name) {
        assertThat(Rendered.text(new SarifFormat(), name)).matches("[\n -~]*");
    }

    @Test
    void everyResultPointsToItsRule() throws IOException {
        JsonNode run = run("mixed");
        for (JsonNode result : run.get("results")) {
            assertThat(run.at("/tool/driver/rules/" + result.get("ruleIndex") + "/id"))
                    .isEqualTo(result.get("ruleId"));
        }
    }

    @Test
    void criticalAndHighAreErrorsMediumWarnsLowNotes() throws IOException {
        Set<String> levels =
                stream(run("mixed").get("results"))
                        .filter(r -> r.at("/properties/severity").isTextual())
                        .map(r -> r.at("/properties/severity").asText() + " " + text(r, "level"))
                        .collect(Collectors.toSet());
        assertThat(levels)
                .containsExactlyInAnyOrder(
                        "critical error", "high error", "medium warning", "low note");
    }

    @Test
    void unverifiedContainersAreOpen() throws IOException {
        List<JsonNode> open =
                stream(run("mixed").get("results"))
                        .filter(r -> text(r, "kind").equals("open"))
                        .toList();
        assertThat(open).hasSize(2);
        assertThat(open).allMatch(r -> text(r, "ruleId").equals("unverified"));
        assertThat(open).allMatch(r -> text(r, "level").equals("none"));
    }

    @Test
    void waivedFindingsAreSuppressedAndOthersHaveNoSuppressions() throws IOException {
        List<String> justifications = new ArrayList<>();
        for (JsonNode result : run("mixed").get("results")) {
            assertThat(result.get("suppressions").isArray()).isTrue();
            result.get("suppressions").forEach(s -> justifications.add(text(s, "justification")));
        }
        assertThat(justifications)
                .containsExactly("vendor image, replaced in Q1 (payments, until 2027-03-31)");
    }

    @Test
    void anEngineThatDidNotAnswerMakesTheRunUnsuccessful() throws IOException {
        JsonNode invocation = run("mixed").at("/invocations/0");
        assertThat(invocation.get("executionSuccessful").asBoolean()).isFalse();
        assertThat(invocation.at("/toolExecutionNotifications/0/message/text").asText())
                .startsWith("The engine tcp://build-7.example:2376 did not answer: ");
        assertThat(run("compliant").at("/invocations/0/executionSuccessful").asBoolean()).isTrue();
    }

    @Test
    void urisStayBelowWhereTheyStart() throws IOException {
        for (JsonNode result : run("hostile").get("results")) {
            URI uri =
                    URI.create(
                            result.at("/locations/0/physicalLocation/artifactLocation/uri")
                                    .asText());
            assertThat(uri.isAbsolute()).isFalse();
            assertThat(uri.getRawPath()).doesNotStartWith("/");
            assertThat(uri.getPath().split("/")).isNotEmpty().doesNotContain("", ".", "..");
            assertThat(uri.normalize()).isEqualTo(uri);
        }
    }

    @Test
    void aNameThatIsADirectoryAboveBecomesAnOrdinaryOne() {
        assertThat(WorkloadName.of(container("..", "x")).uri()).isEqualTo("_..");
        assertThat(WorkloadName.of(container("a/../b c", "x")).uri()).isEqualTo("a_.._b%20c");
    }

    @Test
    void placeholdersAndLinksOfStrangersStayText() throws IOException {
        String message = run("hostile").at("/results/0/message/text").asText();
        assertThat(message).contains("{{0}}").contains("\\[l\\](").doesNotContain(" [l](");
    }

    @Test
    void fingerprintsOutliveTheContainer() throws IOException {
        assertThat(fingerprint("a".repeat(64), "nginx:1.27", "/"))
                .isEqualTo(fingerprint("b".repeat(64), "nginx:1.27", "/"));
    }

    @Test
    void fingerprintsDistinguishFindings() throws IOException {
        String one = fingerprint("a".repeat(64), "nginx:1.27", "/");
        assertThat(fingerprint("a".repeat(64), "nginx:1.28", "/")).isNotEqualTo(one);
        assertThat(fingerprint("a".repeat(64), "nginx:1.27", "/etc")).isNotEqualTo(one);
    }

    private static String fingerprint(String id, String image, String path) throws IOException {
        ContainerReport web =
                new ContainerReport(
                        container("web", id, image),
                        Verdict.VIOLATING,
                        List.of(),
                        List.of(),
                        List.of(
                                Reports.finding(
                                        FindingKind.EXPOSED, Severity.HIGH, path, "m", "r")),
                        List.of(),
                        List.of());
        Report report = Reports.report(List.of(Reports.up(Reports.LOCAL)), web);
        JsonNode log = MAPPER.readTree(Rendered.text(new SarifFormat(), report));
        return log.at("/runs/0/results/0/partialFingerprints/primaryLocationLineHash").asText();
    }

    private static Container container(String name, String id) {
        return container(name, id, "nginx:1.27");
    }

    private static Container container(String name, String id, String image) {
        Container like = new ContainerReportBuilder(name).image(image).compliant().container();
        return Container.builder(id, like.name(), like.engine())
                .image(like.image())
                .paused(like.paused())
                .readonlyRootfs(like.readonlyRootfs())
                .mounts(like.mounts())
                .user(like.user())
                .privileged(like.privileged())
                .capabilities(like.capabilities())
                .init(like.init())
                .labels(like.labels())
                .build();
    }

    private static JsonNode run(String name) throws IOException {
        return MAPPER.readTree(Rendered.text(new SarifFormat(), name)).at("/runs/0");
    }

    private static String text(JsonNode node, String field) {
        return Optional.ofNullable(node.get(field)).map(JsonNode::asText).orElse("");
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static List<Error> errors(String log) throws IOException {
        try (InputStream official =
                requireNonNull(
                        SarifFormatTest.class.getResourceAsStream(
                                "/schema/sarif-schema-2.1.0.json"))) {
            Schema schema =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                            .getSchema(official, InputFormat.JSON);
            return schema.validate(
                    log,
                    InputFormat.JSON,
                    context ->
                            context.executionConfig(
                                    config -> config.formatAssertionsEnabled(true)));
        }
    }
}

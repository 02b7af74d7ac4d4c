package io.github.writeprobe.docker.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagedResourceLabelsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant CREATED = Instant.parse("2026-11-24T00:00:00Z");

    private static JsonNode labels(String seconds) {
        return JSON.valueToTree(
                Map.of(
                        ManagedResourceLabels.LABEL,
                        "sidecar",
                        ManagedResourceLabels.SECONDS,
                        seconds));
    }

    private static Instant after(long seconds) {
        return CREATED.plusSeconds(seconds);
    }

    @Test
    void aHelperLivesForItsTimeOutAndHalfAMinute() {
        JsonNode labels =
                JSON.valueToTree(ManagedResourceLabels.labels("sidecar", Duration.ofMillis(1500)));
        assertThat(ManagedResourceLabels.isLive(labels, CREATED, after(31))).isTrue();
        assertThat(ManagedResourceLabels.isStale(labels, CREATED, after(31))).isFalse();
        assertThat(ManagedResourceLabels.isLive(labels, CREATED, after(32))).isFalse();
        assertThat(ManagedResourceLabels.isStale(labels, CREATED, after(32))).isTrue();
    }

    @Test
    void lifetimeLabelIsCappedAtTheMaximum() {
        assertThat(ManagedResourceLabels.isLive(labels("99999999"), CREATED, after(629))).isTrue();
        assertThat(ManagedResourceLabels.isLive(labels("99999999"), CREATED, after(630))).isFalse();
        assertThat(ManagedResourceLabels.isStale(labels("99999999"), CREATED, after(630))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "1.5", "99999999999999999999"})
    void aLifeThatCannotBeReadMakesNoHelper(String seconds) {
        assertThat(ManagedResourceLabels.isLive(labels(seconds), CREATED, after(1))).isFalse();
        assertThat(ManagedResourceLabels.isStale(labels(seconds), CREATED, after(1_000_000)))
                .isFalse();
    }

    @Test
    void containerWithOneOfTwoLabelsIsNoHelper() {
        JsonNode one = JSON.valueToTree(Map.of(ManagedResourceLabels.LABEL, "sidecar"));
        assertThat(ManagedResourceLabels.isLive(one, CREATED, after(1))).isFalse();
        assertThat(ManagedResourceLabels.isStale(one, CREATED, after(1_000_000))).isFalse();
    }

    @Test
    void invalidCreationTimeIsTheEpoch() throws Exception {
        assertThat(
                        ManagedResourceLabels.createdInInspect(
                                JSON.readTree("{\"Created\":\"2026-11-24T00:00:00Z\"}")))
                .isEqualTo(CREATED);
        assertThat(ManagedResourceLabels.createdInInspect(JSON.readTree("{\"Created\":7}")))
                .isEqualTo(Instant.EPOCH);
        assertThat(ManagedResourceLabels.createdInList(JSON.readTree("{\"Created\":-7}")))
                .isEqualTo(Instant.EPOCH);
        assertThat(ManagedResourceLabels.createdInList(JSON.readTree("{\"Created\":1795478400}")))
                .isEqualTo(CREATED);
    }

    @Test
    void aVolumeHasALabelWithItsExpiry() {
        JsonNode labels =
                JSON.valueToTree(
                        ManagedResourceLabels.labels("clone", CREATED, Duration.ofMinutes(5)));
        assertThat(ManagedResourceLabels.isStale("writeprobe-1", labels, after(329))).isFalse();
        assertThat(ManagedResourceLabels.isStale("writeprobe-1", labels, after(330))).isTrue();
        assertThat(ManagedResourceLabels.isStale("postgres-data", labels, after(330))).isFalse();
    }

    @Test
    void resourcesWithoutPurposeOrExpiryAreNotStale() {
        for (Map<String, String> labels :
                List.of(
                        Map.<String, String>of(),
                        Map.of(ManagedResourceLabels.LABEL, "clone"),
                        Map.of(
                                ManagedResourceLabels.LABEL,
                                "clone",
                                ManagedResourceLabels.UNTIL,
                                "soon"),
                        Map.of(ManagedResourceLabels.UNTIL, CREATED.toString()))) {
            assertThat(
                            ManagedResourceLabels.isStale(
                                    "writeprobe-1", JSON.valueToTree(labels), after(1_000_000)))
                    .isFalse();
        }
        assertThat(ManagedResourceLabels.isStale("writeprobe-1", JSON.nullNode(), after(1)))
                .isFalse();
    }
}

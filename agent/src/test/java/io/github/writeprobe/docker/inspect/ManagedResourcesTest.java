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

class ManagedResourcesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant CREATED = Instant.parse("2026-11-24T00:00:00Z");

    private static JsonNode labels(String seconds) {
        return JSON.valueToTree(
                Map.of(ManagedResources.LABEL, "sidecar", ManagedResources.SECONDS, seconds));
    }

    private static Instant after(long seconds) {
        return CREATED.plusSeconds(seconds);
    }

    @Test
    void aHelperLivesForItsTimeOutAndHalfAMinute() {
        JsonNode labels =
                JSON.valueToTree(ManagedResources.labels("sidecar", Duration.ofMillis(1500)));
        assertThat(ManagedResources.isLive(labels, CREATED, after(31))).isTrue();
        assertThat(ManagedResources.isStale(labels, CREATED, after(31))).isFalse();
        assertThat(ManagedResources.isLive(labels, CREATED, after(32))).isFalse();
        assertThat(ManagedResources.isStale(labels, CREATED, after(32))).isTrue();
    }

    @Test
    void lifetimeLabelIsCappedAtTheMaximum() {
        assertThat(ManagedResources.isLive(labels("99999999"), CREATED, after(629))).isTrue();
        assertThat(ManagedResources.isLive(labels("99999999"), CREATED, after(630))).isFalse();
        assertThat(ManagedResources.isStale(labels("99999999"), CREATED, after(630))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "1.5", "99999999999999999999"})
    void aLifeThatCannotBeReadMakesNoHelper(String seconds) {
        assertThat(ManagedResources.isLive(labels(seconds), CREATED, after(1))).isFalse();
        assertThat(ManagedResources.isStale(labels(seconds), CREATED, after(1_000_000))).isFalse();
    }

    @Test
    void containerWithOneOfTwoLabelsIsNoHelper() {
        JsonNode one = JSON.valueToTree(Map.of(ManagedResources.LABEL, "sidecar"));
        assertThat(ManagedResources.isLive(one, CREATED, after(1))).isFalse();
        assertThat(ManagedResources.isStale(one, CREATED, after(1_000_000))).isFalse();
    }

    @Test
    void invalidCreationTimeIsTheEpoch() throws Exception {
        assertThat(
                        ManagedResources.createdInInspect(
                                JSON.readTree("{\"Created\":\"2026-11-24T00:00:00Z\"}")))
                .isEqualTo(CREATED);
        assertThat(ManagedResources.createdInInspect(JSON.readTree("{\"Created\":7}")))
                .isEqualTo(Instant.EPOCH);
        assertThat(ManagedResources.createdInList(JSON.readTree("{\"Created\":-7}")))
                .isEqualTo(Instant.EPOCH);
        assertThat(ManagedResources.createdInList(JSON.readTree("{\"Created\":1795478400}")))
                .isEqualTo(CREATED);
    }

    @Test
    void aVolumeHasALabelWithItsExpiry() {
        JsonNode labels =
                JSON.valueToTree(ManagedResources.labels("clone", CREATED, Duration.ofMinutes(5)));
        assertThat(ManagedResources.isStale("writeprobe-1", labels, after(329))).isFalse();
        assertThat(ManagedResources.isStale("writeprobe-1", labels, after(330))).isTrue();
        assertThat(ManagedResources.isStale("postgres-data", labels, after(330))).isFalse();
    }

    @Test
    void resourcesWithoutPurposeOrExpiryAreNotStale() {
        for (Map<String, String> labels :
                List.of(
                        Map.<String, String>of(),
                        Map.of(ManagedResources.LABEL, "clone"),
                        Map.of(ManagedResources.LABEL, "clone", ManagedResources.UNTIL, "soon"),
                        Map.of(ManagedResources.UNTIL, CREATED.toString()))) {
            assertThat(
                            ManagedResources.isStale(
                                    "writeprobe-1", JSON.valueToTree(labels), after(1_000_000)))
                    .isFalse();
        }
        assertThat(ManagedResources.isStale("writeprobe-1", JSON.nullNode(), after(1))).isFalse();
    }
}

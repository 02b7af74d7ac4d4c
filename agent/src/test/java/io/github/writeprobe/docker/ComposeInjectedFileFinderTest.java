package io.github.writeprobe.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeInjectedFileFinderTest {
    @ParameterizedTest
    @CsvSource({
        // Go rounds the times of an archive to the nearest second, up or down.
        "2026-11-30T16:24:01Z,           true",
        "2026-11-30T16:24:02Z,           true",
        "2026-11-30T16:24:11Z,           true",
        // What a service writes.
        "2026-11-30T16:24:02.000000001Z, false",
        // What a service unpacks, or what an image has.
        "2026-11-30T16:23:59Z,           false",
        // A later docker cp.
        "2026-11-30T16:25:00Z,           false",
    })
    void aFileOfTheTimeOfCreationInWholeSecondsWasInjected(Instant modified, boolean injected) {
        assertThat(
                        ComposeInjectedFileFinder.isOfCreation(
                                modified, Instant.parse("2026-11-30T16:24:01.300123456Z")))
                .isEqualTo(injected);
    }
}

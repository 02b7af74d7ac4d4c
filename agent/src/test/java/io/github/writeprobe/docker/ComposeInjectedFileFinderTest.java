package io.github.writeprobe.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.docker.archive.DockerPathStatHeader;
import io.github.writeprobe.probes.writes.FileType;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeInjectedFileFinderTest {
    private static final Instant CREATED = Instant.parse("2026-11-30T16:24:01.300123456Z");

    @ParameterizedTest
    @CsvSource({
        // Go rounds the times of an archive to the nearest second, up or down.
        "2026-11-30T16:24:01Z,           true",
        "2026-11-30T16:24:03Z,           true",
        // What a service writes.
        "2026-11-30T16:24:02.000000001Z, false",
        // What a mail server writes, and gives the time in whole seconds.
        "2026-11-30T16:24:04Z,           false",
        // What a service unpacks, or what an image has.
        "2026-11-30T16:24:00Z,           false",
        // A later docker cp.
        "2026-11-30T16:25:00Z,           false",
    })
    void aFileOfTheTimeBeforeTheFirstStartInWholeSecondsWasInjected(
            Instant modified, boolean injected) {
        assertThat(isInjected(Optional.of("2026-11-30T16:24:03.100Z"), modified, 0644))
                .isEqualTo(injected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-30T16:24:01Z, 0444, true",
        "2026-11-30T16:24:11Z, 0400, true",
        "2026-11-30T16:24:12Z, 0444, false",
        "2026-11-30T16:24:01Z, 0660, false",
    })
    void afterARestartItAlsoHasNoWritePermission(Instant modified, String mode, boolean injected) {
        assertThat(
                        isInjected(
                                Optional.of("2026-11-30T18:00:00.100Z"),
                                modified,
                                Integer.parseInt(mode, 8)))
                .isEqualTo(injected);
    }

    @ParameterizedTest
    @CsvSource({"2026-11-30T16:24:05Z, true", "2026-11-30T16:24:05.1Z, false"})
    void inAContainerThatNeverStartedNobodyElseWrote(Instant modified, boolean injected) {
        assertThat(isInjected(Optional.empty(), modified, 0644)).isEqualTo(injected);
    }

    private static boolean isInjected(Optional<String> started, Instant modified, int mode) {
        return new ComposeInjectedFileFinder.Lifetime(CREATED, started.map(Instant::parse))
                .isInjected(
                        new DockerPathStatHeader(
                                FileType.REGULAR, mode, 1, "", Optional.of(modified)));
    }
}

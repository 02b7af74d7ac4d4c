package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.writes.FileType;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProbeTraceFinderTest {
    private static final Instant PROBED = Instant.parse("2026-11-30T12:00:00.5Z");
    private static final Instant EARLIER = PROBED.minusSeconds(60);
    private static final Instant LATER = PROBED.plusMillis(300);

    private static ContainerFixture fixture() {
        return ContainerFixture.of("x")
                .directory("/home", 0755, 0, 0)
                .directory("/etc", 0755, 0, 0)
                .directory("/srv/work", 0755, 0, 0);
    }

    @Test
    void whatAProbeLeavesNeedsNoMount() {
        ContainerFixture asRoot =
                fixture()
                        .touched("/tmp", PROBED)
                        .touched("/var/tmp", PROBED.plusMillis(2))
                        .touched("/home", PROBED.plusMillis(15));
        assertThat(asRoot.provisions()).isEmpty();
        assertThat(asRoot.notes())
                .contains("/tmp and /var/tmp: something was created there and removed at the same")
                .contains("no write was seen");
        ContainerFixture asAnotherUser =
                fixture().touched("/tmp", PROBED).touched("/var/tmp", PROBED.plusMillis(2));
        assertThat(asAnotherUser.provisions()).isEmpty();
    }

    @Test
    void aServiceThatUsesADirectoryForTemporaryFilesNeedsIt() {
        assertThat(fixture().touched("/tmp", EARLIER).provisions())
                .isEqualTo("tmpfs /tmp 64m 1777 0:0");
        assertThat(
                        fixture()
                                .touched("/tmp", LATER)
                                .touched("/var/tmp", PROBED)
                                .touched("/home", PROBED)
                                .provisions())
                .isEqualTo("tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void aServiceThatWroteThereNeedsItWhateverAProbeDid() {
        assertThat(
                        fixture()
                                .touched("/tmp", PROBED)
                                .touched("/home", PROBED)
                                .wrote("app", "/tmp/x")
                                .provisions())
                .startsWith("tmpfs /tmp");
        assertThat(
                        fixture()
                                .touched("/home", PROBED)
                                .touched("/tmp", PROBED)
                                .added("/tmp/cache", FileType.REGULAR, 0, 10)
                                .provisions())
                .startsWith("tmpfs /tmp");
    }

    @Test
    void onlyDirectoriesThatAProbeTriesShowThatThereWasOne() {
        assertThat(fixture().touched("/tmp", PROBED).touched("/srv/work", PROBED).provisions())
                .isEqualTo("tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void aProbeTriesNoDirectoryInADirectoryForTemporaryFiles() {
        assertThat(
                        fixture()
                                .directory("/tmp/one", 0755, 0, 0)
                                .directory("/tmp/two", 0755, 0, 0)
                                .touched("/tmp/one", PROBED)
                                .touched("/tmp/two", PROBED)
                                .provisions())
                .isEqualTo("tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void whatTheEngineCreatesAtAStartIsNoProbe() {
        assertThat(
                        fixture()
                                .touched("/tmp", PROBED)
                                .touched("/etc", PROBED)
                                .touched("/run", PROBED)
                                .provisions())
                .isEqualTo("tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void withoutATimeNothingIsAProbe() {
        assertThat(fixture().touched("/tmp").touched("/var/tmp").touched("/home").provisions())
                .isEqualTo("tmpfs /tmp 64m 1777 0:0; tmpfs /var/tmp 64m 1777 0:0");
    }
}

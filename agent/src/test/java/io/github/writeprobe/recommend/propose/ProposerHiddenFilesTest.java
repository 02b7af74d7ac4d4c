package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Files of the image that a tmpfs would hide.
class ProposerHiddenFilesTest {
    @Test
    void filesOfACacheThatTheImageFilledAreKeptByAVolume() {
        ContainerFixture fixture =
                ContainerFixture.app().file("/app/cache/warm", 100).added("/app/cache/more");
        assertThat(fixture.provisions()).isEqualTo("volume /app/cache ?");
        assertThat(fixture.evidence())
                .contains("the image has /app/cache/warm there: a tmpfs would hide them");
    }

    @Test
    void emptyDirectoriesGetATmpfsOfTheirOwn() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/run/app", 02770, 5, 6)
                        .directory("/run/app/in", 0700, 5, 5)
                        .added("/run/app.pid");
        assertThat(fixture.provisions())
                .isEqualTo(
                        "tmpfs /run 16m 755 0:0; tmpfs /run/app 16m 2770 5:6;"
                                + " tmpfs /run/app/in 16m 700 5:5");
    }

    @Test
    void theNarrowerPathIsPreferred() {
        ContainerFixture fixture =
                ContainerFixture.app().directory("/run/app", 02770, 5, 6).added("/run/app/app.pid");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /run/app 16m 2770 5:6");
    }

    @Test
    void manyEmptyDirectoriesAreKeptByAVolume() {
        ContainerFixture fixture = ContainerFixture.app().directory("/var/cache/app", 0755, 0, 0);
        for (int i = 0; i < 16; i++) {
            fixture.directory("/var/cache/app/" + i, 0755, 0, 0);
        }
        fixture.added("/var/cache/app/index");
        assertThat(fixture.provisions()).isEqualTo("volume /var/cache/app ?");
        assertThat(fixture.evidence()).contains("the image has 16 directories there");
    }

    @Test
    void whatTheImageLeftInTmpIsOnlyMentioned() {
        ContainerFixture fixture =
                ContainerFixture.app().file("/tmp/build.log", 10).added("/tmp/x");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
        assertThat(fixture.evidence())
                .contains("the tmpfs hides files of the image: /tmp/build.log");
    }

    @Test
    void whatWasWrittenAfterTheDiffWasAskedForIsNotTheImages() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/app/cache", 0755, 0, 0)
                        .file("/app/cache/late", 10)
                        .wrote("app", "/app/cache/late");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /app/cache 16m 755 0:0");
    }

    @Test
    void aFileOfTheImageThatIsWrittenOverIs() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .file("/app/cache/warm", 10)
                        .changed("/app/cache/warm")
                        .wrote("app", "/app/cache/warm");
        assertThat(fixture.provisions()).isEqualTo("volume /app/cache ?");
    }

    @Test
    void aKnownDirectoryWithFilesIsNotHiddenAsAWhole() {
        ContainerFixture fixture =
                ContainerFixture.of("apache/kafka:4")
                        .file("/opt/kafka/config/server.properties", 100)
                        .directory("/opt/kafka/config/generated", 0755, 0, 0)
                        .added("/opt/kafka/config/generated/x");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /opt/kafka/config/generated 16m 755 0:0");
    }
}

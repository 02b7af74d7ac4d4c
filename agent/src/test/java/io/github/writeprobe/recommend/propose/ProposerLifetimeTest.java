package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What must outlive the container, and what need not.
class ProposerLifetimeTest {
    private static ProposalTarget.State state(Set<String> programs, List<String> refused) {
        return new ProposalTarget.State(false, Optional.empty(), programs, refused, Set.of());
    }

    @Test
    void whatTheLogRefusedIsProposed() {
        ContainerFixture fixture =
                ContainerFixture.app().readonly().state(state(Set.of(), List.of("/tmp/session")));
        assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
        assertThat(fixture.evidence()).contains("its log says that /tmp/session could not be");
        assertThat(fixture.notes()).contains("--prove finds those");
    }

    @Test
    void aDirectoryThatTheLogNamesIsMounted() {
        ContainerFixture fixture =
                ContainerFixture.app().readonly().state(state(Set.of(), List.of("/tmp")));
        assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void theProgramThatAnEntryScriptBecameIsRecognised() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/var/lib/nginx", 0755, 0, 0)
                        .addedDirectory("/var/lib/nginx/body")
                        .state(state(Set.of("nginx"), List.of()));
        assertThat(fixture.provisions()).startsWith("tmpfs /var/lib/nginx");
    }

    @Test
    void whatACloneLostGetsAVolume() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/var/cache/app", 0755, 9, 9)
                        .added("/var/cache/app/x")
                        .state(
                                new ProposalTarget.State(
                                        false,
                                        Optional.empty(),
                                        Set.of(),
                                        List.of(),
                                        Set.of("/var/cache/app/x")));
        assertThat(fixture.provisions()).isEqualTo("volume /var/cache/app");
    }

    @Test
    void aScriptThatRewritesSystemFilesGetsAdvice() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .env("TZ", "Europe/Berlin")
                        .env("PUID", "1234")
                        .changed("/etc/localtime")
                        .changed("/etc/passwd");
        assertThat(fixture.provisions()).isEmpty();
        assertThat(fixture.notes())
                .contains("/etc/localtime is rewritten at the start: programs read")
                .contains("/etc/passwd is rewritten at the start")
                .contains("set user:");
    }

    @Test
    void dataInAVolumeThatIsUndecidedAreToBeCopiedToo() {
        ContainerFixture fixture =
                ContainerFixture.app().directory("/srv/app", 0755, 0, 0).added("/srv/app/orders");
        assertThat(fixture.provisions()).isEqualTo("volume /srv/app ?");
        assertThat(fixture.notes()).contains("copy them into the new volume first");
    }

    @ParameterizedTest
    @CsvSource({
        "/var/lib/app/state.db,           volume /var/lib/app",
        "/var/lib/app/state.db-wal,       volume /var/lib/app",
        "/var/lib/app/app.sqlite3,        volume /var/lib/app",
        "/var/lib/app/000003.sst,         volume /var/lib/app",
        "/srv/app/uploads/1.png,          volume /srv/app/uploads",
        "/srv/app/server.pem,             volume /srv/app",
        "/srv/app/server.key,             volume /srv/app",
        "/srv/app/dump.rdb,               volume /srv/app",
        "/home/app/.aspnet/DataProtection-Keys/key.xml, volume /home/app/.aspnet",
        "/var/lib/app/app.pid,            tmpfs /var/lib/app",
        "/var/lib/app/app.lock,           tmpfs /var/lib/app",
        "/var/lib/app/app.sock,           tmpfs /var/lib/app",
        "/var/cache/app/index.db,         tmpfs /var/cache/app",
        "/srv/app/cache/x,                tmpfs /srv/app/cache",
        "/srv/app/.cache/x,               tmpfs /srv/app/.cache",
        "/srv/app/tmp/x,                  tmpfs /srv/app/tmp",
        "/tmp/app.db,                     tmpfs /tmp",
        "/tmp/a/b/c,                      tmpfs /tmp",
        "/var/tmp/x,                      tmpfs /var/tmp",
        "/run/app.pid,                    tmpfs /run",
        "/run/app/app.pid,                tmpfs /run/app",
        "/var/log/app/app.log,            tmpfs /var/log/app",
        "/srv/app/log/app.txt,            tmpfs /srv/app/log",
        "/var/mail/alice,                 volume /var/mail",
        "/var/lib/app/state,              volume /var/lib/app ?",
        "/srv/app/state,                  volume /srv/app ?",
    })
    void isJudgedByThePath(String path, String expected) {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/srv/app", 0755, 0, 0)
                        .file("/srv/app/app.jar", 1000)
                        .directory("/home/app", 0755, 1000, 1000)
                        .file("/home/app/.profile", 10)
                        .added(path);
        assertThat(fixture.provisions().replaceAll(" \\d+m .*", "")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"SOCKET, a socket", "FIFO, a named pipe"})
    void isJudgedByTheFileType(FileType type, String what) {
        ContainerFixture fixture = ContainerFixture.app().added("/var/lib/app/control", type, 0, 0);
        assertThat(fixture.provisions()).startsWith("tmpfs /var/lib/app ");
        assertThat(fixture.evidence()).contains(what);
    }

    @Test
    void oneFileThatHasToLastIsReasonEnough() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .added("/var/lib/app/app.pid")
                        .added("/var/lib/app/x.tmp")
                        .added("/var/lib/app/app.db");
        assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app");
    }

    @Test
    void anUnclearLifetimeGetsAVolumeWithANote() {
        ContainerFixture fixture = ContainerFixture.app().added("/var/lib/app/state");
        assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app ?");
        assertThat(fixture.notes()).contains("/var/lib/app: it is not known whether");
    }

    @Test
    void deletedFileNeedsNoVolume() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/opt/jobs", 0700, 5, 5)
                        .wrote("app", "/opt/jobs/x17");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /opt/jobs 16m 700 5:5");
    }

    @Test
    void withoutADiffTheLifetimeIsUnknown() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .withoutSource(WriteEvidenceSource.DIFF)
                        .directory("/opt/jobs", 0700, 5, 5)
                        .wrote("app", "/opt/jobs/x17");
        assertThat(fixture.provisions()).isEqualTo("volume /opt/jobs ?");
    }

    @Test
    void whatIsRenamedWhenItIsDoneIsNotGone() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/opt/jobs", 0700, 5, 5)
                        .wrote("app", "/opt/jobs/x17.part")
                        .added("/opt/jobs/x17");
        assertThat(fixture.provisions()).isEqualTo("volume /opt/jobs ?");
    }

    @Test
    void theDirectoryOfADatabaseIsKnownByItsFiles() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .file("/srv/db/ibdata1", 1 << 20)
                        .directory("/srv/db", 0700, 27, 27)
                        .changed("/srv/db/ibdata1")
                        .added("/srv/db/shop/orders.ibd")
                        .added("/srv/db/tmp/x");
        assertThat(fixture.provisions()).isEqualTo("volume /srv/db");
        assertThat(fixture.evidence()).contains("/srv/db: the data of MySQL");
    }

    @Test
    void whatTheImageDeclaresAVolumeIsOne() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .volume("/state")
                        .directory("/state", 0700, 9, 9)
                        .missed("/state/a/b");
        assertThat(fixture.provisions()).isEqualTo("volume /state");
    }

    @Test
    void logsMayBeLostWithANote() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/var/log/app", 0755, 0, 0)
                        .file("/var/log/app/old.log", 1000)
                        .added("/var/log/app/app.log");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /var/log/app 64m 755 0:0");
        assertThat(fixture.notes()).contains("/var/log/app: logs there are lost when");
        assertThat(fixture.evidence()).contains("logs were lost with the container before, too");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/root/.bash_history", "/var/lib/dpkg/status", "/var/cache/apt/pkgcache.bin",
                "/etc/ld.so.cache", "/var/log/dpkg.log", "/lib/apk/db/installed"
            })
    void whatTheServiceDidNotWriteIsNoted(String path) {
        ContainerFixture fixture = ContainerFixture.app().added(path);
        assertThat(fixture.provisions()).isEmpty();
        assertThat(fixture.notes()).contains(path, "nothing is proposed for it");
    }
}

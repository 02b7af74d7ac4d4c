package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is proposed for which observations, one rule at a time.
class ProposerTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    private static ContainerFixture fixture() {
        return ContainerFixture.of("example/app:1").command("/opt/app");
    }

    @Nested
    class Nothing {
        @Test
        void aContainerThatWritesNothingNeedsNothing() {
            assertThat(fixture().provisions()).isEmpty();
            assertThat(fixture().notes())
                    .isEqualTo(
                            "no write was seen: a read-only root filesystem is all that is needed");
        }

        @Test
        void oneThatWritesToItsMountsAloneKeepsThem() {
            ContainerFixture fixture =
                    fixture().mount(MountKind.VOLUME, "data", "/data").wrote("app", "/data/x");
            assertThat(fixture.provisions()).isEqualTo("keep /data used");
            assertThat(fixture.notes()).contains("outside of its mounts");
        }

        @Test
        void aReadOnlyContainerGetsANote() {
            ContainerFixture fixture =
                    fixture()
                            .readonly()
                            .mount(MountKind.TMPFS, "tmpfs", "/run")
                            .wrote("a", "/run/p");
            assertThat(fixture.provisions()).isEqualTo("keep /run used");
            assertThat(fixture.notes()).isEqualTo("the root filesystem is already read-only");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/dev/shm/x",
                    "/dev/null",
                    "/proc/self/oom_score_adj",
                    "/sys/x",
                    "/etc/hosts",
                    "/etc/hostname",
                    "/etc/resolv.conf",
                    "/run/secrets/key",
                    "/.dockerenv"
                })
        void whatTheKernelAndTheEngineMakeNeedsNothing(String path) {
            assertThat(fixture().wrote("app", path).changed(path).provisions()).isEmpty();
        }

        @Test
        void ourOwnProbesDoNotCount() {
            ContainerFixture fixture =
                    fixture().added("/srv/.writeprobe-0c5c1c9e").changed("/etc").changed("/usr");
            assertThat(fixture.provisions()).isEmpty();
            assertThat(fixture.notes()).contains("is all that is needed");
        }

        /// `chown -R` of an entry script.
        @Test
        void aNewOwnerIsNoWrite() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/app/lib", 0755, 0, 0)
                            .file("/app/lib/a.py", 10)
                            .file("/app/lib/b.py", 10)
                            .directory("/app/data", 0755, 9, 9)
                            .ownerChanged("/app/lib/a.py")
                            .ownerChanged("/app/lib/b.py")
                            .added("/app/data/state");
            assertThat(fixture.provisions()).isEqualTo("volume /app/data ?");
            assertThat(fixture.notes())
                    .contains("/app/lib/a.py and /app/lib/b.py: only the owner or the mode");
        }

        @Test
        void aMountPointOfTheEngineIsNoWrite() {
            assertThat(fixture().mountPoint("/etc/tls/key.pem").provisions()).isEmpty();
            assertThat(fixture().added("/usr/sbin/docker-init").provisions()).isEmpty();
        }

        @Test
        void rewrittenConfigurationKeepsItsFilesAndMayBeCopiedAtTheStart() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/etc/app", 0755, 0, 0)
                            .file("/etc/app/app.conf.in", 100)
                            .file("/etc/app/app.conf", 100)
                            .changed("/etc/app/app.conf");
            assertThat(fixture.provisions()).startsWith("volume /etc/app");
            assertThat(fixture.notes())
                    .contains("/etc/app: the image has configuration there", "copy-on-start");
        }

        @Test
        void whatTheKubeletBindsIntoEveryContainerIsNotOfThePod() {
            String pod = "/var/lib/kubelet/pods/0a1b2c3d-1111/";
            ContainerFixture fixture =
                    fixture()
                            .label("io.kubernetes.pod.uid", "0a1b2c3d-1111")
                            .mount(MountKind.BIND, pod + "containers/web/1", "/dev/termination-log")
                            .mount(MountKind.BIND, pod + "etc-hosts", "/etc/hosts")
                            .mount(
                                    MountKind.VOLUME,
                                    pod + "volumes/kubernetes.io~empty-dir/work",
                                    "/work");
            assertThat(fixture.provisions()).isEqualTo("keep /work");
            assertThat(fixture.notes()).doesNotContain("hosts", "termination");
        }

        @Test
        void aDirectoryThatChangedIsNoWriteByItself() {
            ContainerFixture fixture =
                    fixture().directory("/opt/state", 0755, 0, 0).changed("/opt/state");
            assertThat(fixture.provisions()).isEmpty();
            assertThat(fixture.notes())
                    .contains("/opt/state: something was created there and removed");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "x", "/a/../b", "/a//b", "/a/", "/./a"})
        void aPathThatIsNoneIsNoWrite(String path) {
            assertThat(fixture().changed(path).provisions()).isEmpty();
        }

        @Test
        void aMountPointThatTheEngineMadeIsNoWrite() {
            ContainerFixture fixture =
                    fixture()
                            .mount(MountKind.BIND, "/host", "/srv/in/here")
                            .addedDirectory("/srv/in/here");
            assertThat(fixture.provisions()).isEqualTo("keep /srv/in/here");
        }
    }

    @Nested
    class Life {
        private static ProposalTarget.State state(Set<String> programs, List<String> refused) {
            return new ProposalTarget.State(false, Optional.empty(), programs, refused, Set.of());
        }

        @Test
        void whatTheLogRefusedIsProposed() {
            ContainerFixture fixture =
                    fixture().readonly().state(state(Set.of(), List.of("/tmp/session")));
            assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
            assertThat(fixture.evidence()).contains("its log says that /tmp/session could not be");
            assertThat(fixture.notes()).contains("--prove finds those");
        }

        @Test
        void aDirectoryThatTheLogNamesIsMounted() {
            ContainerFixture fixture = fixture().readonly().state(state(Set.of(), List.of("/tmp")));
            assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
        }

        @Test
        void theProgramThatAnEntryScriptBecameIsRecognised() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/var/lib/nginx", 0755, 0, 0)
                            .addedDirectory("/var/lib/nginx/body")
                            .state(state(Set.of("nginx"), List.of()));
            assertThat(fixture.provisions()).startsWith("tmpfs /var/lib/nginx");
        }

        @Test
        void whatACloneLostGetsAVolume() {
            ContainerFixture fixture =
                    fixture()
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
                    fixture()
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
                    fixture().directory("/srv/app", 0755, 0, 0).added("/srv/app/orders");
            assertThat(fixture.provisions()).isEqualTo("volume /srv/app ?");
            assertThat(fixture.notes()).contains("copy them into the new volume first");
        }
    }

    @Nested
    class ExistingMounts {
        @Test
        void aMountIsFoundWhereItsLinkLeads() {
            ContainerFixture fixture =
                    fixture()
                            .link("/var/run", "/run")
                            .mount(MountKind.TMPFS, "tmpfs", "/var/run")
                            .wrote("app", "/run/app.pid");
            assertThat(fixture.provisions()).isEqualTo("keep /var/run used");
        }

        @Test
        void theInnermostMountIsTheOneThatIsUsed() {
            ContainerFixture fixture =
                    fixture()
                            .mount(MountKind.VOLUME, "a", "/data")
                            .mount(MountKind.TMPFS, "tmpfs", "/data/tmp")
                            .wrote("app", "/data/tmp/x");
            assertThat(fixture.provisions()).isEqualTo("keep /data; keep /data/tmp used");
        }

        @Test
        void oneThatIsNotWrittenCouldBeReadOnlyIfThatStaysSo() {
            ContainerFixture fixture =
                    fixture()
                            .mount(MountKind.BIND, "/etc/app", "/config")
                            .watched(Duration.ofHours(1));
            assertThat(fixture.notes())
                    .contains("/config is mounted writable, but no write was seen in 60 min");
            assertThat(fixture.evidence()).contains("no write was seen there in 60 minutes");
        }

        @Test
        void thereIsNoSuchNoteAfterAMoment() {
            ContainerFixture fixture =
                    fixture()
                            .mount(MountKind.BIND, "/etc/app", "/config")
                            .watched(Duration.ofSeconds(30));
            assertThat(fixture.notes()).doesNotContain("/config is mounted writable");
        }

        @Test
        void withoutAWatchTheUseOfAMountIsUnknown() {
            ContainerFixture fixture = fixture().mount(MountKind.BIND, "/etc/app", "/config");
            assertThat(fixture.evidence()).contains("the diff does not show writes to mounts");
        }

        @Test
        void aReadOnlyMountIsKeptWithEvidence() {
            assertThat(fixture().readOnlyMount("/etc/app", "/config").evidence())
                    .isEqualTo("/config | declared | it is mounted read-only\n");
        }

        @Test
        void aVolumeWithoutANameWorksAndShouldGetOne() {
            ContainerFixture fixture =
                    fixture().mount(MountKind.VOLUME, ID, "/data").wrote("app", "/data/x");
            assertThat(fixture.provisions()).isEqualTo("keep /data used");
            assertThat(fixture.notes()).contains("give it a name if you need its data");
        }
    }

    @Nested
    class HowLong {
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
                    fixture()
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
            ContainerFixture fixture = fixture().added("/var/lib/app/control", type, 0, 0);
            assertThat(fixture.provisions()).startsWith("tmpfs /var/lib/app ");
            assertThat(fixture.evidence()).contains(what);
        }

        @Test
        void oneFileThatHasToLastIsReasonEnough() {
            ContainerFixture fixture =
                    fixture()
                            .added("/var/lib/app/app.pid")
                            .added("/var/lib/app/x.tmp")
                            .added("/var/lib/app/app.db");
            assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app");
        }

        @Test
        void anUnclearLifetimeGetsAVolumeWithANote() {
            ContainerFixture fixture = fixture().added("/var/lib/app/state");
            assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app ?");
            assertThat(fixture.notes()).contains("/var/lib/app: it is not known whether");
        }

        @Test
        void deletedFileNeedsNoVolume() {
            ContainerFixture fixture =
                    fixture().directory("/opt/jobs", 0700, 5, 5).wrote("app", "/opt/jobs/x17");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /opt/jobs 16m 700 5:5");
        }

        @Test
        void withoutADiffTheLifetimeIsUnknown() {
            ContainerFixture fixture =
                    fixture()
                            .withoutSource(WriteEvidenceSource.DIFF)
                            .directory("/opt/jobs", 0700, 5, 5)
                            .wrote("app", "/opt/jobs/x17");
            assertThat(fixture.provisions()).isEqualTo("volume /opt/jobs ?");
        }

        @Test
        void whatIsRenamedWhenItIsDoneIsNotGone() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/opt/jobs", 0700, 5, 5)
                            .wrote("app", "/opt/jobs/x17.part")
                            .added("/opt/jobs/x17");
            assertThat(fixture.provisions()).isEqualTo("volume /opt/jobs ?");
        }

        @Test
        void theDirectoryOfADatabaseIsKnownByItsFiles() {
            ContainerFixture fixture =
                    fixture()
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
                    fixture().volume("/state").directory("/state", 0700, 9, 9).missed("/state/a/b");
            assertThat(fixture.provisions()).isEqualTo("volume /state");
        }

        @Test
        void logsMayBeLostWithANote() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/var/log/app", 0755, 0, 0)
                            .file("/var/log/app/old.log", 1000)
                            .added("/var/log/app/app.log");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /var/log/app 64m 755 0:0");
            assertThat(fixture.notes()).contains("/var/log/app: logs there are lost when");
            assertThat(fixture.evidence())
                    .contains("logs were lost with the container before, too");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/root/.bash_history", "/var/lib/dpkg/status", "/var/cache/apt/pkgcache.bin",
                    "/etc/ld.so.cache", "/var/log/dpkg.log", "/lib/apk/db/installed"
                })
        void whatTheServiceDidNotWriteIsNoted(String path) {
            ContainerFixture fixture = fixture().added(path);
            assertThat(fixture.provisions()).isEmpty();
            assertThat(fixture.notes()).contains(path, "nothing is proposed for it");
        }
    }

    @Nested
    class Where {
        @Test
        void filesOfADirectoryAreOneMount() {
            ContainerFixture fixture = fixture();
            for (int i = 0; i < 400; i++) {
                fixture.added("/var/lib/app/state" + i);
            }
            assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app ?");
            assertThat(fixture.evidence())
                    .contains("/var/lib/app/state0, /var/lib/app/state1 and 398 more");
        }

        @Test
        void directoriesThatTheContainerMadeLeadToOneThatTheImageHas() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/var/lib/app", 0750, 7, 7)
                            .added("/var/lib/app/a/b/c/x")
                            .added("/var/lib/app/d/y");
            assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app ?");
        }

        @Test
        void orToTheUppermostOfTheirOwnBelowAGeneralOne() {
            assertThat(fixture().added("/var/lib/app/a/b/c/x").provisions())
                    .isEqualTo("volume /var/lib/app ?");
        }

        @Test
        void volumeIsNotPlacedOnTheProgramDirectory() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/app", 0755, 1000, 1000)
                            .file("/app/main.js", 100)
                            .added("/app/data/a/x.db");
            assertThat(fixture.provisions()).isEqualTo("volume /app/data");
        }

        /// A program may rename a temporary file to its place, which fails between two mounts.
        @Test
        void temporaryDataInAVolumeStayInIt() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/app", 0755, 1000, 1000)
                            .user(1000)
                            .added("/app/uploads/1.png")
                            .added("/app/cache/x");
            assertThat(fixture.provisions()).isEqualTo("volume /app");
        }

        @Test
        void aCollectionThatIsRenamedIntoItsPlaceIsNotLost() {
            ContainerFixture fixture =
                    fixture()
                            .user(110)
                            .directory("/var/lib/radicale", 0750, 110, 110)
                            .directory("/var/lib/radicale/collections", 0750, 110, 110)
                            .added("/var/lib/radicale/collections/collection-root/u/c/e.ics")
                            .added("/var/lib/radicale/collections/.Radicale.lock")
                            .wrote(
                                    "radicale",
                                    "/var/lib/radicale/collections/collection-root/u/.Radicale.tmp-x/e");
            assertThat(fixture.provisions()).isEqualTo("volume /var/lib/radicale/collections ?");
        }

        @Test
        void mailThatIsRenamedIntoItsPlaceIsNotLost() {
            ContainerFixture fixture =
                    fixture()
                            .user(5000)
                            .directory("/var/vmail", 0770, 5000, 5000)
                            .addedDirectory("/var/vmail/alice/tmp")
                            .addedDirectory("/var/vmail/alice/cur")
                            .added("/var/vmail/alice/new/1.host")
                            .wrote("dovecot", "/var/vmail/alice/tmp/1.host");
            assertThat(fixture.provisions()).isEqualTo("volume /var/vmail ?");
        }

        @Test
        void noTmpfsIsAboveDataThatLast() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/srv/app", 0755, 9, 9)
                            .directory("/srv/app/data", 0755, 9, 9)
                            .added("/srv/app/app.pid")
                            .added("/srv/app/data/orders");
            assertThat(fixture.provisions()).isEqualTo("volume /srv/app ?");
        }

        @Test
        void theSizeCountsAllThatLiesThere() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/var/lib/varnish", 0755, 9, 9)
                            .added("/var/lib/varnish/host/_.pid")
                            .file("/var/lib/varnish/host/_.vsm_child/_.Log.0", 80 << 20);
            fixture.addedDirectory("/var/lib/varnish/host/_.vsm_child");
            fixture.changed("/var/lib/varnish/host/_.vsm_child/_.Log.0");
            fixture.wrote("varnishd", "/var/lib/varnish/host/_.pid", 1, false);
            assertThat(fixture.provisions()).contains("/var/lib/varnish ");
            assertThat(fixture.provisions()).doesNotContain("16m");
        }

        /// Tomcat unpacks `book.war` only if there is no directory `book`.
        @Test
        void aDirectoryThatAServiceUnpacksIsNotMountedOn() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/var/lib/tomcat10/webapps", 0775, 0, 998)
                            .file("/var/lib/tomcat10/webapps/book.war", 5000)
                            .file("/var/lib/tomcat10/webapps/ROOT/index.html", 500)
                            .added("/var/lib/tomcat10/webapps/book/index.jsp");
            assertThat(fixture.provisions()).isEqualTo("volume /var/lib/tomcat10/webapps ?");
        }

        /// The engine fills a new volume from the image, with the owner of the directory.
        @Test
        void dotfilesAndLinksAreNoObstacleForAVolume() {
            ContainerFixture fixture =
                    fixture()
                            .user(107)
                            .directory("/var/lib/zookeeper", 0755, 107, 107)
                            .file("/var/lib/zookeeper/.profile", 800)
                            .link("/var/lib/zookeeper/myid", "/etc/zookeeper/conf/myid")
                            .added("/var/lib/zookeeper/version-2/log.1");
            assertThat(fixture.provisions()).startsWith("volume /var/lib/zookeeper");
            assertThat(fixture.notes()).doesNotContain("belongs to root");
        }

        @Test
        void aHomeDirectoryOfTheServiceIsMountedAsAWhole() {
            ContainerFixture fixture =
                    fixture()
                            .user(1000)
                            .directory("/home/h2", 0700, 1000, 1000)
                            .file("/home/h2/.bashrc", 100)
                            .addedDirectory("/home/h2/data")
                            .added("/home/h2/data/shop.mv.db");
            assertThat(fixture.provisions()).isEqualTo("volume /home/h2");
        }

        /// A directory that is renamed has another name the next time.
        @Test
        void aDirectoryThatIsGoneIsNotMountedOn() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/srv", 0755, 0, 0)
                            .added("/srv/a.1/x")
                            .wrote("app", "/srv/.tmp.1/x");
            assertThat(fixture.provisions()).isEqualTo("volume /srv ?");
        }

        @Test
        void whatABuildLeftInRunIsHidden() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/run/samba", 0755, 0, 0)
                            .file("/run/samba/gencache.tdb", 400)
                            .added("/run/samba/smbd.pid");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /run/samba 16m 755 0:0");
            assertThat(fixture.notes())
                    .contains("/run/samba: the tmpfs hides what the image has there");
        }

        @Test
        void neighboursInAStateDirectoryAreOneVolume() {
            ContainerFixture fixture = fixture().directory("/var/lib/app", 0700, 9, 9);
            for (String name : new String[] {"a", "b", "c"}) {
                fixture.directory("/var/lib/app/" + name, 0700, 9, 9)
                        .added("/var/lib/app/" + name + "/state");
            }
            assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app ?");
        }

        @Test
        void volumesAreNotMergedIntoTheProgramDirectory() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/app", 0755, 9, 9)
                            .file("/app/main.js", 100)
                            .directory("/app/a", 0755, 9, 9)
                            .directory("/app/b", 0755, 9, 9)
                            .added("/app/a/x.db")
                            .added("/app/b/y.db");
            assertThat(fixture.provisions()).isEqualTo("volume /app/a; volume /app/b");
        }

        @Test
        void manySiblingsAreOneMount() {
            ContainerFixture fixture = fixture().file("/opt/app/main", 10);
            for (int i = 0; i < 100; i++) {
                fixture.directory("/opt/app/d" + i, 0755, 0, 0).added("/opt/app/d" + i + "/x.db");
            }
            assertThat(fixture.provisions()).isEqualTo("volume /opt/app");
        }

        @Test
        void sharedSystemDirectoriesGetNoMount() {
            ContainerFixture fixture = fixture();
            for (String path :
                    new String[] {"/x", "/etc/x", "/usr/lib/x", "/var/lib/x", "/opt/x", "/var/x"}) {
                fixture.added(path);
            }
            assertThat(fixture.provisions()).isEmpty();
            assertThat(fixture.notes())
                    .contains("/etc/x is written, but cannot be made writable: a mount on /etc")
                    .contains("Change it in the image")
                    .contains("/var/lib/x is written")
                    .contains("Let the service write to a directory of its own");
        }

        /// A view without any answer does not mean that the image is empty.
        @Test
        void unreadableImageFilesAreNotAssumedAbsent() {
            ProposalInput seen =
                    fixture()
                            .added("/app/uploads/1.png")
                            .added("/app/cache/x")
                            .added("/var/lib/app/state")
                            .observed();
            FileLookup blind =
                    new FileLookup() {
                        @Override
                        public Optional<FileFacts> file(String path) {
                            return Optional.empty();
                        }

                        @Override
                        public Optional<Listing> list(String path, int most) {
                            return Optional.empty();
                        }
                    };
            List<FileChange> leaves =
                    seen.changes().stream().filter(c -> c.path().matches("/.*/.*/.*")).toList();
            Proposal proposal =
                    new Proposer(ContainerFixture.SHIPPED)
                            .propose(
                                    new ProposalInput(
                                            seen.subject(),
                                            leaves,
                                            List.of(),
                                            List.of(),
                                            blind,
                                            Duration.ZERO,
                                            List.of(),
                                            List.of()));
            assertThat(ProposalDigest.of(proposal))
                    .isEqualTo(
                            "tmpfs /app/cache 16m 755 0:0; volume /app/uploads;"
                                    + " volume /var/lib/app ?");
        }

        @Test
        void numberOfProvisionsIsLimited() {
            ContainerFixture fixture = fixture();
            for (int i = 0; i < 500; i++) {
                fixture.added("/state" + i + "/x.db");
            }
            assertThat(fixture.proposal().provisions()).hasSize(64);
            assertThat(fixture.notes()).contains("436 more directories are written");
        }

        @Test
        void aConfigurationThatIsChangedAtStartGetsAVolumeAndAWarning() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/etc/app", 0755, 0, 0)
                            .file("/etc/app/app.conf", 10)
                            .changed("/etc/app/app.conf");
            assertThat(fixture.provisions()).isEqualTo("volume /etc/app ?");
            assertThat(fixture.notes()).contains("the volume keeps its copies of them");
        }

        @Test
        void soDoesADatabaseNextToTheProgram() {
            ContainerFixture fixture = fixture().file("/app/main.js", 100).added("/app/app.db");
            assertThat(fixture.provisions()).isEqualTo("volume /app");
            assertThat(fixture.notes()).contains("the image has files there, such as /app/main.js");
        }

        @Test
        void aVolumeOnADirectoryThatTheImageLacksBelongsToRoot() {
            ContainerFixture fixture =
                    fixture()
                            .user(1000)
                            .file("/app/main.js", 100)
                            .added("/app/uploads/1.png")
                            .directory("/app/uploads", 0755, 1000, 1000);
            assertThat(fixture.provisions()).isEqualTo("volume /app/uploads");
            assertThat(fixture.notes())
                    .contains("belongs to root, and uid 1000 cannot write to it");
        }

        @Test
        void whatWasRemovedFromTheImageIsNoted() {
            ContainerFixture fixture = fixture().deleted("/opt/app/setup.sh");
            assertThat(fixture.provisions()).isEmpty();
            assertThat(fixture.notes()).contains("/opt/app/setup.sh was removed, which fails");
        }

        @Test
        void somethingThatCameAndWentInTmpCounts() {
            assertThat(fixture().changed("/tmp").provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
        }
    }

    @Nested
    class HiddenByATmpfs {
        @Test
        void filesOfACacheThatTheImageFilledAreKeptByAVolume() {
            ContainerFixture fixture =
                    fixture().file("/app/cache/warm", 100).added("/app/cache/more");
            assertThat(fixture.provisions()).isEqualTo("volume /app/cache ?");
            assertThat(fixture.evidence())
                    .contains("the image has /app/cache/warm there: a tmpfs would hide them");
        }

        @Test
        void emptyDirectoriesGetATmpfsOfTheirOwn() {
            ContainerFixture fixture =
                    fixture()
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
                    fixture().directory("/run/app", 02770, 5, 6).added("/run/app/app.pid");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /run/app 16m 2770 5:6");
        }

        @Test
        void manyEmptyDirectoriesAreKeptByAVolume() {
            ContainerFixture fixture = fixture().directory("/var/cache/app", 0755, 0, 0);
            for (int i = 0; i < 16; i++) {
                fixture.directory("/var/cache/app/" + i, 0755, 0, 0);
            }
            fixture.added("/var/cache/app/index");
            assertThat(fixture.provisions()).isEqualTo("volume /var/cache/app ?");
            assertThat(fixture.evidence()).contains("the image has 16 directories there");
        }

        @Test
        void whatTheImageLeftInTmpIsOnlyMentioned() {
            ContainerFixture fixture = fixture().file("/tmp/build.log", 10).added("/tmp/x");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
            assertThat(fixture.evidence())
                    .contains("the tmpfs hides files of the image: /tmp/build.log");
        }

        @Test
        void whatWasWrittenAfterTheDiffWasAskedForIsNotTheImages() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/app/cache", 0755, 0, 0)
                            .file("/app/cache/late", 10)
                            .wrote("app", "/app/cache/late");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /app/cache 16m 755 0:0");
        }

        @Test
        void aFileOfTheImageThatIsWrittenOverIs() {
            ContainerFixture fixture =
                    fixture()
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
            assertThat(fixture.provisions())
                    .isEqualTo("tmpfs /opt/kafka/config/generated 16m 755 0:0");
        }
    }

    @Nested
    class Details {
        @ParameterizedTest
        @CsvSource({
            "0, 16",
            "1000, 16",
            "4194304, 16",
            "4194305, 32",
            "52428800, 256",
            "536870912, 2048"
        })
        void aTmpfsHasRoomForFourTimesWhatWasSeen(long bytes, long mebibytes) {
            ContainerFixture fixture = fixture().added("/run/app/x", FileType.REGULAR, 0, bytes);
            assertThat(fixture.provisions()).startsWith("tmpfs /run/app " + mebibytes + "m ");
        }

        @Test
        void whatIsTooMuchForMemoryGetsAVolume() {
            ContainerFixture fixture =
                    fixture().added("/var/cache/app/x", FileType.REGULAR, 0, (512L << 20) + 1);
            assertThat(fixture.provisions()).isEqualTo("volume /var/cache/app ?");
            assertThat(fixture.evidence())
                    .contains("512 MiB in use there, which is too much for a tmpfs");
        }

        @Test
        void aSizeThatIsAGuessIsCalledOne() {
            assertThat(fixture().addedDirectory("/run/app").evidence())
                    .contains("nothing was measured there, so the size is a guess");
        }

        @Test
        void ownerAndModeAreThoseOfTheDirectory() {
            ContainerFixture fixture =
                    fixture().directory("/run/app", 03771, 17, 18).added("/run/app/x");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /run/app 16m 3771 17:18");
        }

        @Test
        void withoutADirectoryTheyAreThoseOfTheService() {
            ContainerFixture fixture = fixture().user(1000).missed("/run/app/x");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /run/app 16m 755 1000:1000");
            assertThat(fixture.evidence()).contains("owner and mode are a guess");
        }

        @Test
        void tmpHasMode1777EvenIfMissingInTheImage() {
            assertThat(ContainerFixture.of("x").user(5).missed("/var/tmp/x").provisions())
                    .isEqualTo("tmpfs /var/tmp 64m 1777 0:0");
        }

        @Test
        void whatIsRunNeedsExec() {
            ContainerFixture fixture = fixture().wrote("java", "/tmp/libnetty.so", 10, true);
            assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0 exec");
            assertThat(fixture.evidence())
                    .contains("/tmp | watch | /tmp/libnetty.so was executed, or mapped");
        }

        @Test
        void whatWasOnlyRunIsNotReportedAsWritten() {
            ContainerFixture fixture = fixture().ran("/opt/unpacked/lib.so");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /opt/unpacked 16m 755 0:0 exec");
            assertThat(fixture.evidence())
                    .contains("/opt/unpacked/lib.so was executed, or mapped as executable")
                    .doesNotContain("open for writing");
        }

        @Test
        void norDoesItUseAMount() {
            ContainerFixture fixture =
                    fixture()
                            .mount(MountKind.VOLUME, "lib", "/opt/unpacked")
                            .ran("/opt/unpacked/lib.so");
            assertThat(fixture.provisions()).isEqualTo("keep /opt/unpacked");
        }

        @Test
        void whatACloneWroteIsProvidedForToo() {
            ContainerFixture fixture =
                    fixture().directory("/opt/jobs", 0700, 5, 5).missed("/opt/jobs/x");
            assertThat(fixture.evidence())
                    .contains("/opt/jobs | proof | a clone wrote /opt/jobs/x");
        }

        @Test
        void anOpenFileThatIsDeletedIsSeenToo() {
            ContainerFixture fixture =
                    fixture()
                            .directory("/opt/jobs", 0700, 5, 5)
                            .openForWriting("worker", "/opt/jobs/w-1", true);
            assertThat(fixture.provisions()).isEqualTo("tmpfs /opt/jobs 16m 700 5:5");
            assertThat(fixture.evidence())
                    .contains("open files | worker had open for writing: /opt/jobs/w-1, already");
        }

        @Test
        void namesOfVolumesAreMadeOfTheirPaths() {
            assertThat(new VolumeNames().assign("/var/lib/my app:1/x"))
                    .isEqualTo("var-lib-my-app-1-x");
            assertThat(new VolumeNames().assign("/\u202e")).isEqualTo("data");
            VolumeNames names = new VolumeNames();
            assertThat(names.assign("/a/b")).isEqualTo("a-b");
            assertThat(names.assign("/a b")).isEqualTo("a-b-2");
            assertThat(names.assign("/" + "x".repeat(300))).hasSize(60);
        }

        @Test
        void theSameObservationsGiveTheSameProposal() {
            ContainerFixture fixture = fixture();
            for (String path : new String[] {"/b/x.db", "/a/y", "/run/z", "/tmp/q", "/c/d/e"}) {
                fixture.added(path).wrote("two", path).wrote("one", path);
            }
            assertThat(fixture.proposal()).isEqualTo(fixture.proposal());
        }

        @Test
        void whatCouldNotBeLearnedIsHandedOn() {
            ContainerFixture fixture =
                    fixture()
                            .withoutSource(WriteEvidenceSource.WATCH)
                            .watched(Duration.ofSeconds(7));
            assertThat(fixture.proposal().shortfalls()).hasSize(1);
            assertThat(fixture.proposal().watched()).isEqualTo(Duration.ofSeconds(7));
        }

        @Test
        void aReasonIsGivenOnceForAllPathsItAppliesTo() {
            ContainerFixture fixture =
                    fixture().added("/run/app/a").added("/run/app/b").added("/run/app/c");
            assertThat(fixture.evidence())
                    .contains("known | /run/app/a, /run/app/b and 1 more: in /run, which is empty");
        }

        @Test
        void evidenceIsNeverMissing() {
            ContainerFixture fixture =
                    fixture()
                            .mount(MountKind.BIND, "/x", "/y")
                            .env("DOTNET_X", "1")
                            .added("/run/a")
                            .directory("/run/b", 0755, 0, 0)
                            .added("/srv/x.db");
            assertThat(fixture.proposal().provisions())
                    .hasSizeGreaterThan(5)
                    .allMatch(p -> !p.evidence().isEmpty());
        }
    }
}

package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is proposed for which observations, one rule at a time.
class ProposerTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @Nested
    class Nothing {
        @Test
        void aContainerThatWritesNothingNeedsNothing() {
            assertThat(ContainerFixture.app().provisions()).isEmpty();
            assertThat(ContainerFixture.app().notes())
                    .isEqualTo(
                            "no write was seen: a read-only root filesystem is all that is needed");
        }

        @Test
        void oneThatWritesToItsMountsAloneKeepsThem() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .mount(MountKind.VOLUME, "data", "/data")
                            .wrote("app", "/data/x");
            assertThat(fixture.provisions()).isEqualTo("keep /data used");
            assertThat(fixture.notes()).contains("outside of its mounts");
        }

        @Test
        void aReadOnlyContainerGetsANote() {
            ContainerFixture fixture =
                    ContainerFixture.app()
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
            assertThat(ContainerFixture.app().wrote("app", path).changed(path).provisions())
                    .isEmpty();
        }

        @Test
        void ourOwnProbesDoNotCount() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .added("/srv/.writeprobe-0c5c1c9e")
                            .changed("/etc")
                            .changed("/usr");
            assertThat(fixture.provisions()).isEmpty();
            assertThat(fixture.notes()).contains("is all that is needed");
        }

        /// `chown -R` of an entry script.
        @Test
        void aNewOwnerIsNoWrite() {
            ContainerFixture fixture =
                    ContainerFixture.app()
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
            assertThat(ContainerFixture.app().mountPoint("/etc/tls/key.pem").provisions())
                    .isEmpty();
            assertThat(ContainerFixture.app().added("/usr/sbin/docker-init").provisions())
                    .isEmpty();
        }

        @Test
        void rewrittenConfigurationKeepsItsFilesAndMayBeCopiedAtTheStart() {
            ContainerFixture fixture =
                    ContainerFixture.app()
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
                    ContainerFixture.app()
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
                    ContainerFixture.app()
                            .directory("/opt/state", 0755, 0, 0)
                            .changed("/opt/state");
            assertThat(fixture.provisions()).isEmpty();
            assertThat(fixture.notes())
                    .contains("/opt/state: something was created there and removed");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "x", "/a/../b", "/a//b", "/a/", "/./a"})
        void aPathThatIsNoneIsNoWrite(String path) {
            assertThat(ContainerFixture.app().changed(path).provisions()).isEmpty();
        }

        @Test
        void aMountPointThatTheEngineMadeIsNoWrite() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .mount(MountKind.BIND, "/host", "/srv/in/here")
                            .addedDirectory("/srv/in/here");
            assertThat(fixture.provisions()).isEqualTo("keep /srv/in/here");
        }
    }

    @Nested
    class ExistingMounts {
        @Test
        void aMountIsFoundWhereItsLinkLeads() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .link("/var/run", "/run")
                            .mount(MountKind.TMPFS, "tmpfs", "/var/run")
                            .wrote("app", "/run/app.pid");
            assertThat(fixture.provisions()).isEqualTo("keep /var/run used");
        }

        @Test
        void theInnermostMountIsTheOneThatIsUsed() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .mount(MountKind.VOLUME, "a", "/data")
                            .mount(MountKind.TMPFS, "tmpfs", "/data/tmp")
                            .wrote("app", "/data/tmp/x");
            assertThat(fixture.provisions()).isEqualTo("keep /data; keep /data/tmp used");
        }

        @Test
        void oneThatIsNotWrittenCouldBeReadOnlyIfThatStaysSo() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .mount(MountKind.BIND, "/etc/app", "/config")
                            .watched(Duration.ofHours(1));
            assertThat(fixture.notes())
                    .contains("/config is mounted writable, but no write was seen in 60 min");
            assertThat(fixture.evidence()).contains("no write was seen there in 60 minutes");
        }

        @Test
        void thereIsNoSuchNoteAfterAMoment() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .mount(MountKind.BIND, "/etc/app", "/config")
                            .watched(Duration.ofSeconds(30));
            assertThat(fixture.notes()).doesNotContain("/config is mounted writable");
        }

        @Test
        void withoutAWatchTheUseOfAMountIsUnknown() {
            ContainerFixture fixture =
                    ContainerFixture.app().mount(MountKind.BIND, "/etc/app", "/config");
            assertThat(fixture.evidence()).contains("the diff does not show writes to mounts");
        }

        @Test
        void aReadOnlyMountIsKeptWithEvidence() {
            assertThat(ContainerFixture.app().readOnlyMount("/etc/app", "/config").evidence())
                    .isEqualTo("/config | declared | it is mounted read-only\n");
        }

        @Test
        void aVolumeWithoutANameWorksAndShouldGetOne() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .mount(MountKind.VOLUME, ID, "/data")
                            .wrote("app", "/data/x");
            assertThat(fixture.provisions()).isEqualTo("keep /data used");
            assertThat(fixture.notes()).contains("give it a name if you need its data");
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
            ContainerFixture fixture =
                    ContainerFixture.app().added("/run/app/x", FileType.REGULAR, 0, bytes);
            assertThat(fixture.provisions()).startsWith("tmpfs /run/app " + mebibytes + "m ");
        }

        @Test
        void whatIsTooMuchForMemoryGetsAVolume() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .added("/var/cache/app/x", FileType.REGULAR, 0, (512L << 20) + 1);
            assertThat(fixture.provisions()).isEqualTo("volume /var/cache/app ?");
            assertThat(fixture.evidence())
                    .contains("512 MiB in use there, which is too much for a tmpfs");
        }

        @Test
        void aSizeThatIsAGuessIsCalledOne() {
            assertThat(ContainerFixture.app().addedDirectory("/run/app").evidence())
                    .contains("nothing was measured there, so the size is a guess");
        }

        @Test
        void ownerAndModeAreThoseOfTheDirectory() {
            ContainerFixture fixture =
                    ContainerFixture.app().directory("/run/app", 03771, 17, 18).added("/run/app/x");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /run/app 16m 3771 17:18");
        }

        @Test
        void withoutADirectoryTheyAreThoseOfTheService() {
            ContainerFixture fixture = ContainerFixture.app().user(1000).missed("/run/app/x");
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
            ContainerFixture fixture =
                    ContainerFixture.app().wrote("java", "/tmp/libnetty.so", 10, true);
            assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0 exec");
            assertThat(fixture.evidence())
                    .contains("/tmp | watch | /tmp/libnetty.so was executed, or mapped");
        }

        @Test
        void whatWasOnlyRunIsNotReportedAsWritten() {
            ContainerFixture fixture = ContainerFixture.app().ran("/opt/unpacked/lib.so");
            assertThat(fixture.provisions()).isEqualTo("tmpfs /opt/unpacked 16m 755 0:0 exec");
            assertThat(fixture.evidence())
                    .contains("/opt/unpacked/lib.so was executed, or mapped as executable")
                    .doesNotContain("open for writing");
        }

        @Test
        void norDoesItUseAMount() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .mount(MountKind.VOLUME, "lib", "/opt/unpacked")
                            .ran("/opt/unpacked/lib.so");
            assertThat(fixture.provisions()).isEqualTo("keep /opt/unpacked");
        }

        @Test
        void whatACloneWroteIsProvidedForToo() {
            ContainerFixture fixture =
                    ContainerFixture.app().directory("/opt/jobs", 0700, 5, 5).missed("/opt/jobs/x");
            assertThat(fixture.evidence())
                    .contains("/opt/jobs | proof | a clone wrote /opt/jobs/x");
        }

        @Test
        void anOpenFileThatIsDeletedIsSeenToo() {
            ContainerFixture fixture =
                    ContainerFixture.app()
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
            ContainerFixture fixture = ContainerFixture.app();
            for (String path : new String[] {"/b/x.db", "/a/y", "/run/z", "/tmp/q", "/c/d/e"}) {
                fixture.added(path).wrote("two", path).wrote("one", path);
            }
            assertThat(fixture.proposal()).isEqualTo(fixture.proposal());
        }

        @Test
        void whatCouldNotBeLearnedIsHandedOn() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .withoutSource(WriteEvidenceSource.WATCH)
                            .watched(Duration.ofSeconds(7));
            assertThat(fixture.proposal().shortfalls()).hasSize(1);
            assertThat(fixture.proposal().watched()).isEqualTo(Duration.ofSeconds(7));
        }

        @Test
        void aReasonIsGivenOnceForAllPathsItAppliesTo() {
            ContainerFixture fixture =
                    ContainerFixture.app()
                            .added("/run/app/a")
                            .added("/run/app/b")
                            .added("/run/app/c");
            assertThat(fixture.evidence())
                    .contains("known | /run/app/a, /run/app/b and 1 more: in /run, which is empty");
        }

        @Test
        void evidenceIsNeverMissing() {
            ContainerFixture fixture =
                    ContainerFixture.app()
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

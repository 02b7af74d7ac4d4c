package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalInput;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where the mounts of a proposal are.
class ProposerPlacementTest {
    @Test
    void filesOfADirectoryAreOneMount() {
        ContainerFixture fixture = ContainerFixture.app();
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
                ContainerFixture.app()
                        .directory("/var/lib/app", 0750, 7, 7)
                        .added("/var/lib/app/a/b/c/x")
                        .added("/var/lib/app/d/y");
        assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app ?");
    }

    @Test
    void orToTheUppermostOfTheirOwnBelowAGeneralOne() {
        assertThat(ContainerFixture.app().added("/var/lib/app/a/b/c/x").provisions())
                .isEqualTo("volume /var/lib/app ?");
    }

    @Test
    void volumeIsNotPlacedOnTheProgramDirectory() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/app", 0755, 1000, 1000)
                        .file("/app/main.js", 100)
                        .added("/app/data/a/x.db");
        assertThat(fixture.provisions()).isEqualTo("volume /app/data");
    }

    /// A program may rename a temporary file to its place, which fails between two mounts.
    @Test
    void temporaryDataInAVolumeStayInIt() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/app", 0755, 1000, 1000)
                        .user(1000)
                        .added("/app/uploads/1.png")
                        .added("/app/cache/x");
        assertThat(fixture.provisions()).isEqualTo("volume /app");
    }

    @Test
    void aCollectionThatIsRenamedIntoItsPlaceIsNotLost() {
        ContainerFixture fixture =
                ContainerFixture.app()
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
                ContainerFixture.app()
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
                ContainerFixture.app()
                        .directory("/srv/app", 0755, 9, 9)
                        .directory("/srv/app/data", 0755, 9, 9)
                        .added("/srv/app/app.pid")
                        .added("/srv/app/data/orders");
        assertThat(fixture.provisions()).isEqualTo("volume /srv/app ?");
    }

    @Test
    void theSizeCountsAllThatLiesThere() {
        ContainerFixture fixture =
                ContainerFixture.app()
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
                ContainerFixture.app()
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
                ContainerFixture.app()
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
                ContainerFixture.app()
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
                ContainerFixture.app()
                        .directory("/srv", 0755, 0, 0)
                        .added("/srv/a.1/x")
                        .wrote("app", "/srv/.tmp.1/x");
        assertThat(fixture.provisions()).isEqualTo("volume /srv ?");
    }

    @Test
    void whatABuildLeftInRunIsHidden() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/run/samba", 0755, 0, 0)
                        .file("/run/samba/gencache.tdb", 400)
                        .added("/run/samba/smbd.pid");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /run/samba 16m 755 0:0");
        assertThat(fixture.notes())
                .contains("/run/samba: the tmpfs hides what the image has there");
    }

    @Test
    void neighboursInAStateDirectoryAreOneVolume() {
        ContainerFixture fixture = ContainerFixture.app().directory("/var/lib/app", 0700, 9, 9);
        for (String name : new String[] {"a", "b", "c"}) {
            fixture.directory("/var/lib/app/" + name, 0700, 9, 9)
                    .added("/var/lib/app/" + name + "/state");
        }
        assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app ?");
    }

    @Test
    void volumesAreNotMergedIntoTheProgramDirectory() {
        ContainerFixture fixture =
                ContainerFixture.app()
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
        ContainerFixture fixture = ContainerFixture.app().file("/opt/app/main", 10);
        for (int i = 0; i < 100; i++) {
            fixture.directory("/opt/app/d" + i, 0755, 0, 0).added("/opt/app/d" + i + "/x.db");
        }
        assertThat(fixture.provisions()).isEqualTo("volume /opt/app");
    }

    @Test
    void sharedSystemDirectoriesGetNoMount() {
        ContainerFixture fixture = ContainerFixture.app();
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
                ContainerFixture.app()
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
        ContainerFixture fixture = ContainerFixture.app();
        for (int i = 0; i < 500; i++) {
            fixture.added("/state" + i + "/x.db");
        }
        assertThat(fixture.proposal().provisions()).hasSize(64);
        assertThat(fixture.notes()).contains("436 more directories are written");
    }

    @Test
    void aConfigurationThatIsChangedAtStartGetsAVolumeAndAWarning() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .directory("/etc/app", 0755, 0, 0)
                        .file("/etc/app/app.conf", 10)
                        .changed("/etc/app/app.conf");
        assertThat(fixture.provisions()).isEqualTo("volume /etc/app ?");
        assertThat(fixture.notes()).contains("the volume keeps its copies of them");
    }

    @Test
    void soDoesADatabaseNextToTheProgram() {
        ContainerFixture fixture =
                ContainerFixture.app().file("/app/main.js", 100).added("/app/app.db");
        assertThat(fixture.provisions()).isEqualTo("volume /app");
        assertThat(fixture.notes()).contains("the image has files there, such as /app/main.js");
    }

    @Test
    void aVolumeOnADirectoryThatTheImageLacksBelongsToRoot() {
        ContainerFixture fixture =
                ContainerFixture.app()
                        .user(1000)
                        .file("/app/main.js", 100)
                        .added("/app/uploads/1.png")
                        .directory("/app/uploads", 0755, 1000, 1000);
        assertThat(fixture.provisions()).isEqualTo("volume /app/uploads");
        assertThat(fixture.notes()).contains("belongs to root, and uid 1000 cannot write to it");
    }

    @Test
    void whatWasRemovedFromTheImageIsNoted() {
        ContainerFixture fixture = ContainerFixture.app().deleted("/opt/app/setup.sh");
        assertThat(fixture.provisions()).isEmpty();
        assertThat(fixture.notes()).contains("/opt/app/setup.sh was removed, which fails");
    }

    @Test
    void somethingThatCameAndWentInTmpCounts() {
        assertThat(ContainerFixture.app().changed("/tmp").provisions())
                .isEqualTo("tmpfs /tmp 64m 1777 0:0");
    }
}

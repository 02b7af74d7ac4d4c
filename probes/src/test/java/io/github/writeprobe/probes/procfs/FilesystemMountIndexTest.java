package io.github.writeprobe.probes.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The host paths that show a container's mount.
class FilesystemMountIndexTest {
    private static final FilesystemMountIndex HOST =
            new FilesystemMountIndex(
                    MountTable.parse(
                            """
                            20 1 8:1 / / rw - ext4 /dev/sda1 rw
                            21 20 0:23 / /run rw - tmpfs tmpfs rw
                            22 20 8:17 / /data rw - xfs /dev/sdb1 rw
                            23 20 8:17 /docker /var/lib/docker rw - xfs /dev/sdb1 rw
                            24 20 0:30 /@home /home rw - btrfs /dev/sdc1 rw
                            25 20 0:30 /@ /mnt/old rw - btrfs /dev/sdc1 rw
                            26 23 0:84 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
                            27 20 8:1 /opt/a\\040b /srv/a\\040b rw - ext4 /dev/sda1 rw
                            28 20 0:4 net:[1] /run/netns/x rw - nsfs nsfs rw
                            """));

    private static MountEntry mount(String device, String root) {
        return MountTable.parse("9 1 " + device + " " + root + " /x rw - any any rw")
                .entries()
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "8:1, /etc, /etc",
        "8:1, /, / /srv/a b",
        "0:23, /docker, /run/docker",
        "8:17, /docker/volumes/v/_data, /data/docker/volumes/v/_data /var/lib/docker/volumes/v/_data",
        "8:17, /dockers, /data/dockers",
        "0:30, /@home/u, /home/u",
        "0:30, /@/etc, /mnt/old/etc",
        "0:30, /, /home /mnt/old",
        "0:84, /etc, /var/lib/docker/overlay2/x/merged/etc",
        "8:1, /opt/a\\040b/c, /opt/a b/c /srv/a b/c",
        "8:1, /etc//deleted, ''",
        "0:99, /, ''",
        "0:4, net:[1], ''"
    })
    void isFoundByFilesystemAndDirectory(String device, String root, String paths) {
        assertThat(String.join(" ", HOST.pathsShowing(mount(device, root)))).isEqualTo(paths);
    }

    @ParameterizedTest
    @CsvSource({
        "0:23, /, true",
        "0:23, /docker, true",
        "0:23, /docker/a.sock, true",
        "0:23, /dock, false",
        "8:1, /, false"
    })
    void aFileLiesInWhatAMountShows(String device, String root, boolean expected) {
        assertThat(
                        new FilesystemMountIndex.FilesystemPath("0:23", "/docker/a.sock")
                                .isIn(mount(device, root)))
                .isEqualTo(expected);
    }
}

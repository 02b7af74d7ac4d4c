package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.ProbeIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which findings the host paths that a mount shows lead to.
class HostPathsOfMountTest {
    private static final String POD = "/var/lib/kubelet/pods/1f2e3d4c-0000";

    /// A read-only container with one more mount, which the kernel reports too.
    private static JudgeCase with(
            MountKind kind, String source, boolean writable, String filesystem) {
        String mode = writable ? "rw" : "ro";
        return JudgeCase.readOnly()
                .observed("/", EROFS)
                .kernelObserved(ProbeIdentity.SERVICE, 0, "/", EROFS)
                .mount("/y", kind, source, writable)
                .withoutTable()
                .table("/", "overlay", "ro")
                .line("151 100 8:17 / /y " + mode + " - " + filesystem + " /dev/sdb1 rw")
                .kernelObserved(ProbeIdentity.SERVICE, 0, "/y", writable ? WRITABLE : EROFS);
    }

    private static JudgeCase volume() {
        return with(MountKind.VOLUME, "v", true, "ext4");
    }

    private static List<FindingKind> kinds(JudgeCase c) {
        return c.judge().findings().stream().map(Finding::kind).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc",
                "/etc/cron.d",
                "/",
                "/usr/lib/x",
                "/var/spool",
                "/srv",
                "/srv/docker",
                "/srv/docker/overlay2/abc/diff",
                "/srv/docker/containers",
                "/srv/docker/volumes",
                "/srv/docker/volumes/other"
            })
    void aVolumeThatShowsASensitivePathIsExposed(String path) {
        JudgeCase c =
                volume().engineFiles("/srv/docker", "")
                        .hostPaths(151, "/srv/docker/volumes/v/_data", path);
        assertThat(kinds(c)).contains(FindingKind.EXPOSED);
        assertThat(
                        c.judge().findings().getFirst().message()
                                + c.judge().findings().getFirst().evidence())
                .contains(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/srv/docker, /srv/docker/volumes/v/_data",
        "/srv/docker, /srv/docker/volumes/v/_data/etc",
        "/srv/docker, /srv/docker/tmp/safe-mount1",
        "/srv/docker, /srv/docker/plugins/x/propagated-mount/v",
        "/var/lib/docker/100000.100000, /var/lib/docker/100000.100000/volumes/v/_data",
        "/home/u/.local/share/docker, /home/u/.local/share/docker/volumes/v/_data",
        "/home/u/.local/share/docker, /home/u/app",
        "'', /mnt/disk",
        "'', /var/lib/postgresql"
    })
    void anOrdinaryVolumeIsNot(String dataRoot, String path) {
        assertThat(kinds(volume().engineFiles(dataRoot, "").hostPaths(151, path))).isEmpty();
    }

    @Test
    void aLayerOverAnImageIsTheContainersOwn() {
        JudgeCase image = with(MountKind.VOLUME, "img", true, "overlay").engineFiles("/srv/d", "");
        assertThat(kinds(image.hostPaths(151, "/srv/d/overlay2/abc/merged"))).isEmpty();
        JudgeCase disguised =
                with(MountKind.VOLUME, "v", true, "overlay").engineFiles("/srv/d", "");
        assertThat(
                        kinds(
                                disguised.hostPaths(
                                        151,
                                        "/srv/d/overlay2/abc/merged",
                                        "/srv/d/volumes/v/_data")))
                .contains(FindingKind.EXPOSED);
    }

    @Test
    void whatThePodHasMayBeKeptByTheKubeletForAll() {
        String claim = POD + "/volumes/kubernetes.io~csi/pv/mount";
        String global = "/var/lib/kubelet/plugins/kubernetes.io/csi/x/globalmount";
        JudgeCase own =
                with(MountKind.BIND, claim, true, "ext4")
                        .label("io.kubernetes.pod.uid", "1f2e3d4c-0000")
                        .ignoringLabels();
        assertThat(kinds(own.hostPaths(151, global, claim))).isEmpty();
        JudgeCase others = with(MountKind.BIND, claim, true, "ext4");
        assertThat(kinds(others.hostPaths(151, global, claim))).contains(FindingKind.EXPOSED);
    }

    @Test
    void aSymbolicLinkIsNoDisguise() {
        assertThat(kinds(with(MountKind.BIND, "/srv/link", true, "ext4").hostPaths(151, "/etc")))
                .containsExactly(FindingKind.EXPOSED);
    }

    @Test
    void anEnginesSocketInAVolumeIsReachedReadOnlyToo() {
        JudgeCase c =
                with(MountKind.VOLUME, "v", false, "ext4")
                        .hostPaths(151, "/var/lib/docker/volumes/v/_data")
                        .engineSocket(151, "/y/docker.sock");
        assertThat(kinds(c)).containsExactlyInAnyOrder(FindingKind.EXPOSED, FindingKind.BYPASSABLE);
        assertThat(c.judge().findings().getFirst().evidence())
                .contains("engine's socket: /y/docker.sock");
    }

    /// The agent may use a proxy.
    @Test
    void theAgentsOwnSocketIsExposedInOtherContainersOnly() {
        JudgeCase other =
                with(MountKind.BIND, "/srv/p", false, "ext4").configuredSocket(151, "/srv/p/sock");
        assertThat(kinds(other)).contains(FindingKind.EXPOSED);
        JudgeCase agent =
                with(MountKind.BIND, "/srv/p", false, "ext4").configuredSocket(151, "/srv/p/sock");
        assertThat(kinds(agent.self())).isEmpty();
    }

    @Test
    void anUndeclaredSubmountReachesASocketToo() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .kernelObserved(ProbeIdentity.SERVICE, 0, "/", EROFS)
                        .mount("/y", MountKind.BIND, "/mnt", false)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .line("151 100 8:1 /mnt /y ro - ext4 /dev/sda1 rw")
                        .line("152 151 0:99 / /y/t ro - tmpfs t rw")
                        .kernelObserved(ProbeIdentity.SERVICE, 0, "/y", EROFS)
                        .hostPaths(152, "/mnt/t")
                        .engineSocket(152, "/y/t/docker.sock");
        assertThat(kinds(c)).contains(FindingKind.EXPOSED);
    }

    @ParameterizedTest
    @CsvSource({
        "/var/run/docker, ''",
        "/var/run/containerd, ''",
        "/var/run/../run/docker/, ''",
        "/srv/x/run, /srv/x/run",
        "/srv/x, /srv/x/run",
        "/srv/x/run/containerd, /srv/x/run"
    })
    void directoriesOfSocketsAreKnownByTheDeclarationAlone(String source, String execRoot) {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/y", MountKind.BIND, source, false)
                        .table("/y", "ext4", "ro")
                        .observed("/y", EROFS)
                        .engineFiles("/srv/data", execRoot);
        assertThat(kinds(c)).containsExactly(FindingKind.EXPOSED, FindingKind.BYPASSABLE);
    }

    /// The files that the engine binds show where the data root's filesystem is mounted.
    @ParameterizedTest
    @CsvSource({
        "/var/lib/docker, /var/lib/docker, /etc",
        "/data/docker, /docker, /docker/overlay2",
        "/data/docker, /docker, /",
        "/var/lib/docker, /@/var/lib/docker, /@/etc"
    })
    void withoutTheKernelTheDataRootsFilesystemIsKnownFromTheTable(
            String dataRoot, String root, String shown) {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/y", MountKind.VOLUME, "v", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .line(
                                "150 100 8:1 %s/containers/%s/hosts /etc/hosts ro - ext4 /dev/sda1 rw"
                                        .formatted(root, "a".repeat(64)))
                        .line("151 100 8:1 " + shown + " /y rw - ext4 /dev/sda1 rw")
                        .observed("/etc/hosts", EROFS)
                        .observed("/y", WRITABLE)
                        .engineFiles(dataRoot, "");
        assertThat(kinds(c)).contains(FindingKind.EXPOSED);
    }
}

package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.EACCES;
import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The kubelet mounts a pod's volumes as binds of the host, and the engine declares these binds.
class OwnPodVolumesTest {
    private static final String UID = "0a1b2c3d-1111-2222-3333-444455556666";
    private static final String POD = "/var/lib/kubelet/pods/" + UID;
    private static final String OTHER =
            "/var/lib/kubelet/pods/ffffffff-1111-2222-3333-444455556666";

    private static JudgeCase pod() {
        return JudgeCase.readOnly()
                .observed("/", EROFS)
                .label("io.kubernetes.pod.uid", UID)
                .ignoringLabels()
                .mount("/etc/hosts", MountKind.BIND, POD + "/etc-hosts", true)
                .mount("/dev/termination-log", MountKind.BIND, POD + "/containers/web/5fd1a2", true)
                .observed("/etc/hosts", EACCES)
                .observed("/dev/termination-log", WRITABLE);
    }

    private static List<FindingKind> kinds(JudgeCase c) {
        return c.judge().findings().stream().map(Finding::kind).toList();
    }

    @Test
    void aPodsOwnVolumesAreNoPathsOfTheHost() {
        JudgeCase c =
                pod().mount(
                                "/cache",
                                MountKind.BIND,
                                POD + "/volumes/kubernetes.io~empty-dir/cache",
                                true)
                        .observed("/cache", WRITABLE);

        assertThat(kinds(c)).isEmpty();
        assertThat(c.judge().verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    /// A rule's `writable` list does not have to contain the mounts that every pod has.
    @Test
    void whatTheKubeletBindsIntoEveryContainerNeedsNoRule() {
        JudgeCase c =
                pod().rule(Access.READ_ONLY, List.of("/tmp"), List.of())
                        .mount(
                                "/cache",
                                MountKind.BIND,
                                POD + "/volumes/kubernetes.io~empty-dir/cache",
                                true)
                        .observed("/cache", WRITABLE);

        assertThat(c.judge().findings())
                .singleElement()
                .satisfies(f -> assertThat(f.path()).isEqualTo("/cache"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OTHER + "/volumes/kubernetes.io~empty-dir/cache",
                OTHER + "/containers/web/5fd1a2",
                POD,
                POD + "/../ffffffff-1111-2222-3333-444455556666/volumes",
                "/var/lib/kubelet/pods",
                "/var/lib/kubelet/pki"
            })
    void whatIsNotThePodsOwnStaysSensitive(String source) {
        JudgeCase c =
                pod().mount("/data", MountKind.BIND, source, true).observed("/data", WRITABLE);

        assertThat(kinds(c)).containsExactly(FindingKind.EXPOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "", "../pods", "*"})
    void aLabelThatIsNoUidOpensNothing(String uid) {
        JudgeCase c =
                pod().label("io.kubernetes.pod.uid", uid)
                        .ignoringLabels()
                        .mount(
                                "/data",
                                MountKind.BIND,
                                "/var/lib/kubelet/pods/" + uid + "/volumes/x",
                                true)
                        .observed("/data", WRITABLE);

        assertThat(kinds(c)).contains(FindingKind.EXPOSED);
    }

    /// The engine declares the kubelet's path, and the mount table has the path that is bound
    /// there.
    @Test
    void aSubPathOfTheHostIsSeenByTheMountTable() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .label("io.kubernetes.pod.uid", UID)
                        .ignoringLabels()
                        .mount("/data", MountKind.BIND, POD + "/volume-subpaths/host/web/0", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .line(
                                "150 100 254:0 /var/lib/docker/containers/x/resolv.conf /etc/resolv.conf ro - ext4 /dev/sda1 rw")
                        .line("151 100 254:0 /etc/cron.d /data rw - ext4 /dev/sda1 rw")
                        .observed("/data", WRITABLE);

        assertThat(kinds(c)).containsExactly(FindingKind.EXPOSED);
    }
}

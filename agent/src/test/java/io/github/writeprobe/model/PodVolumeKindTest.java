package io.github.writeprobe.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the path of a mount's source tells of a pod's volume.
class PodVolumeKindTest {
    private static final String UID = "11111111-2222-3333-4444-555555555555";
    private static final String POD = "/var/lib/kubelet/pods/" + UID + "/";

    @ParameterizedTest
    @CsvSource({
        "volumes/kubernetes.io~empty-dir/work, EMPTY_DIR",
        "volumes/kubernetes.io~empty-dir/work/sub/path, EMPTY_DIR",
        "volumes/kubernetes.io~configmap/settings, CONFIGURATION",
        "volumes/kubernetes.io~secret/key, CONFIGURATION",
        "volumes/kubernetes.io~projected/kube-api-access-x, CONFIGURATION",
        "volumes/kubernetes.io~downward-api/info, CONFIGURATION",
        "volumes/kubernetes.io~csi/pvc-1/mount, PERSISTENT",
        "volumes/kubernetes.io~nfs/share, PERSISTENT",
        "volume-subpaths/settings/main/0, PERSISTENT",
        "etc-hosts, KUBELET_FILE",
        "containers/main/0a1b2c3d, KUBELET_FILE"
    })
    void aDirectoryOfThePodTellsTheKind(String path, PodVolumeKind volume) {
        assertThat(PodVolumeKind.of(POD + path, UID)).contains(volume);
        assertThat(PodVolumeKind.of("/var/lib/k0s/kubelet/pods/" + UID + "/" + path, UID))
                .contains(volume);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/data",
                "/var/lib/kubelet/pods/99999999-2222-3333-4444-555555555555/etc-hosts",
                POD + "../99999999-2222-3333-4444-555555555555/etc-hosts",
                POD + "volumes/kubernetes.io~empty-dir/..",
                POD + "volumes/kubernetes.io~empty-dir",
                POD + "volumes",
                POD + "plugins/x",
                "var/lib/kubelet/pods/" + UID + "/etc-hosts",
                "/srv/pods/" + UID + "/etc-hosts"
            })
    void anyOtherPathIsThatOfTheHost(String path) {
        assertThat(PodVolumeKind.of(path, UID)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".*", "..", "a/b/c/d/e"})
    void aUidThatIsNoneNamesNoDirectory(String uid) {
        assertThat(PodVolumeKind.of("/var/lib/kubelet/pods/" + uid + "/etc-hosts", uid)).isEmpty();
    }
}

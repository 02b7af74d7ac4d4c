package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.PodVolumeKind;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;
import java.util.regex.Pattern;

/// The files that the kubelet has on the node for the container's pod, and binds into the
/// container.
///
/// The engine declares these binds with sources below `/var/lib/kubelet`, which is a sensitive host
/// path. For the pod itself they are its own volumes. The directories of other pods stay sensitive.
final class OwnPodVolumes {
    private static final String PODS = "/var/lib/kubelet/pods/";

    /// Without slashes and dots, so that a label cannot name another directory.
    private static final Pattern UID = Pattern.compile("[0-9A-Za-z-]{8,64}");

    private final String podUid;
    private final Optional<String> podDirectory;

    OwnPodVolumes(Container container) {
        podUid = container.labels().getOrDefault("io.kubernetes.pod.uid", "");
        podDirectory =
                Optional.of(podUid).filter(uid -> UID.matcher(uid).matches()).map(PODS::concat);
    }

    /// Whether a host path belongs to the pod: an emptyDir, a claim, a ConfigMap.
    boolean isOwnedByPod(String path) {
        return podDirectory.filter(p -> isBelow(path, p)).isPresent();
    }

    /// What the pod mounts from a host path; empty if the path is not the pod's own.
    Optional<PodVolumeKind> volume(String source) {
        return PodVolumeKind.of(source, podUid);
    }

    /// Whether it is a file that the kubelet binds into every container: the hosts file, or the
    /// termination log.
    boolean isInEveryContainer(String source) {
        return volume(source).filter(v -> v == PodVolumeKind.KUBELET_FILE).isPresent();
    }

    private static boolean isBelow(String path, String parent) {
        return !path.equals(parent)
                && MountTable.isAtOrBelow(path, parent)
                && !path.contains("/../")
                && !path.endsWith("/..");
    }
}

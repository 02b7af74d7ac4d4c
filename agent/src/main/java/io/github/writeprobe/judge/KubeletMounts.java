package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the kubelet keeps on the node for the pod that a container belongs to, and binds into it.
///
/// The engine declares binds of the host below `/var/lib/kubelet`, which is sensitive; but for the
/// pod itself these are its own volumes. What is another pod's stays sensitive.
final class KubeletMounts {
    private static final String PODS = "/var/lib/kubelet/pods/";

    /// No slash and no dots, so that a label leads nowhere else.
    private static final Pattern UID = Pattern.compile("[0-9A-Za-z-]{8,64}");

    private final Optional<String> podDirectory;

    KubeletMounts(Container container) {
        podDirectory =
                Optional.ofNullable(container.labels().get("io.kubernetes.pod.uid"))
                        .filter(uid -> UID.matcher(uid).matches())
                        .map(PODS::concat);
    }

    /// Whether a path of the host is the pod's own: an emptyDir, a claim, a ConfigMap.
    boolean isOwnedByPod(String path) {
        return podDirectory.filter(p -> isBelow(path, p)).isPresent();
    }

    /// Whether it is a file that the kubelet binds into every container: its hosts, or what it
    /// writes its last words to.
    boolean isInEveryContainer(String source) {
        return podDirectory
                .filter(p -> source.equals(p + "/etc-hosts") || isBelow(source, p + "/containers"))
                .isPresent();
    }

    private static boolean isBelow(String path, String parent) {
        return !path.equals(parent)
                && MountTable.isAtOrBelow(path, parent)
                && !path.contains("/../")
                && !path.endsWith("/..");
    }
}

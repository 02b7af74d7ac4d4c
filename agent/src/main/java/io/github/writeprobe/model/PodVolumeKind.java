package io.github.writeprobe.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a pod mounts, told by the directory in which the kubelet keeps it:
/// `KUBELET/pods/UID/volumes/kubernetes.io~PLUGIN/NAME`.
///
/// Whoever writes a pod chooses the path of a `hostPath`, but not the pod's uid. So a directory
/// with the uid of the container's own pod is the pod's own.
///
/// @see <a
///   href="https://kubernetes.io/docs/reference/node/kubelet-files/#pod-directory">kubelet-files</a>
public enum PodVolumeKind {
    /// An emptyDir, on disk or in memory: gone with the pod.
    EMPTY_DIR,
    /// A ConfigMap, a Secret, the downward API, or several of them (`projected`). The kubelet
    /// mounts them read-only.
    CONFIGURATION,
    /// Anything that outlives the pod, such as a claim by a CSI driver, and directories in volumes
    /// (`subPath`), whose path does not tell the kind.
    PERSISTENT,
    /// A file that the kubelet binds into every container: the hosts file, or the termination log.
    KUBELET_FILE;

    /// Without slashes and dots, so that a uid cannot name another directory.
    private static final Pattern UID = Pattern.compile("[0-9A-Za-z-]{8,64}");

    private static final Pattern OF_POD =
            Pattern.compile(
                    "/(?:[^/]+/)*kubelet/pods/([^/]+)/"
                            + "(?:volumes/([^/]+)/[^/]+(?:/.*)?|(volume-subpaths/.+)|(etc-hosts|containers/.+))");

    /// @param source the host path of a mount
    /// @param podUid the uid of the container's pod; empty if it has none
    /// @return empty if the path is not the pod's own, such as that of a `hostPath`
    public static Optional<PodVolumeKind> of(String source, String podUid) {
        Matcher path = OF_POD.matcher(source);
        if (!UID.matcher(podUid).matches()
                || source.contains("/../")
                || source.endsWith("/..")
                || !path.matches()
                || !path.group(1).equals(podUid)) {
            return Optional.empty();
        }
        return Optional.of(
                path.group(4) != null
                        ? KUBELET_FILE
                        : path.group(3) != null ? PERSISTENT : ofPlugin(path.group(2)));
    }

    private static PodVolumeKind ofPlugin(String plugin) {
        return switch (plugin) {
            case "kubernetes.io~empty-dir" -> EMPTY_DIR;
            case "kubernetes.io~configmap",
                    "kubernetes.io~secret",
                    "kubernetes.io~projected",
                    "kubernetes.io~downward-api" ->
                    CONFIGURATION;
            default -> PERSISTENT;
        };
    }
}

package io.github.writeprobe.cri.inspect;

import io.github.writeprobe.cri.inspect.RuntimeSpec.SpecMount;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PodVolumeKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The mounts that a pod and its image declare, without those that the runtime makes in every
/// container.
///
/// The runtime's specification has all mounts; `ContainerStatusReader.mounts` only those that the
/// kubelet asked for. A mount that is only in the specification is the runtime's own if it is one
/// of those that every container has, and otherwise an image's `VOLUME`, an injected device or the
/// like.
final class CriDeclaredMounts {
    private static final int MOUNTS = 14;
    private static final int CONTAINER_PATH = 1;
    private static final int HOST_PATH = 2;
    private static final int IMAGE = 9;

    /// Filesystems of the kernel. They show no files of anybody.
    private static final Set<String> KERNEL_TYPES =
            Set.of("proc", "sysfs", "cgroup", "cgroup2", "mqueue", "devpts");

    /// Files and directories that the runtime keeps for each pod, and binds into its containers.
    private static final Set<String> OF_SANDBOX =
            Set.of(
                    "/etc/hostname",
                    "/etc/hosts",
                    "/etc/resolv.conf",
                    "/dev/shm",
                    "/run/.containerenv");

    private CriDeclaredMounts() {}

    /// @param status a `ContainerStatusReader`
    /// @param sandbox the id of the pod's sandbox
    static List<DeclaredMount> of(
            ParsedProtoMessage status, RuntimeSpec spec, String sandbox, String podUid)
            throws IOException, InvalidCriResponseException {
        Map<String, ParsedProtoMessage> requested = new HashMap<>();
        for (byte[] element : status.elements(MOUNTS)) {
            ParsedProtoMessage mount = ParsedProtoMessage.parse(element);
            requested.put(normalize(mount.text(CONTAINER_PATH)), mount);
        }
        List<DeclaredMount> declared = new ArrayList<>();
        for (SpecMount mount : spec.mounts()) {
            String destination = normalize(mount.destination());
            ParsedProtoMessage request = requested.remove(destination);
            if (request != null || !isRuntimeMade(mount, destination, sandbox)) {
                declared.add(declared(mount, destination, request, podUid));
            }
        }
        if (!requested.isEmpty()) {
            throw new InvalidCriResponseException(
                    "it declares a mount at "
                            + requested.keySet().iterator().next()
                            + " that its runtimeSpec lacks");
        }
        return declared;
    }

    private static DeclaredMount declared(
            SpecMount mount,
            String destination,
            @Nullable ParsedProtoMessage request,
            String podUid)
            throws IOException {
        MountKind kind = kind(mount, request, podUid);
        return new DeclaredMount(
                destination,
                kind,
                kind == MountKind.TMPFS ? "tmpfs" : mount.source(),
                mount.isWritable(),
                mount.propagation(),
                kind == MountKind.TMPFS ? String.join(",", mount.options()) : "");
    }

    private static MountKind kind(
            SpecMount mount, @Nullable ParsedProtoMessage request, String podUid)
            throws IOException {
        if (mount.type().equals("tmpfs")) {
            return MountKind.TMPFS;
        }
        boolean image =
                request != null
                        && request.text(HOST_PATH).isEmpty()
                        && !request.elements(IMAGE).isEmpty();
        boolean imageVolume = request == null && isInContainersDirectory(mount.source());
        boolean podVolume =
                PodVolumeKind.of(mount.source(), podUid)
                        .filter(volume -> volume != PodVolumeKind.KUBELET_FILE)
                        .isPresent();
        return image || imageVolume || podVolume ? MountKind.VOLUME : MountKind.BIND;
    }

    /// A `VOLUME` of an image is a directory that the runtime keeps for the container. CRI-O has no
    /// volumes for images unless it is configured to.
    private static boolean isInContainersDirectory(String source) {
        return source.matches("/.*/containers/[0-9a-f]{64}/volumes/[^/]+")
                || source.matches("/.*/overlay-containers/[0-9a-f]{64}/userdata/volumes/.+");
    }

    private static boolean isRuntimeMade(SpecMount mount, String destination, String sandbox) {
        return KERNEL_TYPES.contains(mount.type())
                || (mount.type().equals("tmpfs")
                        && (destination.equals("/dev") || destination.equals("/dev/shm")))
                || (OF_SANDBOX.contains(destination)
                        && mount.isBind()
                        && mount.source().contains("/" + sandbox + "/"))
                // With the host's IPC namespace.
                || (destination.equals("/dev/shm") && mount.source().equals("/dev/shm"))
                || (destination.equals("/dev/mqueue") && mount.source().equals("/dev/mqueue"));
    }

    private static String normalize(String path) {
        String single = path.replaceAll("/{2,}", "/");
        return single.length() > 1 && single.endsWith("/")
                ? single.substring(0, single.length() - 1)
                : single;
    }
}

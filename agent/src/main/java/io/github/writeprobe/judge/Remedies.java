package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;

/// Remedies that name a setting: in the words of a Kubernetes manifest for a container of a pod,
/// and otherwise in those of Compose and Docker.
///
/// @param pod whether the container belongs to a pod
record Remedies(boolean pod) {
    static Remedies of(Container container) {
        return new Remedies(!container.workload().pod().isEmpty());
    }

    String readOnlyRootfs() {
        return pod
                ? "Set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir for each"
                        + " path that the service has to write"
                : "Set read_only: true (docker run --read-only), and mount a tmpfs or a volume for"
                        + " each path that the service has to write";
    }

    String readOnlyOrSmallerMount() {
        return "Mount it read-only ("
                + readOnly()
                + "), or mount only the directory that the service needs";
    }

    /// The option of a mount.
    String readOnly() {
        return pod ? "readOnly: true" : ":ro";
    }

    /// Kubernetes has no option for it: kubernetes/kubernetes#48912.
    String noexec() {
        return pod
                ? "A pod cannot mount an emptyDir with noexec: mount a volume whose mountOptions have"
                        + " it, or accept the finding with a waiver"
                : "Mount a tmpfs there: Docker mounts a tmpfs with noexec, unless the option exec is"
                        + " set";
    }

    String ownerOrDeclareReadOnly() {
        return "Make the service's user the owner ("
                + (pod
                        ? "securityContext.fsGroup makes most volumes writable for a group"
                        : "a tmpfs takes uid=, gid= and mode=")
                + "), or declare the mount "
                + readOnly();
    }

    String onlyNeededDirectories() {
        return "Mount only the directories that the service needs. "
                + (pod
                        ? "readOnly: true does not include the mounts below a mount, unless"
                                + " recursiveReadOnly: Enabled is set"
                        : "Not every engine applies :ro to the mounts below a mount");
    }
}

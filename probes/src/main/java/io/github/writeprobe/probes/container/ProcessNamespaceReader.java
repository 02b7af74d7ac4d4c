package io.github.writeprobe.probes.container;

import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.Optional;

/// The namespaces of a process, as its directory in procfs shows them: namespaces(7). Must be used
/// on the thread of its kernel.
public final class ProcessNamespaceReader {
    private final LinuxSyscalls kernel;
    private final FileMetadataSyscalls files;

    public ProcessNamespaceReader(LinuxSyscalls kernel, FileMetadataSyscalls files) {
        this.kernel = kernel;
        this.files = files;
    }

    /// The kernel's name of the mount namespace, such as `mnt:[4026531841]`; empty if the process
    /// has ended, or if it cannot be inspected.
    public Optional<String> mountNamespace(int process) {
        return kernel.readLink(process, "ns/mnt");
    }

    /// The same for the user namespace.
    public Optional<String> userNamespace(int process) {
        return kernel.readLink(process, "ns/user");
    }

    /// The same for the PID namespace.
    public Optional<String> pidNamespace(int process) {
        return kernel.readLink(process, "ns/pid");
    }

    /// The user namespace in which the process's mount namespace was created; empty if it is not
    /// visible from here.
    public Optional<String> mountNamespaceOwner(int process) {
        return owner(process, "ns/mnt");
    }

    /// The user namespace in which the process's PID namespace was created. A process stays in the
    /// PID namespace that it was started in, so it cannot change this later.
    public Optional<String> pidNamespaceOwner(int process) {
        return owner(process, "ns/pid");
    }

    private Optional<String> owner(int process, String namespace) {
        return related(process, namespace, true);
    }

    /// The user namespace in which the process's user namespace was created.
    public Optional<String> userNamespaceParent(int process) {
        return related(process, "ns/user", false);
    }

    /// The kernel's name of an open namespace.
    ///
    /// @param kind `pid`, `user`, …
    public Optional<String> name(int namespace, String kind) {
        return files.status(namespace).map(s -> kind + ":[" + s.inode() + "]");
    }

    private Optional<String> related(int process, String namespace, boolean owner) {
        long fd =
                kernel.open(
                        process, namespace, LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        long other = owner ? kernel.ownerOf((int) fd) : kernel.parentOf((int) fd);
        try {
            return other < 0 ? Optional.empty() : name((int) other, "user");
        } finally {
            kernel.close(other);
            kernel.close(fd);
        }
    }
}

package io.github.writeprobe.probes.container;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.Optional;

/// Checks whether the mount namespace of a container's first process is the one that the engine
/// created for the container. A process can change its namespaces and its root directory, within
/// its permissions. The facts that are compared here cannot be changed by a process of the
/// container.
public final class EngineMountNamespaceCheck {
    private final LinuxSyscalls kernel;
    private final FileMetadataSyscalls files;
    private final ProcessNamespaceReader namespaces;
    private final String proc;

    /// The result of the check.
    public sealed interface Result {
        /// The engine created the mount namespace.
        ///
        /// @param mountNamespace the namespace
        /// @param userNamespace the user namespace that the process is in
        /// @param engineUserNamespace the user namespace that the engine started the container in
        /// @param ownPidNamespace the PID namespace that the process is in; empty if the engine is
        ///   in the same one
        /// @param starterMountNamespace the mount namespace of the process that started the
        ///   container's first process: the engine's own; empty if it is not known
        /// @param root the root directory of the namespace
        record EngineMade(
                String mountNamespace,
                String userNamespace,
                String engineUserNamespace,
                String ownPidNamespace,
                String starterMountNamespace,
                FileStatus root)
                implements Result {
            public EngineMade {
                requireNonNull(mountNamespace);
                requireNonNull(userNamespace);
                requireNonNull(engineUserNamespace);
                requireNonNull(ownPidNamespace);
                requireNonNull(starterMountNamespace);
                requireNonNull(root);
            }
        }

        /// The mount namespace could not be shown to be the engine's.
        ///
        /// @param reason for people
        record Foreign(String reason) implements Result {
            public Foreign {
                requireNonNull(reason);
            }
        }
    }

    /// @param proc where procfs is mounted
    public EngineMountNamespaceCheck(
            LinuxSyscalls kernel, FileMetadataSyscalls files, String proc) {
        this.kernel = kernel;
        this.files = files;
        this.namespaces = new ProcessNamespaceReader(kernel, files);
        this.proc = proc;
    }

    /// @param mount the mount namespace that the process is in
    /// @param starter the PID of the process that started it
    /// @param mayMount whether the engine allows the container's processes to change mounts: then
    ///   the mounts do not prove who created the namespace
    public Result check(
            ContainerProcessHandle target,
            String mount,
            int starter,
            String container,
            boolean mayMount,
            MountNamespaceRoot.Open root) {
        long process = kernel.openProcess(proc, starter);
        try {
            Optional<Result> known =
                    process < 0
                            ? Optional.empty()
                            : checkByStarter(target, mount, (int) process, container, root.file());
            return known.orElseGet(
                    () -> checkWithoutStarter(target, mount, container, mayMount, root));
        } finally {
            kernel.close(process);
        }
    }

    /// @return empty if the process that started the container cannot be identified
    private Optional<Result> checkByStarter(
            ContainerProcessHandle target,
            String mount,
            int starter,
            String container,
            FileStatus root) {
        Optional<String> starterMount = namespaces.mountNamespace(starter);
        Optional<OciRootfsFinder.Made> rootfs =
                starterMount.filter(m -> !m.equals(mount)).isPresent()
                        ? new OciRootfsFinder(kernel, files).find(starter, container)
                        : Optional.empty();
        if (rootfs.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                compareWithBundle(target, mount, starter, starterMount.get(), rootfs.get(), root));
    }

    private Result compareWithBundle(
            ContainerProcessHandle target,
            String mount,
            int starter,
            String starterMount,
            OciRootfsFinder.Made rootfs,
            FileStatus root) {
        if (!rootfs.root().isSameFile(root)) {
            return new Result.Foreign(
                    "the root filesystem of its first process is not the one that the engine"
                            + " created");
        }
        Optional<String> user = namespaces.userNamespace(target.directory());
        Optional<String> engineUser =
                user.flatMap(u -> engineUserNamespace(target, starter, u, rootfs.userNamespace()));
        Optional<String> owner = namespaces.mountNamespaceOwner(target.directory());
        if (engineUser.isEmpty() || owner.isEmpty()) {
            return new Result.Foreign("its user namespace cannot be read from here");
        }
        return engineUser.equals(owner)
                ? new Result.EngineMade(
                        mount,
                        user.get(),
                        engineUser.get(),
                        ownPidNamespace(target, starter),
                        starterMount,
                        root)
                : new Result.Foreign(
                        "its first process is in a mount namespace that it created itself, in its"
                                + " own user namespace");
    }

    private String ownPidNamespace(ContainerProcessHandle target, int starter) {
        Optional<String> pids = namespaces.pidNamespace(target.directory());
        return pids.equals(namespaces.pidNamespace(starter)) ? "" : pids.orElse("");
    }

    /// The user namespace that the engine started the container in. A process stays in the PID
    /// namespace that it was started in, and the engine created that one.
    private Optional<String> engineUserNamespace(
            ContainerProcessHandle target, int starter, String user, boolean ownUser) {
        Optional<String> pids = namespaces.pidNamespace(target.directory());
        Optional<String> starterPids = namespaces.pidNamespace(starter);
        if (pids.isEmpty() || starterPids.isEmpty()) {
            return Optional.empty();
        }
        if (!pids.equals(starterPids)) {
            return namespaces.pidNamespaceOwner(target.directory());
        }
        // With the host's PID namespace (`--pid host`): the starter's user namespace, or one
        // created in it if the engine requested that.
        Optional<String> starterUser = namespaces.userNamespace(starter);
        return !ownUser
                ? starterUser
                : Optional.of(user)
                        .filter(u ->
                                namespaces
                                        .userNamespaceParent(target.directory())
                                        .equals(starterUser));
    }

    /// Used if the starter has ended, or if a security module prevents inspecting it. A process
    /// that may not change mounts is still in the mounts of the engine, provided that its mount
    /// namespace has the same owner as its PID namespace, which it cannot leave. The files that
    /// engines bind-mount into each container come from a directory that is named after the
    /// container; the process of a sandbox does not have them.
    private Result checkWithoutStarter(
            ContainerProcessHandle target,
            String mount,
            String container,
            boolean mayMount,
            MountNamespaceRoot.Open root) {
        Optional<String> pids = namespaces.pidNamespace(target.directory());
        Optional<String> user = namespaces.userNamespace(target.directory());
        Optional<String> owner = namespaces.mountNamespaceOwner(target.directory());
        boolean ownPids =
                pids.isPresent()
                        && !pids.equals(
                                kernel.readLink(LinuxSyscalls.AT_FDCWD, proc + "/self/ns/pid"));
        boolean bound =
                root.table().entries().stream()
                        .anyMatch(e -> e.root().contains("/" + container + "/"));
        boolean engineMade =
                !mayMount
                        && bound
                        && ownPids
                        && user.isPresent()
                        && owner.isPresent()
                        && owner.equals(namespaces.pidNamespaceOwner(target.directory()));
        return engineMade
                ? new Result.EngineMade(mount, user.get(), owner.get(), pids.get(), "", root.file())
                : new Result.Foreign(
                        "the process that started it has ended or cannot be inspected, so its root"
                                + " filesystem cannot be identified");
    }
}

package io.github.writeprobe.probes.container;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import java.util.Optional;

/// Whether the mount namespace that a container's first process lives in is the one that the engine
/// made for the container. A process chooses its namespaces and its root directory itself, as far
/// as it may; what is asked for here, it cannot choose.
public final class NamespaceCheck {
    private final Kernel kernel;
    private final FileCalls files;
    private final Namespaces namespaces;
    private final String proc;

    /// What is known of the mount namespace.
    public sealed interface Result {
        /// The engine made it.
        ///
        /// @param mountNamespace the namespace
        /// @param userNamespace the user namespace that the process is in
        /// @param engineUserNamespace the user namespace that the engine started the container in
        /// @param ownPidNamespace the PID namespace that the process is in; empty if the engine is
        ///   in the same
        /// @param starterMountNamespace the mount namespace of the process that started the
        ///   container's first one: the engine's own; empty where nobody knows it
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

        /// It did not, as far as can be seen.
        ///
        /// @param reason for people
        record Foreign(String reason) implements Result {
            public Foreign {
                requireNonNull(reason);
            }
        }
    }

    /// @param proc where procfs is mounted
    public NamespaceCheck(Kernel kernel, FileCalls files, String proc) {
        this.kernel = kernel;
        this.files = files;
        this.namespaces = new Namespaces(kernel, files);
        this.proc = proc;
    }

    /// @param mount the mount namespace that the process is in
    /// @param starter the process that started it
    /// @param mayMount whether the engine lets the container's processes change mounts: then what
    ///   is mounted tells nothing of who made it
    public Result check(
            ContainerProcess target,
            String mount,
            int starter,
            String container,
            boolean mayMount,
            ContainerRoot.Open root) {
        long process =
                starter <= 0
                        ? -1
                        : kernel.open(
                                Kernel.AT_FDCWD,
                                proc + "/" + starter,
                                Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                                0);
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

    /// @return empty if nothing is known of the starter
    private Optional<Result> checkByStarter(
            ContainerProcess target, String mount, int starter, String container, FileStatus root) {
        Optional<String> starterMount = namespaces.mountNamespace(starter);
        Optional<OciBundle.Made> rootfs =
                starterMount.filter(m -> !m.equals(mount)).isPresent()
                        ? new OciBundle(kernel, files).find(starter, container)
                        : Optional.empty();
        if (rootfs.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                compareWithBundle(target, mount, starter, starterMount.get(), rootfs.get(), root));
    }

    private Result compareWithBundle(
            ContainerProcess target,
            String mount,
            int starter,
            String starterMount,
            OciBundle.Made rootfs,
            FileStatus root) {
        if (!rootfs.root().isSameFile(root)) {
            return new Result.Foreign(
                    "its first process does not live in the root filesystem that the engine made");
        }
        Optional<String> user = namespaces.userNamespace(target.directory());
        Optional<String> engineUser =
                user.flatMap(u -> engineUserNamespace(target, starter, u, rootfs.userNamespace()));
        Optional<String> owner = namespaces.mountNamespaceOwner(target.directory());
        if (engineUser.isEmpty() || owner.isEmpty()) {
            return new Result.Foreign("its user namespace cannot be seen from here");
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
                        "its first process lives in a mount namespace that it made itself, in a"
                                + " user namespace of its own");
    }

    private String ownPidNamespace(ContainerProcess target, int starter) {
        Optional<String> pids = namespaces.pidNamespace(target.directory());
        return pids.equals(namespaces.pidNamespace(starter)) ? "" : pids.orElse("");
    }

    /// The user namespace that the engine started the container in. A process stays in the PID
    /// namespace that it was started in, and whoever made that one was the engine.
    private Optional<String> engineUserNamespace(
            ContainerProcess target, int starter, String user, boolean ownUser) {
        Optional<String> pids = namespaces.pidNamespace(target.directory());
        Optional<String> starterPids = namespaces.pidNamespace(starter);
        if (pids.isEmpty() || starterPids.isEmpty()) {
            return Optional.empty();
        }
        if (!pids.equals(starterPids)) {
            return namespaces.pidNamespaceOwner(target.directory());
        }
        // With the machine's PIDs (`--pid host`): the starter's, or one made in it if the engine
        // asked for that.
        Optional<String> starterUser = namespaces.userNamespace(starter);
        return !ownUser
                ? starterUser
                : Optional.of(user)
                        .filter(u ->
                                namespaces
                                        .userNamespaceParent(target.directory())
                                        .equals(starterUser));
    }

    /// Where the starter has ended, or a security module lets nobody look into it: whoever may not
    /// change mounts lives in what the engine mounted, as long as its mount namespace is owned as
    /// its PID namespace is, which it cannot leave. The files that engines bind into each container
    /// come from a directory that is named after it; no sandbox's process has them.
    private Result checkWithoutStarter(
            ContainerProcess target,
            String mount,
            String container,
            boolean mayMount,
            ContainerRoot.Open root) {
        Optional<String> pids = namespaces.pidNamespace(target.directory());
        Optional<String> user = namespaces.userNamespace(target.directory());
        Optional<String> owner = namespaces.mountNamespaceOwner(target.directory());
        boolean ownPids =
                pids.isPresent()
                        && !pids.equals(kernel.readLink(Kernel.AT_FDCWD, proc + "/self/ns/pid"));
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
                        "the process that started it has ended or cannot be looked into, and with it"
                                + " what tells its root filesystem from others");
    }
}

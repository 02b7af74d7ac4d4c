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
        /// @param mount the namespace
        /// @param user the user namespace that the process is in
        /// @param engineUser the user namespace that the engine started the container in
        /// @param ownPids the PID namespace that the process is in; empty if the engine is in the
        ///   same
        /// @param starterMount the mount namespace of the process that started the container's
        ///   first one: the engine's own; empty where nobody knows it
        /// @param root the root directory of the namespace
        record EngineMade(
                String mount,
                String user,
                String engineUser,
                String ownPids,
                String starterMount,
                FileStatus root)
                implements Result {
            public EngineMade {
                requireNonNull(mount);
                requireNonNull(user);
                requireNonNull(engineUser);
                requireNonNull(ownPids);
                requireNonNull(starterMount);
                requireNonNull(root);
            }
        }

        /// It did not, as far as can be seen.
        ///
        /// @param why for people
        record Foreign(String why) implements Result {
            public Foreign {
                requireNonNull(why);
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
                            : started(target, mount, (int) process, container, root.file());
            return known.orElseGet(() -> alone(target, mount, container, mayMount, root));
        } finally {
            kernel.close(process);
        }
    }

    /// @return empty if nothing is known of the starter
    private Optional<Result> started(
            ContainerProcess target, String mount, int starter, String container, FileStatus root) {
        Optional<String> starterMount = namespaces.mount(starter);
        Optional<OciBundle.Made> rootfs =
                starterMount.filter(m -> !m.equals(mount)).isPresent()
                        ? new OciBundle(kernel, files).find(starter, container)
                        : Optional.empty();
        if (rootfs.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(made(target, mount, starter, starterMount.get(), rootfs.get(), root));
    }

    private Result made(
            ContainerProcess target,
            String mount,
            int starter,
            String starterMount,
            OciBundle.Made rootfs,
            FileStatus root) {
        if (!rootfs.root().sameFile(root)) {
            return new Result.Foreign(
                    "its first process does not live in the root filesystem that the engine made");
        }
        Optional<String> user = namespaces.user(target.directory());
        Optional<String> engineUser =
                user.flatMap(u -> engineUser(target, starter, u, rootfs.userNamespace()));
        Optional<String> owner = namespaces.ownerOfMounts(target.directory());
        if (engineUser.isEmpty() || owner.isEmpty()) {
            return new Result.Foreign("its user namespace cannot be seen from here");
        }
        return engineUser.equals(owner)
                ? new Result.EngineMade(
                        mount,
                        user.get(),
                        engineUser.get(),
                        ownPids(target, starter),
                        starterMount,
                        root)
                : new Result.Foreign(
                        "its first process lives in a mount namespace that it made itself, in a"
                                + " user namespace of its own");
    }

    private String ownPids(ContainerProcess target, int starter) {
        Optional<String> pids = namespaces.pid(target.directory());
        return pids.equals(namespaces.pid(starter)) ? "" : pids.orElse("");
    }

    /// The user namespace that the engine started the container in. A process stays in the PID
    /// namespace that it was started in, and whoever made that one was the engine.
    private Optional<String> engineUser(
            ContainerProcess target, int starter, String user, boolean ownUser) {
        Optional<String> pids = namespaces.pid(target.directory());
        Optional<String> starterPids = namespaces.pid(starter);
        if (pids.isEmpty() || starterPids.isEmpty()) {
            return Optional.empty();
        }
        if (!pids.equals(starterPids)) {
            return namespaces.ownerOfPids(target.directory());
        }
        // With the machine's PIDs (`--pid host`): the starter's, or one made in it if the engine
        // asked for that.
        Optional<String> starterUser = namespaces.user(starter);
        return !ownUser
                ? starterUser
                : Optional.of(user)
                        .filter(u ->
                                namespaces.parentOfUser(target.directory()).equals(starterUser));
    }

    /// Where the starter has ended, or a security module lets nobody look into it: whoever may not
    /// change mounts lives in what the engine mounted, as long as its mount namespace is owned as
    /// its PID namespace is, which it cannot leave. The files that engines bind into each container
    /// come from a directory that is named after it; no sandbox's process has them.
    private Result alone(
            ContainerProcess target,
            String mount,
            String container,
            boolean mayMount,
            ContainerRoot.Open root) {
        Optional<String> pids = namespaces.pid(target.directory());
        Optional<String> user = namespaces.user(target.directory());
        Optional<String> owner = namespaces.ownerOfMounts(target.directory());
        boolean ownPids =
                pids.isPresent()
                        && !pids.equals(kernel.link(Kernel.AT_FDCWD, proc + "/self/ns/pid"));
        boolean bound =
                root.table().entries().stream()
                        .anyMatch(e -> e.root().contains("/" + container + "/"));
        boolean engines =
                !mayMount
                        && bound
                        && ownPids
                        && user.isPresent()
                        && owner.isPresent()
                        && owner.equals(namespaces.ownerOfPids(target.directory()));
        return engines
                ? new Result.EngineMade(mount, user.get(), owner.get(), pids.get(), "", root.file())
                : new Result.Foreign(
                        "the process that started it has ended or cannot be looked into, and with it"
                                + " what tells its root filesystem from others");
    }
}

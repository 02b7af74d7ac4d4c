package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.Namespaces;
import io.github.writeprobe.probes.kernel.OciBundle;
import io.github.writeprobe.probes.kernel.Target;
import java.util.Optional;

/// Whether the mount namespace that a container's first process lives in is the one that the engine
/// made for the container. A process chooses its namespaces and its root directory itself, as far
/// as it may; what is asked for here, it cannot choose.
final class NamespaceCheck {
    private final Kernel kernel;
    private final FileCalls files;
    private final Namespaces namespaces;
    private final String proc;

    /// What is known of the mount namespace.
    sealed interface Result {
        /// The engine made it.
        ///
        /// @param mount the namespace
        /// @param user the user namespace that the process is in
        /// @param engineUser the user namespace that the engine started the container in
        /// @param ownPids the PID namespace that the process is in; empty if the engine is in the
        ///   same
        /// @param starterMount the mount namespace of the process that started the container's
        ///   first one: the engine's own
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
    NamespaceCheck(Kernel kernel, FileCalls files, String proc) {
        this.kernel = kernel;
        this.files = files;
        this.namespaces = new Namespaces(kernel, files);
        this.proc = proc;
    }

    /// @param mount the mount namespace that the process is in
    /// @param starter the process that started it
    /// @param root of the mount namespace
    Result check(Target target, String mount, int starter, String container, FileStatus root) {
        long process =
                starter <= 0
                        ? -1
                        : kernel.open(
                                Kernel.AT_FDCWD,
                                proc + "/" + starter,
                                Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                                0);
        if (process < 0) {
            return unknownStarter();
        }
        try {
            return started(target, mount, (int) process, container, root);
        } finally {
            kernel.close(process);
        }
    }

    private Result started(
            Target target, String mount, int starter, String container, FileStatus root) {
        Optional<String> starterMount = namespaces.mount(starter);
        Optional<OciBundle.Made> rootfs =
                starterMount.filter(m -> !m.equals(mount)).isPresent()
                        ? new OciBundle(kernel, files).find(starter, container)
                        : Optional.empty();
        if (rootfs.isEmpty()) {
            return unknownStarter();
        }
        if (!rootfs.get().root().sameFile(root)) {
            return new Result.Foreign(
                    "its first process does not live in the root filesystem that the engine made");
        }
        Optional<String> user = namespaces.user(target.directory());
        Optional<String> engineUser =
                user.flatMap(u -> engineUser(target, starter, u, rootfs.get().userNamespace()));
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
                        starterMount.get(),
                        root)
                : new Result.Foreign(
                        "its first process lives in a mount namespace that it made itself, in a"
                                + " user namespace of its own");
    }

    private String ownPids(Target target, int starter) {
        Optional<String> pids = namespaces.pid(target.directory());
        return pids.equals(namespaces.pid(starter)) ? "" : pids.orElse("");
    }

    /// The user namespace that the engine started the container in. A process stays in the PID
    /// namespace that it was started in, and whoever made that one was the engine.
    private Optional<String> engineUser(Target target, int starter, String user, boolean ownUser) {
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

    private static Result unknownStarter() {
        return new Result.Foreign(
                "the process that started it has ended, and with it what tells its root filesystem"
                        + " from others");
    }
}

package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A container as the engine declares it. All texts in it are a stranger's.
///
/// @param id 64 hexadecimal digits
/// @param name without the leading slash
/// @param image as the container was created from, tag included
/// @param engine the host of the engine, as given
/// @param paused whether its processes are frozen; then no exec can run in it
/// @param readonlyRootfs `HostConfig.ReadonlyRootfs`
/// @param mounts declared by the user or the image, tmpfs of both syntaxes included; not the
///   engine's own
/// @param user as declared: a name, a number, `user:group`, or empty for root
/// @param capabilities the effective set in the engine's words, without the `CAP_` prefix: the
///   default set, plus what was added, less what was dropped
/// @param pid of its first process on the engine's machine; 0 where nobody knows one
/// @param init whether the engine adds an init process, and with it the mount `/sbin/docker-init`
/// @param isolation what else is declared of the walls around it
/// @param self whether it is the container that this very process runs in
/// @param engineFiles where its engine keeps what is its own
public record Container(
        String id,
        String name,
        String image,
        String engine,
        boolean paused,
        boolean readonlyRootfs,
        List<DeclaredMount> mounts,
        String user,
        boolean privileged,
        Set<String> capabilities,
        boolean init,
        Map<String, String> labels,
        long pid,
        Isolation isolation,
        boolean self,
        EngineFiles engineFiles) {
    private static final int SHORT_ID = 12;

    public Container {
        requireNonNull(id);
        requireNonNull(name);
        requireNonNull(image);
        requireNonNull(engine);
        mounts = List.copyOf(mounts);
        requireNonNull(user);
        capabilities = Set.copyOf(capabilities);
        labels = Map.copyOf(labels);
        requireNonNull(isolation);
        requireNonNull(engineFiles);
    }

    /// One of an engine that does not tell where it keeps its files.
    public Container(
            String id,
            String name,
            String image,
            String engine,
            boolean paused,
            boolean readonlyRootfs,
            List<DeclaredMount> mounts,
            String user,
            boolean privileged,
            Set<String> capabilities,
            boolean init,
            Map<String, String> labels,
            long pid,
            Isolation isolation,
            boolean self) {
        this(
                id,
                name,
                image,
                engine,
                paused,
                readonlyRootfs,
                mounts,
                user,
                privileged,
                capabilities,
                init,
                labels,
                pid,
                isolation,
                self,
                EngineFiles.UNKNOWN);
    }

    /// One of which nothing is known but that it runs.
    ///
    /// @param name its id, if no name is known either
    public static Container unreadable(String id, String name, String engine) {
        return new Container(
                id,
                name.isEmpty() ? id : name,
                "",
                engine,
                false,
                false,
                List.of(),
                "",
                false,
                Set.of(),
                false,
                Map.of(),
                0);
    }

    /// One of somebody else, with the default isolation.
    public Container(
            String id,
            String name,
            String image,
            String engine,
            boolean paused,
            boolean readonlyRootfs,
            List<DeclaredMount> mounts,
            String user,
            boolean privileged,
            Set<String> capabilities,
            boolean init,
            Map<String, String> labels,
            long pid) {
        this(
                id,
                name,
                image,
                engine,
                paused,
                readonlyRootfs,
                mounts,
                user,
                privileged,
                capabilities,
                init,
                labels,
                pid,
                Isolation.DEFAULT,
                false);
    }

    /// The same, as the one that this very process runs in.
    public Container withSelf() {
        return new Container(
                id,
                name,
                image,
                engine,
                paused,
                readonlyRootfs,
                mounts,
                user,
                privileged,
                capabilities,
                init,
                labels,
                pid,
                isolation,
                true,
                engineFiles);
    }

    /// The first twelve digits of the id, as the docker command prints them.
    public String shortId() {
        return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
    }

    /// What an orchestrator says it belongs to.
    public Workload workload() {
        return Workload.of(labels);
    }
}

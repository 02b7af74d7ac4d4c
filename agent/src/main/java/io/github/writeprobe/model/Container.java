package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A container as the engine declares it. All texts in it are untrusted.
///
/// @param id 64 hexadecimal digits
/// @param name without the leading slash
/// @param image the image that the container was created from, with its tag
/// @param engine the engine's host, as configured
/// @param paused whether its processes are frozen; then no exec can run in it
/// @param readonlyRootfs `HostConfig.ReadonlyRootfs`
/// @param mounts declared by the user or the image, including tmpfs in both syntaxes, but not those
///   that the engine makes by itself
/// @param user as declared: a name, a number, `user:group`, or empty for root
/// @param capabilities the declared effective set, without the `CAP_` prefix: the engine's default
///   set, plus those added, minus those dropped
/// @param pid the process id of its first process on the engine's host; 0 if it is not known
/// @param init whether the engine adds an init process, and with it the mount `/sbin/docker-init`
/// @param isolation the other declared settings that isolate it
/// @param self whether this process runs in it
/// @param engineFiles where its engine stores its own files
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
        DeclaredIsolation isolation,
        boolean self,
        EngineStoragePaths engineFiles) {
    private static final int SHORT_ID = 12;
    private static final Set<String> ROOT_USERS = Set.of("", "0", "root");

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

    /// Whether `USER[:GROUP]`, as in an image or `--user`, means root. Empty means root, too.
    public static boolean isRoot(String user) {
        return ROOT_USERS.contains(user.split(":", -1)[0]);
    }

    /// A container of which only the id and name are known, and that it runs.
    ///
    /// @param name its id, if no name is known either
    public static Container unreadable(String id, String name, String engine) {
        return builder(id, name.isEmpty() ? id : name, engine).build();
    }

    /// The same, marked as the container in which this process runs.
    public Container withSelf() {
        return toBuilder().self(true).build();
    }

    /// The first twelve digits of the id, as the docker command prints them.
    public String shortId() {
        return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
    }

    /// The workload that it belongs to, according to its orchestrator.
    public WorkloadLabels workload() {
        return WorkloadLabels.of(labels);
    }

    /// Its names in Kubernetes; empty if it is in no pod.
    public Optional<PodContainer> inPod() {
        return PodContainer.of(name, labels);
    }

    /// Builds a container of which nothing else is declared.
    public static Builder builder(String id, String name, String engine) {
        return new Builder(id, name, engine);
    }

    public Builder toBuilder() {
        return new Builder(id, name, engine)
                .image(image)
                .paused(paused)
                .readonlyRootfs(readonlyRootfs)
                .mounts(mounts)
                .user(user)
                .privileged(privileged)
                .capabilities(capabilities)
                .init(init)
                .labels(labels)
                .pid(pid)
                .isolation(isolation)
                .self(self)
                .engineFiles(engineFiles);
    }

    /// Names each component, because many have the same type.
    public static final class Builder {
        private final String id;
        private final String name;
        private final String engine;
        private String image = "";
        private boolean paused;
        private boolean readonlyRootfs;
        private List<DeclaredMount> mounts = List.of();
        private String user = "";
        private boolean privileged;
        private Set<String> capabilities = Set.of();
        private boolean init;
        private Map<String, String> labels = Map.of();
        private long pid;
        private DeclaredIsolation isolation = DeclaredIsolation.DEFAULT;
        private boolean self;
        private EngineStoragePaths engineFiles = EngineStoragePaths.UNKNOWN;

        private Builder(String id, String name, String engine) {
            this.id = id;
            this.name = name;
            this.engine = engine;
        }

        public Builder image(String value) {
            image = value;
            return this;
        }

        public Builder paused(boolean value) {
            paused = value;
            return this;
        }

        public Builder readonlyRootfs(boolean value) {
            readonlyRootfs = value;
            return this;
        }

        public Builder mounts(List<DeclaredMount> value) {
            mounts = value;
            return this;
        }

        public Builder user(String value) {
            user = value;
            return this;
        }

        public Builder privileged(boolean value) {
            privileged = value;
            return this;
        }

        public Builder capabilities(Set<String> value) {
            capabilities = value;
            return this;
        }

        public Builder init(boolean value) {
            init = value;
            return this;
        }

        public Builder labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        public Builder pid(long value) {
            pid = value;
            return this;
        }

        public Builder isolation(DeclaredIsolation value) {
            isolation = value;
            return this;
        }

        public Builder self(boolean value) {
            self = value;
            return this;
        }

        public Builder engineFiles(EngineStoragePaths value) {
            engineFiles = value;
            return this;
        }

        public Container build() {
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
                    self,
                    engineFiles);
        }
    }
}

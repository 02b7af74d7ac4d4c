package io.github.writeprobe.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.EngineStoragePaths;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.policy.ContainerSelector;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.policy.Waiver;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A container and the observations about it, for a test.
final class JudgeCase {
    static final LocalDate TODAY = LocalDate.of(2026, 11, 23);
    static final WriteResult WRITABLE = new WriteResult.Writable();
    static final WriteResult EROFS =
            new WriteResult.Refused(Errno.EROFS, false, "Read-only file system");
    static final WriteResult EACCES =
            new WriteResult.Refused(Errno.EACCES, false, "Permission denied");
    static final WriteResult ENOSPC =
            new WriteResult.Refused(Errno.ENOSPC, true, "No space left on device");
    static final WriteResult ABSENT = new WriteResult.Absent();
    static final WriteResult INCONCLUSIVE =
            new WriteResult.Inconclusive(InconclusiveCause.UNEXPECTED_ERROR, "odd");
    static final WriteResult SPECIAL =
            new WriteResult.Inconclusive(InconclusiveCause.SPECIAL_FILE, "");

    private final List<DeclaredMount> mounts = new ArrayList<>();
    private final List<String> table = new ArrayList<>();
    private final List<PathObservation> observations = new ArrayList<>();
    private final Set<String> capabilities = new HashSet<>();
    private final Map<String, String> labels = new HashMap<>();
    private final List<Waiver> waivers = new ArrayList<>();
    private final Set<String> shared = new HashSet<>();
    private ContainerPolicyRule rule = ContainerPolicyRule.DEFAULT;
    private boolean readonlyRootfs = true;
    private String user = "1000";
    private boolean privileged;
    private boolean self;
    private EngineStoragePaths files = EngineStoragePaths.UNKNOWN;
    private boolean honourLabels;
    private final List<PathObservation> kernelObservations = new ArrayList<>();
    private KernelFacts facts = KernelFacts.NONE;
    private DeclaredIsolation isolation = DeclaredIsolation.DEFAULT;
    private Optional<WriteResult.Inconclusive> trouble = Optional.empty();
    private Optional<WriteResult.Inconclusive> kernelTrouble = Optional.empty();

    static JudgeCase readOnly() {
        return new JudgeCase().table("/", "overlay", "ro");
    }

    static JudgeCase writable() {
        JudgeCase c = new JudgeCase().table("/", "overlay", "rw");
        c.readonlyRootfs = false;
        return c;
    }

    JudgeCase table(String mountPoint, String filesystem, String options) {
        boolean root = mountPoint.equals("/");
        table.add(
                "%d %d 0:%d / %s %s - %s %s rw"
                        .formatted(
                                root ? 100 : 100 + table.size(),
                                root ? 1 : 100,
                                root ? 1 : 100 + table.size(),
                                mountPoint,
                                options,
                                filesystem,
                                filesystem));
        return this;
    }

    /// Adds a mount over the one at that mount point.
    JudgeCase stacked(String mountPoint, String filesystem, String options) {
        return line(
                "900 %d 0:9 / %s %s - %s %s rw"
                        .formatted(
                                MountTable.parse(String.join("\n", table))
                                        .mountAt(mountPoint)
                                        .orElseThrow()
                                        .id(),
                                mountPoint,
                                options,
                                filesystem,
                                filesystem));
    }

    JudgeCase line(String line) {
        table.add(line);
        return this;
    }

    JudgeCase withoutTable() {
        table.clear();
        return this;
    }

    JudgeCase mount(String destination, MountKind kind, String source, boolean writable) {
        mounts.add(new DeclaredMount(destination, kind, source, writable, "", ""));
        return table(
                destination, kind == MountKind.TMPFS ? "tmpfs" : "ext4", writable ? "rw" : "ro");
    }

    /// Declares a mount that is not in the mount table at this path.
    JudgeCase declared(String destination, MountKind kind, String source, boolean writable) {
        mounts.add(new DeclaredMount(destination, kind, source, writable, "", ""));
        return this;
    }

    /// Declares a tmpfs that is not in the mount table at this path.
    JudgeCase declaredTmpfs(String destination, String options) {
        mounts.add(new DeclaredMount(destination, MountKind.TMPFS, "tmpfs", true, "", options));
        return this;
    }

    JudgeCase observed(String path, WriteResult write) {
        return observed(path, path, write, new FileExecutionResult.Untested("not asked for"));
    }

    /// Adds an observation of `exec` as root.
    JudgeCase observedAsRoot(String path, WriteResult write) {
        observations.add(
                new PathObservation(
                        WitnessName.EXEC,
                        ProbeIdentity.ROOT,
                        OptionalInt.of(0),
                        path,
                        path,
                        write,
                        new FileExecutionResult.Untested("not asked for")));
        return this;
    }

    JudgeCase observed(
            String path, String resolved, WriteResult write, FileExecutionResult execute) {
        observations.add(
                new PathObservation(
                        WitnessName.EXEC,
                        ProbeIdentity.SERVICE,
                        OptionalInt.of(1000),
                        path,
                        resolved,
                        write,
                        execute));
        return this;
    }

    /// Adds an observation of `procfs` as an identity with a uid.
    JudgeCase kernelObserved(ProbeIdentity identity, int uid, String path, WriteResult write) {
        kernelObservations.add(
                new PathObservation(
                        WitnessName.PROCFS,
                        identity,
                        OptionalInt.of(uid),
                        path,
                        path,
                        write,
                        new FileExecutionResult.Untested("not asked for")));
        return this;
    }

    /// The host paths that the kernel reports for a mount. There has to be an observation of
    /// `procfs`, by [#kernelObserved].
    JudgeCase hostPaths(int mount, String... paths) {
        Map<Integer, List<String>> all = new HashMap<>(facts.hostPaths());
        all.put(mount, List.of(paths));
        facts = facts.toBuilder().hostPaths(all).build();
        return this;
    }

    JudgeCase engineSocket(int mount, String socket) {
        facts = facts.toBuilder().engineSockets(Map.of(mount, socket)).build();
        return this;
    }

    JudgeCase configuredSocket(int mount, String socket) {
        facts = facts.toBuilder().configuredSockets(Map.of(mount, socket)).build();
        return this;
    }

    JudgeCase self() {
        self = true;
        return this;
    }

    JudgeCase engineFiles(String dataRoot, String execRoot) {
        files = new EngineStoragePaths(dataRoot, execRoot, files.ownTmpfs());
        return this;
    }

    /// Mount points at which the engine mounts a tmpfs by itself.
    JudgeCase ownTmpfs(String... mountPoints) {
        files = new EngineStoragePaths(files.dataRoot(), files.execRoot(), Set.of(mountPoints));
        return this;
    }

    JudgeCase confined(String label) {
        facts = facts.withConfinement(label);
        return this;
    }

    JudgeCase isolation(DeclaredIsolation declared) {
        isolation = declared;
        return this;
    }

    JudgeCase facts(KernelFacts known) {
        facts = known;
        return this;
    }

    JudgeCase rule(Access rootfs, List<String> writable, List<String> noexec) {
        rule =
                new ContainerPolicyRule(
                        "rule 1", ContainerSelector.ANY, rootfs, Optional.of(writable), noexec);
        return this;
    }

    JudgeCase rule(Access rootfs) {
        rule =
                new ContainerPolicyRule(
                        "rule 1", ContainerSelector.ANY, rootfs, Optional.empty(), List.of());
        return this;
    }

    JudgeCase capability(String name) {
        capabilities.add(name);
        return this;
    }

    JudgeCase user(String declared) {
        user = declared;
        return this;
    }

    JudgeCase privileged() {
        privileged = true;
        return this;
    }

    JudgeCase label(String key, String value) {
        labels.put(key, value);
        honourLabels = true;
        return this;
    }

    JudgeCase ignoringLabels() {
        honourLabels = false;
        return this;
    }

    JudgeCase waiver(Waiver waiver) {
        waivers.add(waiver);
        return this;
    }

    JudgeCase shared(String source) {
        shared.add(source);
        return this;
    }

    JudgeCase trouble(InconclusiveCause cause) {
        trouble = Optional.of(new WriteResult.Inconclusive(cause, ""));
        return this;
    }

    /// The `procfs` witness has no observation.
    JudgeCase kernelTrouble(InconclusiveCause cause) {
        kernelTrouble = Optional.of(new WriteResult.Inconclusive(cause, ""));
        return this;
    }

    ContainerReport judge() {
        Container container =
                Container.builder("0123456789abcdef", "web", "unix:///var/run/docker.sock")
                        .image("nginx:1.27")
                        .readonlyRootfs(readonlyRootfs)
                        .mounts(mounts)
                        .user(user)
                        .privileged(privileged)
                        .capabilities(capabilities)
                        .labels(labels)
                        .isolation(isolation)
                        .self(self)
                        .engineFiles(files)
                        .build();
        ProbeResult execResult =
                new ProbeResult(
                        WitnessName.EXEC,
                        ProbeIdentity.SERVICE,
                        Instant.parse("2026-11-23T12:00:00Z"),
                        Duration.ofMillis(60),
                        MountTable.parse(String.join("\n", table)),
                        observations,
                        trouble,
                        List.of(),
                        KernelFacts.NONE,
                        Optional.empty());
        List<ProbeResult> results = new ArrayList<>(List.of(execResult));
        kernelTrouble.ifPresent(t ->
                results.add(
                        ProbeResult.failed(
                                WitnessName.PROCFS,
                                ProbeIdentity.SERVICE,
                                Instant.parse("2026-11-23T12:00:00Z"),
                                Duration.ofNanos(90_000),
                                t)));
        if (!kernelObservations.isEmpty()) {
            results.add(
                    new ProbeResult(
                            WitnessName.PROCFS,
                            ProbeIdentity.SERVICE,
                            Instant.parse("2026-11-23T12:00:00Z"),
                            Duration.ofNanos(90_000),
                            execResult.mounts(),
                            kernelObservations,
                            Optional.empty(),
                            List.of(),
                            facts,
                            Optional.empty()));
        }
        Policy policy = new Policy(Severity.HIGH, honourLabels, List.of(rule), waivers);
        return new Judge(policy, TODAY).judge(container, results, shared);
    }

    static Finding only(ContainerReport report) {
        assertThat(report.findings()).hasSize(1);
        return report.findings().getFirst();
    }

    static PathReport path(ContainerReport report, String path) {
        return report.paths().stream().filter(p -> p.path().equals(path)).findFirst().orElseThrow();
    }
}

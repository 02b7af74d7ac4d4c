package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.model.PodVolumeKind;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Combines, for each mount, the declaration, the entry of the mount table, and the observations.
final class JudgingInputBuilder {
    /// The most mounts without observations that the report lists as paths: a container may print
    /// as many mounts as it likes.
    private static final int MAX_UNPROBED = 256;

    private final Container container;
    private final Expectations expectations;
    private final ContainerPolicyRule rule;
    private final List<ProbeResult> results;
    private final Set<String> shared;
    private final MountTable table;
    private final String notProbedReason;
    private final boolean kernelAsked;
    private final MountSources sources;
    private final OwnPodVolumes kubelet;
    private final ExpectedKernelMounts kernelMounts;
    private final Map<Integer, MountEntry> byId;
    private final Map<String, List<PathObservation>> byMount;
    private final Map<String, List<PathObservation>> byPath;

    /// @param shared names of volumes and host paths that more than one container mounts
    JudgingInputBuilder(
            Container container,
            ContainerPolicyRule rule,
            List<ProbeResult> results,
            Set<String> shared) {
        this.container = container;
        this.expectations = new Expectations(rule);
        this.rule = rule;
        this.results = results;
        this.shared = shared;
        this.table = ProbeResult.mountsOf(results);
        this.kubelet = new OwnPodVolumes(container);
        this.sources = new MountSources(container, table, ProbeResult.factsOf(results), kubelet);
        this.byId =
                table.entries().stream()
                        .collect(Collectors.toMap(MountEntry::id, e -> e, (first, later) -> first));
        this.byMount = observations().collect(Collectors.groupingBy(this::mountPointOf));
        this.byPath = observations().collect(Collectors.groupingBy(PathObservation::path));
        this.kernelAsked = ProcfsDoubts.isKernelAsked(results);
        this.kernelMounts =
                new ExpectedKernelMounts(
                        container, table, ProbeResult.hasKernelMountTable(results), byPath);
        this.notProbedReason =
                results.stream()
                        .flatMap(t -> t.trouble().stream())
                        .findFirst()
                        .map(PathObservationText::reason)
                        .orElse("it was not probed");
    }

    JudgingInput judgedContainer() {
        Map<String, JudgedMount> mounts = new LinkedHashMap<>();
        JudgedMount rootfs = rootfs();
        mounts.put("/", rootfs);
        Map<String, List<DeclaredMount>> declaredMounts =
                container.mounts().stream()
                        .collect(
                                Collectors.groupingBy(
                                        this::mountPointOf,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        declaredMounts.forEach((mountPoint, declared) ->
                mounts.put(mountPoint, declared(effective(mountPoint, declared), mountPoint)));
        for (MountEntry entry : table.reachable()) {
            String mountPoint = entry.mountPoint();
            List<DeclaredMount> declared = declaredMounts.getOrDefault(mountPoint, List.of());
            if (mountsBelow(entry) >= Math.max(declared.size(), 1)) {
                if (!isOwnTmpfsOver(declared, entry)) {
                    mounts.put(mountPoint, undeclared(entry));
                }
            } else if (!mounts.containsKey(mountPoint) && !kernelMounts.isExpected(entry)) {
                mounts.put(mountPoint, notDeclared(entry));
            }
        }
        return new JudgingInput(
                container, rule, results, List.copyOf(mounts.values()), paths(mounts, rootfs));
    }

    /// The number of mounts at the same mount point that it covers. An engine mounts once for each
    /// declared mount; what covers more than these was mounted by something else.
    private int mountsBelow(MountEntry entry) {
        int count = 0;
        MountEntry below = byId.get(entry.parent());
        while (below != null
                && below.mountPoint().equals(entry.mountPoint())
                && count < byId.size()) {
            count++;
            below = byId.get(below.parent());
        }
        return count;
    }

    /// The declaration that counts at a mount point, where symbolic links may lead several. Engines
    /// sort mounts by the number of directories, so the last of these counts. But a container can
    /// change links after its start: if the table has fewer mounts there, the declaration of the
    /// mount point itself counts.
    private DeclaredMount effective(String mountPoint, List<DeclaredMount> declared) {
        boolean allMounted =
                table.mountAt(mountPoint)
                        .filter(top -> mountsBelow(top) + 1 >= declared.size())
                        .isPresent();
        Comparator<DeclaredMount> order =
                allMounted
                        ? Comparator.comparingLong(
                                d -> d.destination().chars().filter(c -> c == '/').count())
                        : Comparator.<DeclaredMount, Boolean>comparing(
                                        d -> d.destination().equals(mountPoint))
                                .thenComparing(d -> !d.writable());
        return declared.stream().max(order).orElseThrow();
    }

    /// A mount that is at no declared mount point.
    private JudgedMount notDeclared(MountEntry entry) {
        if (isOwnTmpfs(entry)) {
            String mountPoint = entry.mountPoint();
            return declared(
                    new DeclaredMount(mountPoint, MountKind.TMPFS, "tmpfs", true, "", ""),
                    mountPoint);
        }
        return EngineDefaultMounts.contains(entry)
                        || AlternativeRuntimeMounts.contains(entry, container.isolation())
                ? engineMade(entry)
                : undeclared(entry);
    }

    /// Whether the engine mounts it by itself, as if it were requested.
    private boolean isOwnTmpfs(MountEntry entry) {
        return container.engineFiles().ownTmpfs().contains(entry.mountPoint())
                && entry.filesystem().equals("tmpfs");
    }

    /// Whether it covers requested tmpfs with one that the engine mounted. Podman does not report
    /// the second of two tmpfs that a link leads to one path.
    private boolean isOwnTmpfsOver(List<DeclaredMount> declared, MountEntry entry) {
        return isOwnTmpfs(entry)
                && !declared.isEmpty()
                && declared.stream().allMatch(d -> d.kind() == MountKind.TMPFS && d.writable());
    }

    private JudgedMount rootfs() {
        return mount(
                "/",
                MountKind.ROOTFS,
                table.mountAt("/").map(MountEntry::source).orElse("overlay"),
                Persistence.CONTAINER,
                Optional.of(!container.readonlyRootfs()),
                expectations.ofRootfs(),
                HostPathsOfMount.NOTHING);
    }

    private JudgedMount declared(DeclaredMount declared, String mountPoint) {
        if (kubelet.isInEveryContainer(declared.source())) {
            return mount(
                    mountPoint,
                    MountKind.ENGINE,
                    declared.source(),
                    Persistence.HOST,
                    Optional.of(declared.writable()),
                    expectations.ofEngineMade(declared.writable()),
                    HostPathsOfMount.NOTHING);
        }
        HostPathsOfMount shown = sources.of(declared, table.mountAt(mountPoint));
        return mount(
                mountPoint,
                declared.kind(),
                declared.source(),
                persistence(declared),
                Optional.of(declared.writable()),
                expectations.of(declared, mountPoint, shown),
                shown);
    }

    private JudgedMount engineMade(MountEntry entry) {
        boolean writable =
                AlternativeRuntimeMounts.contains(entry, container.isolation())
                        || isWritableSecret(entry)
                        || EngineDefaultMounts.isWritable(
                                entry.mountPoint(), container.readonlyRootfs());
        return mount(
                entry.mountPoint(),
                MountKind.ENGINE,
                entry.source(),
                isMemory(entry) ? Persistence.MEMORY : Persistence.CONTAINER,
                Optional.of(writable),
                expectations.ofEngineMade(writable),
                HostPathsOfMount.NOTHING);
    }

    /// Podman, which has tmpfs of its own, mounts secrets read-only only with `--read-only`.
    private boolean isWritableSecret(MountEntry entry) {
        return !container.engineFiles().ownTmpfs().isEmpty()
                && !container.readonlyRootfs()
                && MountTable.isAtOrBelow(entry.mountPoint(), "/run/secrets");
    }

    private JudgedMount undeclared(MountEntry entry) {
        return mount(
                entry.mountPoint(),
                MountKind.UNDECLARED,
                entry.source(),
                isMemory(entry) ? Persistence.MEMORY : Persistence.UNKNOWN,
                Optional.empty(),
                expectations.ofUndeclared(),
                sources.of(entry));
    }

    private JudgedMount mount(
            String mountPoint,
            MountKind kind,
            String source,
            Persistence persistence,
            Optional<Boolean> declaredWritable,
            Expectation expectation,
            HostPathsOfMount shown) {
        Optional<MountEntry> entry = table.mountAt(mountPoint);
        List<PathObservation> observed = byMount.getOrDefault(mountPoint, List.of());
        return new JudgedMount(
                mountPoint,
                kind,
                source,
                persistence,
                declaredWritable,
                expectation,
                entry,
                shown,
                observed,
                ProbedMountWritability.of(observed, kernelAsked, notProbedReason));
    }

    /// The mount point of the mount on which a probe tried to write. Without a mount table it is
    /// the longest declared mount point that contains the path.
    private String mountPointOf(PathObservation o) {
        return table.mountCovering(o.resolved())
                .map(MountEntry::mountPoint)
                .orElseGet(() ->
                        container.mounts().stream()
                                .map(DeclaredMount::destination)
                                .filter(d -> MountTable.isAtOrBelow(o.resolved(), d))
                                .max((a, b) -> Integer.compare(a.length(), b.length()))
                                .orElse("/"));
    }

    /// The path at which a declared mount is mounted: the engine resolves symbolic links when it
    /// mounts, but declares the path as the user wrote it. Not every witness may be able to resolve
    /// the links, so a resolved path that is a mount point takes precedence.
    private String mountPointOf(DeclaredMount declared) {
        String destination = declared.destination();
        List<String> targets =
                byPath.getOrDefault(destination, List.of()).stream()
                        .map(PathObservation::resolved)
                        .toList();
        return targets.stream()
                .filter(r -> table.mountAt(r).isPresent())
                .findFirst()
                .or(() -> targets.stream().findFirst())
                .orElse(destination);
    }

    private Persistence persistence(DeclaredMount declared) {
        Optional<PodVolumeKind> podVolume = kubelet.volume(declared.source());
        if (podVolume.isPresent() && podVolume.get() == PodVolumeKind.EMPTY_DIR) {
            return Persistence.POD;
        }
        return switch (declared.kind()) {
            case TMPFS -> Persistence.MEMORY;
            case VOLUME, BIND ->
                    shared.contains(declared.source())
                            ? Persistence.SHARED
                            : declared.kind() == MountKind.VOLUME || podVolume.isPresent()
                                    ? Persistence.VOLUME
                                    : Persistence.HOST;
            case ROOTFS, ENGINE, UNDECLARED -> Persistence.CONTAINER;
        };
    }

    private static boolean isMemory(MountEntry entry) {
        return entry.filesystem().equals("tmpfs") || entry.filesystem().equals("ramfs");
    }

    private Stream<PathObservation> observations() {
        return results.stream().flatMap(t -> t.observations().stream());
    }

    private List<PathReport> paths(Map<String, JudgedMount> mounts, JudgedMount rootfs) {
        Map<String, List<PathObservation>> observationsByPath = new LinkedHashMap<>();
        observationsByPath.put("/", new ArrayList<>());
        observations()
                .filter(o ->
                        table.mountCovering(o.resolved())
                                .filter(kernelMounts::isExpected)
                                .isEmpty())
                .forEach(o ->
                        observationsByPath
                                .computeIfAbsent(o.path(), p -> new ArrayList<>())
                                .add(o));
        mounts.values().stream()
                .filter(m -> m.observations().isEmpty())
                .limit(MAX_UNPROBED)
                .forEach(m -> observationsByPath.putIfAbsent(m.mountPoint(), new ArrayList<>()));
        List<PathReport> paths = new ArrayList<>();
        observationsByPath.forEach((path, seen) -> {
            String mountPoint = seen.isEmpty() ? path : mountPointOf(seen.getFirst());
            JudgedMount mount = mounts.getOrDefault(mountPoint, rootfs);
            paths.add(
                    new PathReport(
                            path,
                            mount.kind(),
                            mount.mountPoint(),
                            mount.source(),
                            mount.persistence(),
                            mount.declaredWritable(),
                            expectations.ofPath(path, mount.expectation()),
                            mount.entry(),
                            seen));
        });
        return paths;
    }
}

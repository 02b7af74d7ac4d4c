package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.policy.Rule;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Brings together, mount by mount, what is declared, what the mount table says, and what was
/// observed.
final class MountSurvey {
    /// Mounts that nobody tried, as paths of the report: a container may print as many as it likes.
    private static final int MOST_UNSEEN = 256;

    private final Container container;
    private final Expectations expectations;
    private final Rule rule;
    private final List<ProbeResult> testimonies;
    private final Set<String> shared;
    private final MountTable table;
    private final String silence;
    private final boolean kernelAsked;
    private final MountSources origins;
    private final KubeletMounts kubelet;
    private final KernelViews views;
    private final Map<Integer, MountEntry> byId;
    private final Map<String, List<Observation>> byMount;
    private final Map<String, List<Observation>> byPath;

    /// @param shared names of volumes and host paths that more than one container mounts
    MountSurvey(Container container, Rule rule, List<ProbeResult> testimonies, Set<String> shared) {
        this.container = container;
        this.expectations = new Expectations(rule);
        this.rule = rule;
        this.testimonies = testimonies;
        this.shared = shared;
        this.table = ProbeResult.mountsOf(testimonies);
        this.kubelet = new KubeletMounts(container);
        this.origins =
                new MountSources(container, table, ProbeResult.factsOf(testimonies), kubelet);
        this.byId =
                table.entries().stream()
                        .collect(Collectors.toMap(MountEntry::id, e -> e, (first, later) -> first));
        this.byMount = observations().collect(Collectors.groupingBy(this::mountPointOf));
        this.byPath = observations().collect(Collectors.groupingBy(Observation::path));
        this.kernelAsked = KernelDoubts.asked(testimonies);
        this.views =
                new KernelViews(container, table, ProbeResult.kernelsMounts(testimonies), byPath);
        this.silence =
                testimonies.stream()
                        .flatMap(t -> t.trouble().stream())
                        .findFirst()
                        .map(FindingWords::trouble)
                        .orElse("it was not probed");
    }

    JudgedContainer scene() {
        Map<String, Mount> mounts = new LinkedHashMap<>();
        Mount rootfs = rootfs();
        mounts.put("/", rootfs);
        for (DeclaredMount declared : container.mounts()) {
            String mountPoint = resolved(declared.destination());
            mounts.put(mountPoint, declared(declared, mountPoint));
        }
        for (MountEntry entry : table.reachable()) {
            String mountPoint = entry.mountPoint();
            if (stacked(entry)) {
                mounts.put(mountPoint, undeclared(entry));
            } else if (!mounts.containsKey(mountPoint) && !views.contain(entry)) {
                mounts.put(
                        mountPoint,
                        EngineMounts.contains(entry) || ofSandbox(entry)
                                ? engineMade(entry)
                                : undeclared(entry));
            }
        }
        return new JudgedContainer(
                container, rule, testimonies, List.copyOf(mounts.values()), paths(mounts, rootfs));
    }

    /// Whether it lies on a mount of the same mount point. No engine mounts twice in one place, so
    /// whatever is declared there is what it hides.
    private boolean stacked(MountEntry entry) {
        MountEntry below = byId.get(entry.parent());
        return below != null && below.mountPoint().equals(entry.mountPoint());
    }

    private Mount rootfs() {
        return mount(
                "/",
                MountKind.ROOTFS,
                table.at("/").map(MountEntry::source).orElse("overlay"),
                Persistence.CONTAINER,
                Optional.of(!container.readonlyRootfs()),
                expectations.ofRootfs(),
                ShownHostPaths.NOTHING);
    }

    private Mount declared(DeclaredMount declared, String mountPoint) {
        if (kubelet.everybodys(declared.source())) {
            return mount(
                    mountPoint,
                    MountKind.ENGINE,
                    declared.source(),
                    Persistence.HOST,
                    Optional.of(declared.writable()),
                    expectations.ofEngineMade(declared.writable()),
                    ShownHostPaths.NOTHING);
        }
        ShownHostPaths shown = origins.of(declared, table.at(mountPoint));
        return mount(
                mountPoint,
                declared.kind(),
                declared.source(),
                persistence(declared),
                Optional.of(declared.writable()),
                expectations.of(declared, mountPoint, shown),
                shown);
    }

    private Mount engineMade(MountEntry entry) {
        boolean writable =
                ofSandbox(entry)
                        || EngineMounts.writable(entry.mountPoint(), container.readonlyRootfs());
        return mount(
                entry.mountPoint(),
                MountKind.ENGINE,
                entry.source(),
                memory(entry) ? Persistence.MEMORY : Persistence.CONTAINER,
                Optional.of(writable),
                expectations.ofEngineMade(writable),
                ShownHostPaths.NOTHING);
    }

    /// gVisor mounts a tmpfs on `/tmp` where that is empty, unasked.
    ///
    /// @see <a href="https://gvisor.dev/docs/user_guide/filesystem/">gVisor: root filesystem</a>
    private boolean ofSandbox(MountEntry entry) {
        return !container.isolation().sandbox().isEmpty()
                && entry.mountPoint().equals("/tmp")
                && entry.filesystem().equals("tmpfs");
    }

    private Mount undeclared(MountEntry entry) {
        return mount(
                entry.mountPoint(),
                MountKind.UNDECLARED,
                entry.source(),
                memory(entry) ? Persistence.MEMORY : Persistence.UNKNOWN,
                Optional.empty(),
                expectations.ofUndeclared(),
                origins.of(entry));
    }

    private Mount mount(
            String mountPoint,
            MountKind kind,
            String source,
            Persistence persistence,
            Optional<Boolean> declaredWritable,
            Expectation expectation,
            ShownHostPaths shown) {
        Optional<MountEntry> entry = table.at(mountPoint);
        List<Observation> here = byMount.getOrDefault(mountPoint, List.of());
        return new Mount(
                mountPoint,
                kind,
                source,
                persistence,
                declaredWritable,
                expectation,
                entry,
                shown,
                here,
                MountProof.of(here, kernelAsked, silence));
    }

    /// The mount point of the mount on which a probe tried to write. Without a mount table the
    /// longest declared one has to do.
    private String mountPointOf(Observation o) {
        return table.covering(o.resolved())
                .map(MountEntry::mountPoint)
                .orElseGet(() ->
                        container.mounts().stream()
                                .map(DeclaredMount::destination)
                                .filter(d -> MountTable.isAtOrBelow(o.resolved(), d))
                                .max((a, b) -> Integer.compare(a.length(), b.length()))
                                .orElse("/"));
    }

    /// The engine follows symbolic links when it mounts, and declares the path as it was written.
    /// Of what witnesses say, the one that leads to a mount counts: not each may have been able to
    /// follow it.
    private String resolved(String destination) {
        List<String> led =
                byPath.getOrDefault(destination, List.of()).stream()
                        .map(Observation::resolved)
                        .toList();
        return led.stream()
                .filter(r -> table.at(r).isPresent())
                .findFirst()
                .or(() -> led.stream().findFirst())
                .orElse(destination);
    }

    private Persistence persistence(DeclaredMount declared) {
        return switch (declared.kind()) {
            case TMPFS -> Persistence.MEMORY;
            case VOLUME ->
                    shared.contains(declared.source()) ? Persistence.SHARED : Persistence.VOLUME;
            case BIND -> shared.contains(declared.source()) ? Persistence.SHARED : Persistence.HOST;
            case ROOTFS, ENGINE, UNDECLARED -> Persistence.CONTAINER;
        };
    }

    private static boolean memory(MountEntry entry) {
        return entry.filesystem().equals("tmpfs") || entry.filesystem().equals("ramfs");
    }

    private Stream<Observation> observations() {
        return testimonies.stream().flatMap(t -> t.observations().stream());
    }

    private List<PathReport> paths(Map<String, Mount> mounts, Mount rootfs) {
        Map<String, List<Observation>> told = new LinkedHashMap<>();
        told.put("/", new ArrayList<>());
        observations()
                .filter(o -> table.covering(o.resolved()).filter(views::contain).isEmpty())
                .forEach(o -> told.computeIfAbsent(o.path(), p -> new ArrayList<>()).add(o));
        mounts.values().stream()
                .filter(m -> m.observations().isEmpty())
                .limit(MOST_UNSEEN)
                .forEach(m -> told.putIfAbsent(m.mountPoint(), new ArrayList<>()));
        List<PathReport> paths = new ArrayList<>();
        told.forEach((path, seen) -> {
            String mountPoint = seen.isEmpty() ? path : mountPointOf(seen.getFirst());
            Mount mount = mounts.getOrDefault(mountPoint, rootfs);
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

package io.github.writeprobe.recommend;

import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.Trace.What;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Puts together what the sources say of each path, and leaves out what no service wrote.
final class Traces {
    /// The kernel's, or made by the engine and mounted over the image.
    private static final List<String> NOT_THE_ROOTFS = List.of("/dev", "/proc", "/sys");

    private static final Set<String> OF_THE_ENGINE =
            Set.of(
                    "/.dockerenv",
                    "/etc/hostname",
                    "/etc/hosts",
                    "/etc/mtab",
                    "/etc/resolv.conf",
                    "/run/.containerenv",
                    "/run/secrets");

    /// What the exec witness calls its files.
    private static final String PROBE = ".writeprobe-";

    private final TreeMap<String, Trace> byPath = new TreeMap<>();
    private final BoundedFileView looks;

    private Traces(BoundedFileView looks) {
        this.looks = looks;
    }

    /// @return in the order of their paths
    static List<Trace> of(Observations observed, BoundedFileView looks) {
        Traces traces = new Traces(looks);
        traces.changes(observed.changes());
        observed.written().forEach(w -> traces.written(w, sourceOf(w)));
        observed.missed().forEach(w -> traces.written(w, EnumSet.of(EvidenceSource.PROOF)));
        return List.copyOf(traces.byPath.values());
    }

    private static Set<EvidenceSource> sourceOf(WrittenFile written) {
        Set<EvidenceSource> sources = EnumSet.noneOf(EvidenceSource.class);
        if (written.times() > 0) {
            sources.add(EvidenceSource.WATCH);
        }
        // What was only run was written by somebody, sometime; nobody saw it.
        if (written.heldOpen() || (written.times() == 0 && !written.executed())) {
            sources.add(EvidenceSource.OPEN_FILES);
        }
        return sources;
    }

    private void changes(Collection<FileChange> changes) {
        Set<String> parents = new HashSet<>();
        changes.forEach(c -> parents.add(PathNames.parent(c.path())));
        for (FileChange change : changes) {
            String path = change.path();
            if (!counts(path) || parents.contains(path)) {
                continue;
            }
            FileType type =
                    change.kind() == FileChange.Kind.DELETED ? FileType.UNKNOWN : looks.type(path);
            boolean directory = type == FileType.DIRECTORY;
            What what =
                    switch (change.kind()) {
                        case DELETED -> What.REMOVED;
                        case ADDED -> directory ? What.MADE : What.FILE;
                        case CHANGED -> directory ? What.TOUCHED : What.FILE;
                    };
            long bytes = looks.entry(path).map(FileFacts::bytes).orElse(0L);
            add(
                    new Trace(
                            path,
                            what,
                            type,
                            EnumSet.of(EvidenceSource.DIFF),
                            false,
                            false,
                            0,
                            bytes,
                            false,
                            Set.of()));
        }
    }

    private void written(WrittenFile written, Set<EvidenceSource> sources) {
        if (counts(written.path())) {
            add(
                    new Trace(
                            written.path(),
                            written.type() == FileType.DIRECTORY ? What.MADE : What.FILE,
                            written.type(),
                            sources,
                            written.gone(),
                            written.heldOpen(),
                            sources.contains(EvidenceSource.WATCH) ? written.times() : 0,
                            written.bytes(),
                            written.executed(),
                            written.by()));
        }
    }

    private void add(Trace trace) {
        byPath.merge(trace.path(), trace, Traces::both);
    }

    private static Trace both(Trace one, Trace other) {
        Set<EvidenceSource> sources = EnumSet.noneOf(EvidenceSource.class);
        sources.addAll(one.sources());
        sources.addAll(other.sources());
        Set<String> by = new TreeSet<>(one.by());
        by.addAll(other.by());
        return new Trace(
                one.path(),
                other.what() == What.FILE ? other.what() : one.what(),
                one.type() == FileType.UNKNOWN ? other.type() : one.type(),
                sources,
                one.gone() && other.gone(),
                one.heldOpen() || other.heldOpen(),
                one.times() + other.times(),
                Math.max(one.bytes(), other.bytes()),
                one.executed() || other.executed(),
                by);
    }

    private static boolean counts(String path) {
        return PathNames.sound(path)
                && NOT_THE_ROOTFS.stream().noneMatch(d -> MountTable.isAtOrBelow(path, d))
                && OF_THE_ENGINE.stream().noneMatch(e -> MountTable.isAtOrBelow(path, e))
                && !PathNames.name(path).startsWith(PROBE);
    }

    /// The paths that did not exist before the container did. A file that was seen to be written,
    /// and is not among those that changed, was made after the diff was asked for.
    static Set<String> added(Observations observed) {
        Set<String> added = new HashSet<>();
        Set<String> changed = new HashSet<>();
        for (FileChange change : observed.changes()) {
            (change.kind() == FileChange.Kind.ADDED ? added : changed).add(change.path());
        }
        Stream.concat(observed.written().stream(), observed.missed().stream())
                .filter(w -> w.type() != FileType.DIRECTORY && !changed.contains(w.path()))
                .forEach(w -> added.add(w.path()));
        return added;
    }
}

package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.EnginePaths;
import io.github.writeprobe.recommend.observe.EvidenceSource;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.Observations;
import io.github.writeprobe.recommend.propose.Trace.TraceKind;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Combines what the sources show for each path, and drops what no service wrote.
final class TraceMerger {
    /// The prefix of the files that the exec witness creates.
    private static final String PROBE_FILE_PREFIX = ".writeprobe-";

    private final TreeMap<String, Trace> byPath = new TreeMap<>();
    private final BoundedFileView fileView;

    private TraceMerger(BoundedFileView fileView) {
        this.fileView = fileView;
    }

    /// @return sorted by path
    static List<Trace> of(Observations observed, BoundedFileView fileView) {
        TraceMerger traces = new TraceMerger(fileView);
        traces.addChanges(observed.changes());
        observed.written().forEach(w -> traces.addWritten(w, sourcesOf(w)));
        observed.missed().forEach(w -> traces.addWritten(w, EnumSet.of(EvidenceSource.PROOF)));
        observed.subject().state().lost().forEach(traces::addLost);
        observed.subject().state().refused().forEach(traces::addRefused);
        return List.copyOf(traces.byPath.values());
    }

    private static Set<EvidenceSource> sourcesOf(WrittenFile written) {
        Set<EvidenceSource> sources = EnumSet.noneOf(EvidenceSource.class);
        if (written.times() > 0) {
            sources.add(EvidenceSource.WATCH);
        }
        // A file that was only executed was written earlier, and no source saw the write.
        if (written.openForWriting() || (written.times() == 0 && !written.executed())) {
            sources.add(EvidenceSource.OPEN_FILES);
        }
        return sources;
    }

    private void addChanges(Collection<FileChange> changes) {
        Set<String> parents = new HashSet<>();
        changes.forEach(c -> parents.add(PathStrings.parent(c.path())));
        for (FileChange change : changes) {
            String path = change.path();
            if (!isRelevant(path) || parents.contains(path) || !isWrite(change)) {
                continue;
            }
            FileType type =
                    change.kind() == FileChange.Kind.DELETED
                            ? FileType.UNKNOWN
                            : fileView.type(path);
            boolean directory = type == FileType.DIRECTORY;
            TraceKind kind =
                    switch (change.kind()) {
                        case DELETED -> TraceKind.REMOVED;
                        case ADDED -> directory ? TraceKind.DIRECTORY_CREATED : TraceKind.FILE;
                        case CHANGED, OWNER_CHANGED, MOUNT_POINT ->
                                directory ? TraceKind.DIRECTORY_CHANGED : TraceKind.FILE;
                    };
            long bytes = fileView.entry(path).map(FileFacts::bytes).orElse(0L);
            add(
                    new Trace(
                            path,
                            kind,
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

    private static boolean isWrite(FileChange change) {
        return switch (change.kind()) {
            case ADDED, CHANGED, DELETED -> true;
            case OWNER_CHANGED, MOUNT_POINT -> false;
        };
    }

    private void addWritten(WrittenFile written, Set<EvidenceSource> sources) {
        if (isRelevant(written.path())) {
            // A log does not say whether a path is a directory.
            FileType type =
                    written.type() == FileType.UNKNOWN
                            ? fileView.type(written.path())
                            : written.type();
            add(
                    new Trace(
                            written.path(),
                            type == FileType.DIRECTORY
                                    ? TraceKind.DIRECTORY_CREATED
                                    : TraceKind.FILE,
                            type,
                            sources,
                            written.gone(),
                            written.openForWriting(),
                            sources.contains(EvidenceSource.WATCH) ? written.times() : 0,
                            written.bytes(),
                            written.executed(),
                            written.writers()));
        }
    }

    private void addLost(String path) {
        addWritten(
                new WrittenFile(path, FileType.REGULAR, false, false, 1, 0, false, Set.of()),
                EnumSet.of(EvidenceSource.PROOF));
    }

    private void addRefused(String path) {
        addWritten(
                new WrittenFile(path, FileType.UNKNOWN, false, false, 0, 0, false, Set.of()),
                EnumSet.of(EvidenceSource.LOG));
    }

    private void add(Trace trace) {
        byPath.merge(trace.path(), trace, TraceMerger::merge);
    }

    private static Trace merge(Trace one, Trace other) {
        Set<EvidenceSource> sources = EnumSet.noneOf(EvidenceSource.class);
        sources.addAll(one.sources());
        sources.addAll(other.sources());
        Set<String> writers = new TreeSet<>(one.writers());
        writers.addAll(other.writers());
        return new Trace(
                one.path(),
                other.kind() == TraceKind.FILE ? other.kind() : one.kind(),
                one.type() == FileType.UNKNOWN ? other.type() : one.type(),
                sources,
                one.gone() && other.gone(),
                one.openForWriting() || other.openForWriting(),
                one.times() + other.times(),
                Math.max(one.bytes(), other.bytes()),
                one.executed() || other.executed(),
                writers);
    }

    private static boolean isRelevant(String path) {
        return PathStrings.isNormalized(path)
                && !EnginePaths.contains(path)
                && !PathStrings.name(path).startsWith(PROBE_FILE_PREFIX);
    }

    /// The paths that did not exist when the container was created. A file that was seen to be
    /// written but is not in the diff was created after the diff.
    static Set<String> addedPaths(Observations observed) {
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

package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.EngineCreatedPaths;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.WriteEvidence.WriteEvidenceKind;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Combines what the sources show for each path, and drops what no service wrote.
final class WriteEvidenceMerger {
    /// The prefix of the files that the exec witness creates.
    private static final String PROBE_FILE_PREFIX = ".writeprobe-";

    private final TreeMap<String, WriteEvidence> byPath = new TreeMap<>();
    private final FileLookupCache fileView;

    private WriteEvidenceMerger(FileLookupCache fileView) {
        this.fileView = fileView;
    }

    /// @return sorted by path
    static List<WriteEvidence> of(ProposalInput observed, FileLookupCache fileView) {
        WriteEvidenceMerger traces = new WriteEvidenceMerger(fileView);
        traces.addChanges(observed.changes());
        observed.written().forEach(w -> traces.addWritten(w, sourcesOf(w)));
        observed.missed().forEach(w -> traces.addWritten(w, EnumSet.of(WriteEvidenceSource.PROOF)));
        observed.subject().state().lost().forEach(traces::addLost);
        observed.subject().state().refused().forEach(traces::addRefused);
        return List.copyOf(traces.byPath.values());
    }

    private static Set<WriteEvidenceSource> sourcesOf(WrittenFile written) {
        Set<WriteEvidenceSource> sources = EnumSet.noneOf(WriteEvidenceSource.class);
        if (written.times() > 0) {
            sources.add(WriteEvidenceSource.WATCH);
        }
        // A file that was only executed was written earlier, and no source saw the write.
        if (written.openForWriting() || (written.times() == 0 && !written.executed())) {
            sources.add(WriteEvidenceSource.OPEN_FILES);
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
            WriteEvidenceKind kind =
                    switch (change.kind()) {
                        case DELETED -> WriteEvidenceKind.REMOVED;
                        case ADDED ->
                                directory
                                        ? WriteEvidenceKind.DIRECTORY_CREATED
                                        : WriteEvidenceKind.FILE;
                        case CHANGED, OWNER_CHANGED, MOUNT_POINT ->
                                directory
                                        ? WriteEvidenceKind.DIRECTORY_CHANGED
                                        : WriteEvidenceKind.FILE;
                    };
            long bytes = fileView.entry(path).map(FileFacts::bytes).orElse(0L);
            add(
                    new WriteEvidence(
                            path,
                            kind,
                            type,
                            EnumSet.of(WriteEvidenceSource.DIFF),
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

    private void addWritten(WrittenFile written, Set<WriteEvidenceSource> sources) {
        if (isRelevant(written.path())) {
            // A log does not say whether a path is a directory.
            FileType type =
                    written.type() == FileType.UNKNOWN
                            ? fileView.type(written.path())
                            : written.type();
            add(
                    new WriteEvidence(
                            written.path(),
                            type == FileType.DIRECTORY
                                    ? WriteEvidenceKind.DIRECTORY_CREATED
                                    : WriteEvidenceKind.FILE,
                            type,
                            sources,
                            written.gone(),
                            written.openForWriting(),
                            sources.contains(WriteEvidenceSource.WATCH) ? written.times() : 0,
                            written.bytes(),
                            written.executed(),
                            written.writers()));
        }
    }

    private void addLost(String path) {
        addWritten(
                new WrittenFile(path, FileType.REGULAR, false, false, 1, 0, false, Set.of()),
                EnumSet.of(WriteEvidenceSource.PROOF));
    }

    private void addRefused(String path) {
        addWritten(
                new WrittenFile(path, FileType.UNKNOWN, false, false, 0, 0, false, Set.of()),
                EnumSet.of(WriteEvidenceSource.LOG));
    }

    private void add(WriteEvidence trace) {
        byPath.merge(trace.path(), trace, WriteEvidenceMerger::merge);
    }

    private static WriteEvidence merge(WriteEvidence one, WriteEvidence other) {
        Set<WriteEvidenceSource> sources = EnumSet.noneOf(WriteEvidenceSource.class);
        sources.addAll(one.sources());
        sources.addAll(other.sources());
        Set<String> writers = new TreeSet<>(one.writers());
        writers.addAll(other.writers());
        return new WriteEvidence(
                one.path(),
                other.kind() == WriteEvidenceKind.FILE ? other.kind() : one.kind(),
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
                && !EngineCreatedPaths.contains(path)
                && !PathStrings.name(path).startsWith(PROBE_FILE_PREFIX);
    }

    /// The paths that did not exist when the container was created. A file that was seen to be
    /// written but is not in the diff was created after the diff.
    static Set<String> addedPaths(ProposalInput observed) {
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

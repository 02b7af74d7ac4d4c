package io.github.writeprobe.recommend.propose;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import java.util.Set;

/// Evidence that one path was written, combined from all sources.
///
/// @param sources that show the write; empty if the file was only executed
/// @param gone whether the file did not exist when it was last checked
/// @param openForWriting whether a process has it open for writing
/// @param times number of writes that were seen, a lower bound; 0 if writes were not watched
/// @param bytes the largest size that was seen
/// @param writers names of processes
record WriteEvidence(
        String path,
        WriteEvidenceKind kind,
        FileType type,
        Set<WriteEvidenceSource> sources,
        boolean gone,
        boolean openForWriting,
        long times,
        long bytes,
        boolean executed,
        Set<String> writers) {
    enum WriteEvidenceKind {
        /// A file that was created or changed.
        FILE,
        /// A directory that was created and is empty, or in which so many files were written that
        /// the directory stands for all of them.
        DIRECTORY_CREATED,
        /// A directory that changed although none of its current entries did: an entry was created
        /// and removed, or its owner or mode changed.
        DIRECTORY_CHANGED,
        /// A file or directory of the image that was removed.
        REMOVED
    }

    WriteEvidence {
        requireNonNull(path);
        requireNonNull(kind);
        requireNonNull(type);
        sources = Set.copyOf(sources);
        writers = Set.copyOf(writers);
    }

    /// The directory that has to be writable for this.
    String directory() {
        return PathStrings.limitDepth(
                switch (kind) {
                    case FILE, REMOVED -> PathStrings.parent(path);
                    case DIRECTORY_CREATED, DIRECTORY_CHANGED -> path;
                });
    }
}

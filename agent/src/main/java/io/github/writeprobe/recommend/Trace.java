package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.FileType;
import java.util.Set;

/// A sign that something was written, from all sources together.
///
/// @param sources that have it; none if it was only seen to be run
/// @param gone whether nobody found it when it was last looked at
/// @param openForWriting whether a process has it open for writing
/// @param times how often a write was seen, at least; 0 where nobody watched
/// @param bytes the largest size that was seen
/// @param writers names of processes
record Trace(
        String path,
        TraceKind kind,
        FileType type,
        Set<EvidenceSource> sources,
        boolean gone,
        boolean openForWriting,
        long times,
        long bytes,
        boolean executed,
        Set<String> writers) {
    enum TraceKind {
        /// A file, made or changed.
        FILE,
        /// A directory that was made and has nothing in it, or in which so much was written that it
        /// stands for all.
        DIRECTORY_CREATED,
        /// A directory that was changed, though nothing in it was that is still there: an entry
        /// came and went, or its owner or mode was changed.
        DIRECTORY_CHANGED,
        /// Something of the image's that was removed.
        REMOVED
    }

    Trace {
        requireNonNull(path);
        requireNonNull(kind);
        requireNonNull(type);
        sources = Set.copyOf(sources);
        writers = Set.copyOf(writers);
    }

    /// The directory that has to be writable for it.
    String directory() {
        return PathNames.limitDepth(
                switch (kind) {
                    case FILE, REMOVED -> PathNames.parent(path);
                    case DIRECTORY_CREATED, DIRECTORY_CHANGED -> path;
                });
    }
}

package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.FileType;
import java.util.Set;

/// A sign that something was written, from all sources together.
///
/// @param sources that have it; none if it was only seen to be run
/// @param gone whether nobody found it when it was last looked at
/// @param heldOpen whether a process has it open for writing
/// @param times how often a write was seen, at least; 0 where nobody watched
/// @param bytes the largest size that was seen
/// @param by names of processes
record Trace(
        String path,
        What what,
        FileType type,
        Set<EvidenceSource> sources,
        boolean gone,
        boolean heldOpen,
        long times,
        long bytes,
        boolean executed,
        Set<String> by) {
    enum What {
        /// A file, made or changed.
        FILE,
        /// A directory that was made and has nothing in it, or in which so much was written that it
        /// stands for all.
        MADE,
        /// A directory that was changed, though nothing in it was that is still there: an entry
        /// came and went, or its owner or mode was changed.
        TOUCHED,
        /// Something of the image's that was removed.
        REMOVED
    }

    Trace {
        requireNonNull(path);
        requireNonNull(what);
        requireNonNull(type);
        sources = Set.copyOf(sources);
        by = Set.copyOf(by);
    }

    /// The directory that has to be writable for it.
    String directory() {
        return PathNames.shallow(
                switch (what) {
                    case FILE, REMOVED -> PathNames.parent(path);
                    case MADE, TOUCHED -> path;
                });
    }
}

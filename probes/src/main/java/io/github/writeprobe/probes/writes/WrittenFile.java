package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/// A file that was written, or stood open for writing, as often as it was seen.
///
/// Of type [FileType#DIRECTORY] it stands for files in that directory, or below it, of which there
/// were too many to name each. With no `times` and not `openForWriting`, it was only run.
///
/// @param path in the container, symbolic links resolved. A stranger's text
/// @param gone whether it had no name any more when it was last looked at
/// @param openForWriting whether a process had it open for writing when it was looked at
/// @param times how often a write was seen; the kernel merges those that follow each other at once,
///   so it is a lower bound. 0 if it only stood open
/// @param bytes the largest size that was seen; what was written over counts once
/// @param executed whether it was run, or mapped to be run
/// @param writers names of the processes that wrote it, as the kernel knows them (`comm`); empty
///   where they had ended before they could be asked. A stranger's texts
public record WrittenFile(
        String path,
        FileType type,
        boolean gone,
        boolean openForWriting,
        long times,
        long bytes,
        boolean executed,
        Set<String> writers) {
    public WrittenFile {
        requireNonNull(path);
        requireNonNull(type);
        writers = Set.copyOf(writers);
    }
}

package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/// A file that was written, open for writing, or executed.
///
/// An entry of type [FileType#DIRECTORY] represents files in or below that directory, if there were
/// too many to list. An entry with `times` 0 that is not `openForWriting` was only executed.
///
/// @param path in the container, with symbolic links resolved. Untrusted text
/// @param gone whether it no longer existed when it was last checked
/// @param openForWriting whether a process had it open for writing during a scan
/// @param times how often a write was seen. This is a lower bound, since the kernel merges
///   consecutive events. 0 if the file was only open
/// @param bytes the largest size that was seen; overwritten content counts once
/// @param executed whether it was executed, or mapped as executable
/// @param writers the names of the processes that wrote it, as the kernel reports them (`comm`);
///   empty if they had ended before they could be inspected. Untrusted texts
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

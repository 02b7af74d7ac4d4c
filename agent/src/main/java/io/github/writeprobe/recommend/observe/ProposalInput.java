package io.github.writeprobe.recommend.observe;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.WrittenFile;
import java.time.Duration;
import java.util.List;

/// Everything that was observed about what a container writes.
///
/// @param changes what differs from its image
/// @param written what was written during the watch, or was open for writing
/// @param missed paths that a clone wrote and for which an earlier proposal had no writable mount
/// @param files the current files, for owners, modes, links, and what a tmpfs would hide
/// @param watched how long writes were watched; zero if they were not
/// @param injected files that Compose put into the container before it started; not in `changes`
public record ProposalInput(
        ProposalTarget subject,
        List<FileChange> changes,
        List<WrittenFile> written,
        List<WrittenFile> missed,
        FileLookup files,
        Duration watched,
        List<WriteEvidenceGap> shortfalls,
        List<String> injected) {
    public ProposalInput {
        requireNonNull(subject);
        changes = List.copyOf(changes);
        written = List.copyOf(written);
        missed = List.copyOf(missed);
        requireNonNull(files);
        requireNonNull(watched);
        shortfalls = List.copyOf(shortfalls);
        injected = List.copyOf(injected);
    }
}

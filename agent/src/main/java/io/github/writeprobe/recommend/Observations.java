package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.FileView;
import io.github.writeprobe.probes.writes.WrittenFile;
import java.time.Duration;
import java.util.List;

/// All that was found out about what a container writes.
///
/// @param changes what differs from its image
/// @param written what was seen to be written, or stood open
/// @param missed paths that a proof saw written where an earlier proposal left nothing writable
/// @param files as they are now, to look up owners, modes, links, and what a tmpfs would hide
/// @param watched for how long writes were watched; zero if they were not
public record Observations(
        Subject subject,
        List<FileChange> changes,
        List<WrittenFile> written,
        List<WrittenFile> missed,
        FileView files,
        Duration watched,
        List<Shortfall> shortfalls) {
    public Observations {
        requireNonNull(subject);
        changes = List.copyOf(changes);
        written = List.copyOf(written);
        missed = List.copyOf(missed);
        requireNonNull(files);
        requireNonNull(watched);
        shortfalls = List.copyOf(shortfalls);
    }
}

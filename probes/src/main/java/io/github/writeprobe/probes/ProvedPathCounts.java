package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;

/// What a probe proved about mounts without an attempt as this identity at each path on them. The
/// observations at those paths are those of an earlier probe.
///
/// @param triedAt when every path was last tried as every identity
/// @param readOnly the number of paths on each mount that was proved read-only for every identity,
///   by mount point: at `/` by one attempt for the mount, elsewhere by one attempt at each path
/// @param writable the same for mounts to which root could write before: the service wrote there
///   now, or was refused as before
public record ProvedPathCounts(
        Instant triedAt, Map<String, Integer> readOnly, Map<String, Integer> writable) {
    public ProvedPathCounts {
        requireNonNull(triedAt);
        readOnly = Map.copyOf(readOnly);
        writable = Map.copyOf(writable);
    }
}

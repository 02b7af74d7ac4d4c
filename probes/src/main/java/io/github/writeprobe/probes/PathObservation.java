package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/// What one probe saw: one witness, as one identity, at one path.
///
/// @param uid the numeric user in the container, if the witness knows it
/// @param path as requested
/// @param resolved the path with symbolic links resolved; the same as `path` if nothing else is
///   known. The write happened on the mount that covers this path.
public record PathObservation(
        WitnessName witness,
        ProbeIdentity identity,
        OptionalInt uid,
        String path,
        String resolved,
        WriteResult write,
        FileExecutionResult execute) {
    public PathObservation {
        requireNonNull(witness);
        requireNonNull(identity);
        requireNonNull(uid);
        requireNonNull(path);
        requireNonNull(resolved);
        requireNonNull(write);
        requireNonNull(execute);
    }
}

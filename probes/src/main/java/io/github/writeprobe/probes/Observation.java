package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/// What one probe saw: one witness, as one identity, at one path.
///
/// @param uid the numeric user in the container, where the witness knows it
/// @param path as it was asked for
/// @param resolved where the path leads once symbolic links are followed; the same as `path` where
///   nothing is known to the contrary. The write happened on the mount that covers this one.
public record Observation(
        WitnessName witness,
        Identity identity,
        OptionalInt uid,
        String path,
        String resolved,
        Write write,
        ExecutionOutcome execute) {
    public Observation {
        requireNonNull(witness);
        requireNonNull(identity);
        requireNonNull(uid);
        requireNonNull(path);
        requireNonNull(resolved);
        requireNonNull(write);
        requireNonNull(execute);
    }
}

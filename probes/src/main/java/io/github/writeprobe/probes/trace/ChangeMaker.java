package io.github.writeprobe.probes.trace;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// Who changed the mounts of a container, as far as it is known.
public sealed interface ChangeMaker {
    /// One of these calls made the change. It is the only one that can have, or all that can have
    /// are named, the latest first.
    ///
    /// @param more how many others there are that are not listed
    /// @param fromElsewhere whether the call was made in another mount namespace, and reached the
    ///   container's through a shared mount or through the filesystem
    /// @param doubt why another call may have made it; empty if there is no doubt
    record MadeBy(List<MountCall> calls, int more, boolean fromElsewhere, Optional<String> doubt)
            implements ChangeMaker {
        public MadeBy {
            calls = List.copyOf(calls);
            requireNonNull(doubt);
        }
    }

    /// @param reason why nobody is named, a clause
    record NotKnown(String reason) implements ChangeMaker {
        public NotKnown {
            requireNonNull(reason);
        }
    }
}

package io.github.writeprobe.recommend;

import java.time.Duration;

/// An engine, as a place where clones can be tried.
public interface CloneEnvironments {
    /// Nothing is made before it is needed.
    ///
    /// @param life after which nobody needs any more what is on the bench; what is left then, since
    ///   its writeprobe was killed, is removed by the next one that comes by
    /// @param copyBytes how much may be copied for one container; more is not begun, or broken off
    CloneEnvironment open(Duration life, long copyBytes);
}

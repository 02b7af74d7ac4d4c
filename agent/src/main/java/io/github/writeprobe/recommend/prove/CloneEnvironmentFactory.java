package io.github.writeprobe.recommend.prove;

import java.time.Duration;

/// Opens clone environments on one engine.
public interface CloneEnvironmentFactory {
    /// Opens an environment. Nothing is created on the engine before it is needed.
    ///
    /// @param life how long the environment is needed at most. If writeprobe is killed, a later run
    ///   removes what is left after that time
    /// @param copyBytes how much data may be copied for one container. A copy that is larger is not
    ///   started, or is stopped
    CloneEnvironment open(Duration life, long copyBytes);
}

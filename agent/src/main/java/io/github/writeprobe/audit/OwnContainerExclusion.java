package io.github.writeprobe.audit;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ExcludedContainer;
import java.util.Optional;

/// The container that was started for this audit alone, and ends with it.
public final class OwnContainerExclusion {
    private static final long OWN_PID = ProcessHandle.current().pid();

    private OwnContainerExclusion() {}

    /// Why the container is not judged, if it is the one of this audit.
    public static Optional<ExcludedContainer.Reason> reason(Container container) {
        return reason(container, OWN_PID);
    }

    /// A container cannot pretend to be it: [Container#self] is proved, and its first process is
    /// this one. An audit that is executed in a container that runs something else does not exclude
    /// that container.
    ///
    /// @param ownPid the PID of this process, in its own PID namespace
    static Optional<ExcludedContainer.Reason> reason(Container container, long ownPid) {
        boolean isFirstProcess = ownPid == 1 || ownPid == container.pid();
        return container.self() && isFirstProcess
                ? Optional.of(ExcludedContainer.Reason.SELF)
                : Optional.empty();
    }
}

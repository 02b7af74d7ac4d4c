package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.List;
import java.util.OptionalLong;

/// Collects what the kernel reports about a container, apart from the results of writes.
final class KernelFactsBuilder {
    private KernelFactsBuilder() {}

    /// @param hostPaths the host paths and engine sockets that its mounts show
    /// @param status of the container's first process
    /// @param engineUser whether that process is in the user namespace that the engine started it
    ///   in: in one that it created itself, its capabilities give it no power over the container
    /// @param userNamespace whether the engine started it in a user namespace
    /// @param othersBounding the capabilities that its other processes can have at most
    static KernelFacts read(
            MountHostPathFinder.Found hostPaths,
            ProcessStatus status,
            boolean engineUser,
            boolean userNamespace,
            long othersBounding,
            String confinement) {
        return new KernelFacts(
                confinement,
                OptionalLong.of((engineUser ? status.boundingSet() : 0) | othersBounding),
                userNamespace,
                List.of(),
                hostPaths.doubts(),
                hostPaths.paths(),
                hostPaths.engines(),
                hostPaths.configured(),
                status.seccompUnconfined(),
                status.inProcfsPidNamespace(),
                DeviceFacts.NONE);
    }
}

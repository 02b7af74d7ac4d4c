package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.List;
import java.util.OptionalLong;

/// Finds out what the kernel says of a container besides what writes come to.
final class KernelFactsReader {
    private KernelFactsReader() {}

    /// @param hostPaths what of the host its mounts show
    /// @param status of the container's first process
    /// @param engineUser whether it is in the user namespace that the engine started it in: in one
    ///   that it made itself, it has every capability over nothing
    /// @param userNamespace whether the engine started it in a user namespace
    /// @param othersBounding capabilities that others of its processes can have at most
    static KernelFacts read(
            HostPaths.Found hostPaths,
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

package io.github.writeprobe.probes.trace;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.HostFacts;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a process runs.
public sealed interface ProcessOrigin {
    /// In no container.
    record Host() implements ProcessOrigin {}

    /// @param id of the container
    record InContainer(String id) implements ProcessOrigin {
        public InContainer {
            requireNonNull(id);
        }
    }

    /// In a PID namespace of its own that belongs to no container that its cgroups name, or it
    /// ended before that could be read.
    record Unknown() implements ProcessOrigin {}

    /// Engines name a container's cgroup after its id. Podman and CRI-O also name that of the
    /// container's monitor so, which is a process of the host.
    Pattern CONTAINER = Pattern.compile("(?<!conmon-)\\b([0-9a-f]{64})\\b");

    /// @param cgroups the text of `/proc/PID/cgroup`
    /// @param pidNamespace the target of `/proc/PID/ns/pid`, if it could be read
    static ProcessOrigin of(String cgroups, Optional<String> pidNamespace) {
        Matcher ids = CONTAINER.matcher(cgroups);
        String last = "";
        while (ids.find()) {
            // The innermost, for a container in a container.
            last = ids.group(1);
        }
        if (!last.isEmpty()) {
            return new InContainer(last);
        }
        return !cgroups.isEmpty()
                        && pidNamespace.equals(Optional.of(HostFacts.INITIAL_PID_NAMESPACE))
                ? new Host()
                : new Unknown();
    }
}

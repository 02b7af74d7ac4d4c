package io.github.writeprobe.probes.trace;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// A process as procfs shows it at one moment. All texts in it are chosen by the process or by who
/// started it.
///
/// @param pid in the host's PID namespace
/// @param startTicks when it started, in clock ticks since the boot; with the PID, this is unique
/// @param command its name, as in `/proc/PID/comm`
/// @param executable the path of its program in its mount namespace; empty if it could not be read
/// @param arguments its command line; empty if it could not be read
/// @param uid its effective user id on the host; empty if it could not be read
/// @param origin where it runs
public record ProcessIdentity(
        int pid,
        long startTicks,
        String command,
        Optional<String> executable,
        List<String> arguments,
        Optional<Integer> uid,
        ProcessOrigin origin) {
    public ProcessIdentity {
        requireNonNull(command);
        requireNonNull(executable);
        arguments = List.copyOf(arguments);
        requireNonNull(uid);
        requireNonNull(origin);
    }

    /// The same. If its own cgroups and namespaces do not say where it runs, those of the nearest
    /// process that started it do: `nsenter` enters a container from the host.
    ProcessIdentity startedBy(List<ProcessIdentity> ancestors) {
        return origin instanceof ProcessOrigin.Unknown
                ? ancestors.stream()
                        .map(ProcessIdentity::origin)
                        .filter(o -> !(o instanceof ProcessOrigin.Unknown))
                        .findFirst()
                        .map(this::from)
                        .orElse(this)
                : this;
    }

    private ProcessIdentity from(ProcessOrigin known) {
        return new ProcessIdentity(pid, startTicks, command, executable, arguments, uid, known);
    }
}

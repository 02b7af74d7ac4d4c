package io.github.writeprobe.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// How an engine is set up, in its own words.
///
/// @param runtimes the names of the OCI runtimes that containers can have
/// @param cgroupVersion `1` or `2`; empty if the engine does not say
/// @param securityOptions such as `seccomp`, `apparmor`, `selinux`, `rootless`
public record EngineSystemInfo(
        List<String> runtimes, String cgroupVersion, List<String> securityOptions) {
    public EngineSystemInfo {
        runtimes = List.copyOf(runtimes);
        requireNonNull(cgroupVersion);
        securityOptions = List.copyOf(securityOptions);
    }

    /// What an engine that can describe itself offers: see [Engine#ability].
    public interface Source {
        /// @throws EngineUnavailable if the engine does not answer, or refuses to
        EngineSystemInfo setup() throws EngineUnavailable, InterruptedException;
    }
}

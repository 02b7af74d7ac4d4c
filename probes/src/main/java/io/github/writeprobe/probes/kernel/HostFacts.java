package io.github.writeprobe.probes.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What limits a probe from here: the kernel, and how this process is confined.
///
/// @param release of the kernel, as uname(2) has it; empty if procfs does not show it
/// @param cgroups the version in use
/// @param securityLabel the label of this process by a security module; empty if there is none
/// @param seccompFiltered whether this process has a seccomp filter
public record HostFacts(
        String release,
        Namespace pidNamespace,
        Namespace userNamespace,
        Cgroups cgroups,
        String securityLabel,
        boolean seccompFiltered) {
    /// `PROC_PID_INIT_INO` of include/linux/proc_ns.h: the host's initial PID namespace.
    public static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";

    /// `PROC_USER_INIT_INO`.
    private static final String INITIAL_USER_NAMESPACE = "user:[4026531837]";

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);
    private static final Pattern SECCOMP_OFF = Pattern.compile("(?m)^Seccomp:\\s*0$");

    public HostFacts {
        requireNonNull(release);
        requireNonNull(pidNamespace);
        requireNonNull(userNamespace);
        requireNonNull(cgroups);
        requireNonNull(securityLabel);
    }

    /// Whether a namespace of this process is the one that the host booted with.
    public enum Namespace {
        INITIAL,
        OTHER,
        /// procfs does not show it.
        UNKNOWN
    }

    /// See cgroups(7).
    public enum Cgroups {
        V1("version 1"),
        V2("version 2"),
        HYBRID("versions 1 and 2"),
        NONE("none are mounted");

        private final String label;

        Cgroups(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /// @param root of the file system
    public static HostFacts read(Path root) {
        Path self = root.resolve("proc/self");
        return new HostFacts(
                text(root.resolve("proc/sys/kernel/osrelease")).strip(),
                namespace(self.resolve("ns/pid"), INITIAL_PID_NAMESPACE),
                namespace(self.resolve("ns/user"), INITIAL_USER_NAMESPACE),
                cgroups(root.resolve("sys/fs/cgroup")),
                text(self.resolve("attr/current")).replace("\0", "").strip(),
                isFiltered(text(self.resolve("status"))));
    }

    /// Whether the kernel is at least of this version; true if its version is unknown.
    public boolean isAtLeast(int major, int minor) {
        Matcher version = VERSION.matcher(release);
        if (!version.matches()) {
            return true;
        }
        int hasMajor = Integer.parseInt(version.group(1));
        return hasMajor > major
                || (hasMajor == major && Integer.parseInt(version.group(2)) >= minor);
    }

    private static boolean isFiltered(String status) {
        return status.contains("\nSeccomp:") && !SECCOMP_OFF.matcher(status).find();
    }

    private static Namespace namespace(Path link, String initial) {
        try {
            return Files.readSymbolicLink(link).toString().equals(initial)
                    ? Namespace.INITIAL
                    : Namespace.OTHER;
        } catch (IOException | UnsupportedOperationException e) {
            return Namespace.UNKNOWN;
        }
    }

    private static Cgroups cgroups(Path mountPoint) {
        if (Files.exists(mountPoint.resolve("cgroup.controllers"))) {
            return Cgroups.V2;
        }
        if (Files.exists(mountPoint.resolve("unified/cgroup.controllers"))) {
            return Cgroups.HYBRID;
        }
        return Files.exists(mountPoint.resolve("memory")) ? Cgroups.V1 : Cgroups.NONE;
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}

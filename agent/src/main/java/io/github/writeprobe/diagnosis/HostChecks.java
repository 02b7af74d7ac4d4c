package io.github.writeprobe.diagnosis;

import io.github.writeprobe.model.Diagnosis.Area;
import io.github.writeprobe.model.Diagnosis.Check;
import io.github.writeprobe.model.Diagnosis.State;
import io.github.writeprobe.probes.kernel.HostFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the kernel, and the confinement of this process, limit the witness `procfs`.
public final class HostChecks {
    private HostChecks() {}

    public static List<Check> of(HostFacts facts) {
        List<Check> checks = new ArrayList<>();
        checks.add(kernel(facts));
        if (facts.release().isEmpty()) {
            return checks;
        }
        checks.add(pidNamespace(facts));
        checks.add(userNamespace(facts));
        checks.add(securityModule(facts.securityLabel()));
        checks.add(
                check(
                        "seccomp",
                        State.WORKS,
                        facts.seccompFiltered()
                                ? "this process has a filter; those of the engines allow what a"
                                        + " probe needs"
                                : "this process has no filter",
                        ""));
        checks.add(check("cgroups", State.WORKS, facts.cgroups().label(), ""));
        return checks;
    }

    /// Whether the agent can find out who changes mounts.
    ///
    /// @param unavailable why not; empty if it can
    public static Check mountCalls(Optional<String> unavailable) {
        return unavailable
                .map(reason ->
                        check(
                                "mount calls",
                                State.UNUSED,
                                "the agent cannot tell who changes mounts: " + reason,
                                "on the host as root: mount -t tracefs tracefs"
                                        + " /sys/kernel/tracing; in a container: a bind of"
                                        + " /sys/kernel/tracing at /tracing"))
                .orElseGet(() ->
                        check(
                                "mount calls",
                                State.WORKS,
                                "the agent can tell who changes mounts",
                                ""));
    }

    private static Check kernel(HostFacts facts) {
        if (facts.release().isEmpty()) {
            return check(
                    "kernel",
                    State.FAILS,
                    "there is no procfs of Linux at /proc, so processes cannot be inspected",
                    "run writeprobe on the engine's host, or mount procfs: mount -t proc proc"
                            + " /proc");
        }
        String release = "Linux " + facts.release();
        if (!facts.isAtLeast(5, 8)) {
            return check(
                    "kernel",
                    State.FAILS,
                    release + ": procfs needs 5.8 or later",
                    "update the kernel; until then only exec and sidecar probe");
        }
        return facts.isAtLeast(6, 1)
                ? check("kernel", State.WORKS, release, "")
                : check(
                        "kernel",
                        State.LIMITED,
                        release
                                + ": on overlayfs, procfs has to give its files a name for a"
                                + " moment",
                        "Linux 6.1 or later");
    }

    private static Check pidNamespace(HostFacts facts) {
        return switch (facts.pidNamespace()) {
            case INITIAL -> check("PID namespace", State.WORKS, "that of the host", "");
            case OTHER ->
                    check(
                            "PID namespace",
                            State.LIMITED,
                            "not that of the host, so procfs does not find the processes of an"
                                    + " engine on the host",
                            "in a container: docker run --pid host; in a pod: hostPID: true");
            case UNKNOWN -> unknown("PID namespace");
        };
    }

    private static Check userNamespace(HostFacts facts) {
        return switch (facts.userNamespace()) {
            case INITIAL -> check("user namespace", State.WORKS, "that of the host", "");
            case OTHER ->
                    check(
                            "user namespace",
                            State.LIMITED,
                            "not that of the host: capabilities count only for processes in it,"
                                    + " such as those of a rootless engine",
                            "for an engine of the host: docker run --userns host");
            case UNKNOWN -> unknown("user namespace");
        };
    }

    /// The names of profiles and types are those that engines use for containers.
    private static Check securityModule(String label) {
        String subject = "security module";
        if (label.isEmpty()) {
            return check(subject, State.WORKS, "this process has no label", "");
        }
        if (label.contains(":container_t:")) {
            return check(
                    subject,
                    State.LIMITED,
                    "SELinux confines this process: " + label,
                    "docker run --security-opt label=disable");
        }
        return label.endsWith("(enforce)")
                ? check(
                        subject,
                        State.LIMITED,
                        "AppArmor confines this process: " + label,
                        "docker run --security-opt apparmor=unconfined")
                : check(subject, State.WORKS, label, "");
    }

    private static Check unknown(String subject) {
        return check(subject, State.UNUSED, "procfs does not show it", "");
    }

    private static Check check(String subject, State state, String detail, String remedy) {
        return new Check(Area.HOST, subject, state, detail, remedy);
    }
}

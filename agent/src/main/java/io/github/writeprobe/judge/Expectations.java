package io.github.writeprobe.judge;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;

/// What the policy requires of each mount of one container.
final class Expectations {
    private final ContainerPolicyRule rule;

    Expectations(ContainerPolicyRule rule) {
        this.rule = rule;
    }

    Expectation ofRootfs() {
        return new Expectation(rule.rootfs(), false, rule.name());
    }

    /// @param shown the host paths that the mount shows
    Expectation of(DeclaredMount mount, String mountPoint, HostPathsOfMount shown) {
        if (shown.needsExplicitRule()
                ? isNamed(mountPoint) || isNamed(mount.destination())
                : isListed(mountPoint) || isListed(mount.destination())) {
            return new Expectation(
                    Access.WRITABLE, isNoexec(mountPoint), rule.name() + ", writable");
        }
        if (!mount.writable()) {
            return new Expectation(
                    Access.READ_ONLY, isNoexec(mountPoint), "it is declared read-only");
        }
        if (rule.writable().isPresent()) {
            return new Expectation(
                    Access.READ_ONLY,
                    isNoexec(mountPoint),
                    rule.name() + ", which does not list it under writable");
        }
        if (shown.sensitive().isPresent()) {
            return new Expectation(
                    Access.READ_ONLY,
                    isNoexec(mountPoint),
                    "sensitive host paths must be read-only");
        }
        return new Expectation(
                Access.WRITABLE, isNoexec(mountPoint), "declared writable, and no rule forbids it");
    }

    Expectation ofEngineMade(boolean writable) {
        return writable
                ? new Expectation(Access.WRITABLE, false, "made by the engine")
                : new Expectation(
                        Access.READ_ONLY, false, "made by the engine, read-only in this container");
    }

    Expectation ofUndeclared() {
        return new Expectation(Access.READ_ONLY, false, "undeclared mounts must be read-only");
    }

    /// The mount's expectation, with the rule's `noexec` for this path.
    Expectation ofPath(String path, Expectation ofMount) {
        return new Expectation(ofMount.access(), isNoexec(path), ofMount.rule());
    }

    /// A mount that gives control of the host must be listed itself: allowing `/run` does not allow
    /// a socket in it.
    private boolean isNamed(String path) {
        return rule.writable().orElse(List.of()).contains(path);
    }

    private boolean isListed(String path) {
        return isAtOrBelowAny(path, rule.writable().orElse(List.of()));
    }

    private boolean isNoexec(String path) {
        return isAtOrBelowAny(path, rule.noexec());
    }

    private static boolean isAtOrBelowAny(String path, List<String> parents) {
        return parents.stream().anyMatch(p -> MountTable.isAtOrBelow(path, p));
    }
}

package io.github.writeprobe.judge;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Expectation;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.policy.Rule;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;

/// What policy wants of each mount of one container.
final class Expectations {
    private final Rule rule;

    Expectations(Rule rule) {
        this.rule = rule;
    }

    Expectation ofRootfs() {
        return new Expectation(rule.rootfs(), false, rule.name());
    }

    Expectation of(DeclaredMount mount, String mountPoint) {
        if (listed(mountPoint) || listed(mount.destination())) {
            return new Expectation(Access.WRITABLE, noexec(mountPoint), rule.name() + ", writable");
        }
        if (!mount.writable()) {
            return new Expectation(
                    Access.READ_ONLY, noexec(mountPoint), "it is declared read-only");
        }
        if (rule.writable().isPresent()) {
            return new Expectation(
                    Access.READ_ONLY,
                    noexec(mountPoint),
                    rule.name() + ", which does not list it under writable");
        }
        if (mount.kind() == MountKind.BIND && SensitivePaths.contains(mount.source())) {
            return new Expectation(
                    Access.READ_ONLY, noexec(mountPoint), "sensitive host paths are read-only");
        }
        return new Expectation(
                Access.WRITABLE, noexec(mountPoint), "a mount that is declared writable may be");
    }

    Expectation ofEngineMade(boolean writable) {
        return writable
                ? new Expectation(Access.WRITABLE, false, "made by the engine")
                : new Expectation(
                        Access.READ_ONLY, false, "made by the engine, read-only in this container");
    }

    Expectation ofUndeclared() {
        return new Expectation(Access.READ_ONLY, false, "what is not declared may not be writable");
    }

    /// The mount's expectation, with what the rule says of running files on this path.
    Expectation ofPath(String path, Expectation ofMount) {
        return new Expectation(ofMount.access(), noexec(path), ofMount.rule());
    }

    private boolean listed(String path) {
        return below(path, rule.writable().orElse(List.of()));
    }

    private boolean noexec(String path) {
        return below(path, rule.noexec());
    }

    private static boolean below(String path, List<String> parents) {
        return parents.stream().anyMatch(p -> MountTable.isAtOrBelow(path, p));
    }
}

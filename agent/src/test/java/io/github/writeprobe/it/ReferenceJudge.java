package io.github.writeprobe.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.it.OracleFacts.MountPoint;
import io.github.writeprobe.it.OracleFacts.ResolvedPath;
import io.github.writeprobe.it.OracleFacts.WriteAttempt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A second, minimal implementation of the rules of `docs/findings.md`, based on the oracle's facts
/// and the engine's declaration: which verdicts are correct, and which are not.
final class ReferenceJudge {
    private static final Set<String> ENGINES_FILES =
            Set.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf");
    private static final Set<String> ENGINES_MEMORY = Set.of("/dev", "/dev/shm");

    private final JsonNode declared;
    private final RandomContainer container;
    private final OracleFacts facts;
    private final List<String> mistakes = new ArrayList<>();

    /// A mount according to the engine and to the policy.
    ///
    /// @param readOnly as declared; empty if the mount is not declared
    /// @param allowed whether it may be writable
    private record MountStatus(Optional<Boolean> readOnly, boolean allowed) {}

    /// @param declared the engine's inspect
    ReferenceJudge(JsonNode declared, RandomContainer container, OracleFacts facts) {
        this.declared = declared;
        this.container = container;
        this.facts = facts;
    }

    private boolean isRootDeclaredReadOnly() {
        return declared.path("HostConfig").path("ReadonlyRootfs").asBoolean();
    }

    /// The declared destinations, and whether they are read-only.
    private Map<String, Boolean> destinations() {
        Map<String, Boolean> all = new LinkedHashMap<>();
        declared.path("Mounts")
                .forEach(m -> all.put(m.path("Destination").asText(), !m.path("RW").asBoolean()));
        declared.path("HostConfig")
                .path("Tmpfs")
                .properties()
                .forEach(t ->
                        all.put(
                                t.getKey(),
                                List.of(t.getValue().asText().split(",", -1)).contains("ro")));
        return all;
    }

    private MountStatus statusOf(MountPoint mount) {
        if (facts.isStacked(mount)) {
            return new MountStatus(Optional.empty(), false);
        }
        boolean policy =
                container.policyRule().map(RandomContainer.PolicyRule::readOnly).orElse(true);
        if (mount.path().equals("/")) {
            return new MountStatus(
                    Optional.of(isRootDeclaredReadOnly()), !isRootDeclaredReadOnly() && !policy);
        }
        for (Map.Entry<String, Boolean> d : destinations().entrySet()) {
            ResolvedPath place = facts.places().get(d.getKey());
            if (place != null && place.real().equals(mount.path())) {
                return new MountStatus(
                        Optional.of(d.getValue()),
                        !d.getValue() && mayWrite(d.getKey(), mount.path()));
            }
        }
        if (ENGINES_MEMORY.contains(mount.path()) && mount.type().equals("tmpfs")) {
            return new MountStatus(Optional.of(false), true);
        }
        if (ENGINES_FILES.contains(mount.path())) {
            return new MountStatus(
                    Optional.of(isRootDeclaredReadOnly()), !isRootDeclaredReadOnly());
        }
        return new MountStatus(Optional.empty(), false);
    }

    private boolean mayWrite(String... paths) {
        Optional<List<String>> writable =
                container.policyRule().flatMap(RandomContainer.PolicyRule::writable);
        return writable.isEmpty()
                || Stream.of(paths)
                        .anyMatch(p -> writable.get().stream().anyMatch(w -> isBelow(p, w)));
    }

    private static boolean isBelow(String path, String parent) {
        return path.equals(parent) || path.startsWith(parent + "/");
    }

    /// The mistakes in a container's report, one sentence each.
    List<String> mistakes(JsonNode report) {
        mistakes.clear();
        report.path("paths")
                .forEach(path ->
                        path.path("observations")
                                .forEach(o -> compare(path.path("path").asText(), o)));
        boolean nothingProbed =
                report.path("unproved").toString().contains("nothing could be probed");
        report.path("findings").forEach(f -> checkFinding(f, nothingProbed));
        switch (report.path("verdict").asText()) {
            case "compliant" -> checkCompliant();
            case "violating" -> {
                if (Stream.of("critical", "high", "medium")
                        .noneMatch(s ->
                                report.path("findings").findValuesAsText("severity").contains(s))) {
                    mistakes.add("violating without a finding");
                }
            }
            case "unverified" -> {
                if (report.path("unproved").isEmpty()) {
                    mistakes.add("unverified without a cause");
                }
            }
            default -> mistakes.add("no verdict");
        }
        return List.copyOf(mistakes);
    }

    /// Compares an observation with the oracle's attempt at the same path with the same identity.
    private void compare(String path, JsonNode o) {
        String identity = o.path("identity").asText();
        Optional<WriteAttempt> attempt = facts.attempt(identity, path);
        ResolvedPath place = facts.places().get(path);
        String write = o.path("write").asText();
        boolean right =
                switch (write) {
                    case "writable" -> attempt.filter(a -> a.wrote() == 0).isPresent();
                    case "refused" -> attempt.filter(a -> matchesRefusal(o, a, place)).isPresent();
                    case "absent" -> attempt.filter(a -> matchesAbsence(o, a)).isPresent();
                    case "inconclusive" -> mayBeInconclusive(o, attempt, place);
                    default -> false;
                };
        boolean ran =
                switch (o.path("execute").asText()) {
                    case "executable" -> attempt.filter(WriteAttempt::canExecute).isPresent();
                    case "refused" -> attempt.filter(a -> a.ran() == 13).isPresent();
                    default -> true;
                };
        if (!right || !ran) {
            mistakes.add(path + ": observed " + o + ", oracle: " + attempt + " " + place);
        }
    }

    /// A path that a shell cannot access appears absent to it.
    private static boolean matchesAbsence(JsonNode o, WriteAttempt attempt) {
        boolean hidden = o.path("witness").asText().equals("exec") && attempt.wrote() == 13;
        return attempt.wrote() == 2 || attempt.wrote() == 20 || hidden;
    }

    /// EROFS may also be reported for an identity without permission: it is true for every
    /// identity.
    private static boolean matchesRefusal(JsonNode o, WriteAttempt attempt, ResolvedPath place) {
        return switch (o.path("errno").asText()) {
            case "EROFS" -> !attempt.isWritable() && place.readOnly();
            case "EACCES" -> attempt.wrote() == 13;
            case "EPERM" -> attempt.wrote() == 1;
            case "ENOSPC" -> attempt.wrote() == OracleFacts.ENOSPC;
            default -> false;
        };
    }

    private boolean mayBeInconclusive(
            JsonNode o, Optional<WriteAttempt> attempt, ResolvedPath place) {
        return switch (o.path("inconclusive").path("cause").asText()) {
            case "image-file" ->
                    place.kind() == 'f'
                            && !facts.mounts().get(place.mount()).path().equals(place.real());
            case "special-file" -> place.kind() == 'o';
            case "no-rm" ->
                    container.base() == Lab.Image.NO_RM
                            && o.path("witness").asText().equals("exec");
            case "unexpected-error" -> attempt.filter(a -> isDanglingLink(o, a, place)).isPresent();
            default -> false;
        };
    }

    /// A link without a target, which a shell cannot distinguish from one that its user may not
    /// follow.
    private static boolean isDanglingLink(JsonNode o, WriteAttempt attempt, ResolvedPath place) {
        return switch (attempt.wrote()) {
            case 2 -> place.kind() == '-';
            case 13 ->
                    (!place.real().equals(place.path()) || place.kind() == '-')
                            && o.path("witness").asText().equals("exec");
            default -> false;
        };
    }

    /// @param nothingProbed whether no witness has a result
    private void checkFinding(JsonNode finding, boolean nothingProbed) {
        String path = finding.path("path").asText();
        // Without a mount table it is not known where a link in a declared path leads.
        Optional<String> real =
                Optional.ofNullable(facts.places().get(path)).map(ResolvedPath::real);
        Optional<MountPoint> mount =
                facts.reachable().stream()
                        .filter(m -> m.path().equals(real.orElse(path)))
                        .findFirst();
        boolean isJustified =
                switch (finding.path("kind").asText()) {
                    case "drift" ->
                            mount.filter(m ->
                                            statusOf(m).readOnly().orElse(false)
                                                    && facts.isWritable(m))
                                            .isPresent()
                                    || (container.hasOwnView()
                                            && path.equals("/")
                                            && isRootDeclaredReadOnly());
                    // Then the declared path is compared with the policy.
                    case "exposed" ->
                            isExposed(real.orElse(path))
                                    || (nothingProbed
                                            && !destinations().getOrDefault(path, true)
                                            && !mayWrite(path));
                    // An engine's masks are identified by the /dev that they come from.
                    case "undeclared" ->
                            (path.startsWith("/proc/")
                                            && facts.mounts().values().stream()
                                                    .noneMatch(m -> m.path().equals("/dev")))
                                    || facts.reachable().stream()
                                            .anyMatch(m ->
                                                    isBelow(m.path(), path)
                                                            && statusOf(m).readOnly().isEmpty()
                                                            && !m.readOnly());
                    case "bypassable" ->
                            (container.powerful() || hasCapabilityOfPower())
                                    && (isRootDeclaredReadOnly() || isRootMountedReadOnly());
                    case "executable" ->
                            path.equals("/dev")
                                    || facts.attempt("service", path)
                                            .filter(WriteAttempt::canExecute)
                                            .isPresent();
                    case "unwritable" ->
                            facts.attempt("service", path).filter(a -> a.wrote() != 0).isPresent();
                    default -> false;
                };
        if (!isJustified) {
            mistakes.add(
                    "not so: "
                            + finding.path("kind").asText()
                            + " at "
                            + path
                            + ": "
                            + finding.path("message").asText());
        }
    }

    private boolean hasCapabilityOfPower() {
        return Stream.of("SYS_ADMIN", "DAC_READ_SEARCH")
                .anyMatch(declared.path("HostConfig").path("CapAdd").toString()::contains);
    }

    private boolean isRootMountedReadOnly() {
        return facts.reachable().stream().anyMatch(m -> m.path().equals("/") && m.readOnly());
    }

    /// Whether a report mentions a process with the root filesystem writable only in its own mount
    /// namespace, if it has to: if the root filesystem is declared read-only, and read-only for the
    /// first process.
    boolean reportsOwnView(JsonNode report) {
        return !isRootDeclaredReadOnly()
                || !isRootMountedReadOnly()
                || report.path("findings").findValuesAsText("kind").contains("drift");
    }

    /// Whether a path is declared writable but must be read-only by the policy, whatever is mounted
    /// there now.
    private boolean isExposed(String real) {
        if (real.equals("/")) {
            return !isRootDeclaredReadOnly()
                    && container
                            .policyRule()
                            .map(RandomContainer.PolicyRule::readOnly)
                            .orElse(true);
        }
        return destinations().entrySet().stream()
                .filter(d -> !d.getValue())
                .filter(d -> facts.places().get(d.getKey()).real().equals(real))
                .anyMatch(d -> !mayWrite(d.getKey(), real));
    }

    /// A container may be compliant only if no write succeeded where it has to be read-only, if
    /// each of these mounts is read-only, and if no file could be executed at a path under
    /// `noexec`.
    private void checkCompliant() {
        // If the policy does not require a read-only root filesystem, powers to undo it are not
        // checked.
        if (container.policyRule().map(RandomContainer.PolicyRule::readOnly).orElse(true)
                && (container.powerful() || hasCapabilityOfPower())
                && (isRootDeclaredReadOnly() || isRootMountedReadOnly())) {
            mistakes.add("false compliant: it can undo that it is read-only");
        }
        for (MountPoint mount : facts.reachable()) {
            MountStatus status = statusOf(mount);
            boolean engines = ENGINES_FILES.contains(mount.path()) && status.readOnly().isPresent();
            if (!status.allowed() && (facts.isWritable(mount) || (!mount.readOnly() && !engines))) {
                mistakes.add("false compliant: " + mount + " is not read-only");
            }
        }
        for (Map.Entry<String, Boolean> d : destinations().entrySet()) {
            ResolvedPath place = facts.places().get(d.getKey());
            boolean open =
                    facts.attempts().getOrDefault(d.getKey(), List.of()).stream()
                            .anyMatch(WriteAttempt::isWritable);
            if (d.getValue() && place != null && open) {
                mistakes.add(
                        "false compliant: " + d.getKey() + " is declared read-only and is not");
            }
        }
        for (String forbidden :
                container.policyRule().map(RandomContainer.PolicyRule::noexec).orElse(List.of())) {
            facts.attempts().values().stream()
                    .flatMap(List::stream)
                    .filter(a -> a.identity().equals("service") && a.canExecute())
                    .filter(a -> isBelow(a.path(), forbidden))
                    .forEach(a -> mistakes.add("false compliant: runs from " + a));
        }
    }

    /// Whether a write succeeded for any identity at a probed path that has to be read-only: then
    /// procfs has to find it.
    boolean isViolated() {
        return facts.reachable().stream()
                .anyMatch(m ->
                        !statusOf(m).allowed()
                                && facts.attempts().getOrDefault(m.path(), List.of()).stream()
                                        .anyMatch(WriteAttempt::isWritable));
    }
}

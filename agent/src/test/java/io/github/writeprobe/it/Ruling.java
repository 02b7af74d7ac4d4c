package io.github.writeprobe.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.it.Facts.Attempt;
import io.github.writeprobe.it.Facts.Place;
import io.github.writeprobe.it.Facts.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The rules of `docs/findings.md` said once more, in as few words as will do, over what the oracle
/// found out and what the engine declares: what a verdict may be, and what not.
final class Ruling {
    private static final Set<String> ENGINES_FILES =
            Set.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf");
    private static final Set<String> ENGINES_MEMORY = Set.of("/dev", "/dev/shm");

    private final JsonNode declared;
    private final RandomContainer container;
    private final Facts facts;
    private final List<String> wrong = new ArrayList<>();

    /// What a mount is to the engine and to policy.
    ///
    /// @param readOnly as declared; empty where it is not declared
    /// @param allowed whether it may be writable
    private record Standing(Optional<Boolean> readOnly, boolean allowed) {}

    /// @param declared the engine's inspect
    Ruling(JsonNode declared, RandomContainer container, Facts facts) {
        this.declared = declared;
        this.container = container;
        this.facts = facts;
    }

    private boolean rootReadOnly() {
        return declared.path("HostConfig").path("ReadonlyRootfs").asBoolean();
    }

    /// Destinations as declared, and whether they are read-only.
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

    private Standing standing(Point mount) {
        if (facts.stacked(mount)) {
            return new Standing(Optional.empty(), false);
        }
        boolean policy = container.wanted().map(RandomContainer.Wanted::readOnly).orElse(true);
        if (mount.path().equals("/")) {
            return new Standing(Optional.of(rootReadOnly()), !rootReadOnly() && !policy);
        }
        for (Map.Entry<String, Boolean> d : destinations().entrySet()) {
            Place place = facts.places().get(d.getKey());
            if (place != null && place.real().equals(mount.path())) {
                return new Standing(
                        Optional.of(d.getValue()),
                        !d.getValue() && mayWrite(d.getKey(), mount.path()));
            }
        }
        if (ENGINES_MEMORY.contains(mount.path()) && mount.type().equals("tmpfs")) {
            return new Standing(Optional.of(false), true);
        }
        if (ENGINES_FILES.contains(mount.path())) {
            return new Standing(Optional.of(rootReadOnly()), !rootReadOnly());
        }
        return new Standing(Optional.empty(), false);
    }

    private boolean mayWrite(String... paths) {
        Optional<List<String>> writable =
                container.wanted().flatMap(RandomContainer.Wanted::writable);
        return writable.isEmpty()
                || Stream.of(paths)
                        .anyMatch(p -> writable.get().stream().anyMatch(w -> below(p, w)));
    }

    private static boolean below(String path, String parent) {
        return path.equals(parent) || path.startsWith(parent + "/");
    }

    /// What of a container's report cannot be: a sentence each.
    List<String> wrong(JsonNode report) {
        wrong.clear();
        report.path("paths")
                .forEach(path ->
                        path.path("observations")
                                .forEach(o -> compare(path.path("path").asText(), o)));
        boolean unheard = report.path("unproved").toString().contains("nothing could be probed");
        report.path("findings").forEach(f -> justified(f, unheard));
        switch (report.path("verdict").asText()) {
            case "compliant" -> mayBeCompliant();
            case "violating" -> {
                if (Stream.of("critical", "high", "medium")
                        .noneMatch(s ->
                                report.path("findings").findValuesAsText("severity").contains(s))) {
                    wrong.add("violating without a finding");
                }
            }
            case "unverified" -> {
                if (report.path("unproved").isEmpty()) {
                    wrong.add("unverified without a cause");
                }
            }
            default -> wrong.add("no verdict");
        }
        return List.copyOf(wrong);
    }

    /// An observation against the attempt at the same path as the same identity.
    private void compare(String path, JsonNode o) {
        String identity = o.path("identity").asText();
        Optional<Attempt> attempt = facts.attempt(identity, path);
        Place place = facts.places().get(path);
        String write = o.path("write").asText();
        boolean right =
                switch (write) {
                    case "writable" -> attempt.filter(a -> a.wrote() == 0).isPresent();
                    case "refused" -> attempt.filter(a -> refusedAlike(o, a, place)).isPresent();
                    case "absent" -> attempt.filter(a -> absentAlike(o, a)).isPresent();
                    case "inconclusive" -> mayBeInconclusive(o, attempt, place);
                    default -> false;
                };
        boolean ran =
                switch (o.path("execute").asText()) {
                    case "executable" -> attempt.filter(Attempt::runs).isPresent();
                    case "refused" -> attempt.filter(a -> a.ran() == 13).isPresent();
                    default -> true;
                };
        if (!right || !ran) {
            wrong.add(path + ": observed " + o + ", oracle: " + attempt + " " + place);
        }
    }

    /// What a shell cannot see is not there for it.
    private static boolean absentAlike(JsonNode o, Attempt attempt) {
        boolean hidden = o.path("witness").asText().equals("exec") && attempt.wrote() == 13;
        return attempt.wrote() == 2 || attempt.wrote() == 20 || hidden;
    }

    /// EROFS may be known to whoever has no permission, too: it holds for everybody.
    private static boolean refusedAlike(JsonNode o, Attempt attempt, Place place) {
        return switch (o.path("errno").asText()) {
            case "EROFS" -> !attempt.open() && place.readOnly();
            case "EACCES" -> attempt.wrote() == 13;
            case "EPERM" -> attempt.wrote() == 1;
            case "ENOSPC" -> attempt.wrote() == Facts.ENOSPC;
            default -> false;
        };
    }

    private boolean mayBeInconclusive(JsonNode o, Optional<Attempt> attempt, Place place) {
        return switch (o.path("inconclusive").path("cause").asText()) {
            case "image-file" ->
                    place.kind() == 'f'
                            && !facts.mounts().get(place.mount()).path().equals(place.real());
            case "special-file" -> place.kind() == 'o';
            case "no-rm" ->
                    container.base() == Lab.Image.NO_RM
                            && o.path("witness").asText().equals("exec");
            case "unexpected-error" -> attempt.filter(a -> lost(o, a, place)).isPresent();
            default -> false;
        };
    }

    /// A link that leads nowhere; a shell cannot tell it from one that its user may not follow.
    private static boolean lost(JsonNode o, Attempt attempt, Place place) {
        return switch (attempt.wrote()) {
            case 2 -> place.kind() == '-';
            case 13 ->
                    !place.real().equals(place.path()) && o.path("witness").asText().equals("exec");
            default -> false;
        };
    }

    /// @param unheard whether no witness could say anything
    private void justified(JsonNode finding, boolean unheard) {
        String path = finding.path("path").asText();
        // Without a mount table nobody knows where the link of a declared path leads.
        Optional<String> real = Optional.ofNullable(facts.places().get(path)).map(Place::real);
        Optional<Point> mount =
                facts.reachable().stream()
                        .filter(m -> m.path().equals(real.orElse(path)))
                        .findFirst();
        boolean just =
                switch (finding.path("kind").asText()) {
                    case "drift" ->
                            mount.filter(m -> standing(m).readOnly().orElse(false) && facts.open(m))
                                            .isPresent()
                                    || (container.ownView() && path.equals("/") && rootReadOnly());
                    // Then a path is held against the policy as it is declared.
                    case "exposed" ->
                            exposed(real.orElse(path))
                                    || (unheard
                                            && !destinations().getOrDefault(path, true)
                                            && !mayWrite(path));
                    // An engine's masks are known by the /dev that they are from.
                    case "undeclared" ->
                            (path.startsWith("/proc/")
                                            && facts.mounts().values().stream()
                                                    .noneMatch(m -> m.path().equals("/dev")))
                                    || facts.reachable().stream()
                                            .anyMatch(m ->
                                                    below(m.path(), path)
                                                            && standing(m).readOnly().isEmpty()
                                                            && !m.readOnly());
                    case "bypassable" ->
                            (container.powerful() || hasCapabilityOfPower())
                                    && (rootReadOnly() || rootIsReadOnly());
                    case "executable" ->
                            path.equals("/dev")
                                    || facts.attempt("service", path)
                                            .filter(Attempt::runs)
                                            .isPresent();
                    case "unwritable" ->
                            facts.attempt("service", path).filter(a -> a.wrote() != 0).isPresent();
                    default -> false;
                };
        if (!just) {
            wrong.add(
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

    private boolean rootIsReadOnly() {
        return facts.reachable().stream().anyMatch(m -> m.path().equals("/") && m.readOnly());
    }

    /// Whether a report tells of a process that has the root filesystem writable for itself alone:
    /// where it is declared read-only, and the first process has it so.
    boolean ownViewIsFound(JsonNode report) {
        return !rootReadOnly()
                || !rootIsReadOnly()
                || report.path("findings").findValuesAsText("kind").contains("drift");
    }

    /// Whether it is declared writable, and policy does not want it so: whatever lies there now.
    private boolean exposed(String real) {
        if (real.equals("/")) {
            return !rootReadOnly()
                    && container.wanted().map(RandomContainer.Wanted::readOnly).orElse(true);
        }
        return destinations().entrySet().stream()
                .filter(d -> !d.getValue())
                .filter(d -> facts.places().get(d.getKey()).real().equals(real))
                .anyMatch(d -> !mayWrite(d.getKey(), real));
    }

    /// Only if nothing that has to be read-only could be written anywhere, and each mount of these
    /// is read-only; and nothing ran from where nothing may.
    private void mayBeCompliant() {
        // Where policy wants no read-only root filesystem, nobody asks who could undo it.
        if (container.wanted().map(RandomContainer.Wanted::readOnly).orElse(true)
                && (container.powerful() || hasCapabilityOfPower())
                && (rootReadOnly() || rootIsReadOnly())) {
            wrong.add("false compliant: it can undo that it is read-only");
        }
        for (Point mount : facts.reachable()) {
            Standing standing = standing(mount);
            boolean engines =
                    ENGINES_FILES.contains(mount.path()) && standing.readOnly().isPresent();
            if (!standing.allowed() && (facts.open(mount) || (!mount.readOnly() && !engines))) {
                wrong.add("false compliant: " + mount + " is not read-only");
            }
        }
        for (Map.Entry<String, Boolean> d : destinations().entrySet()) {
            Place place = facts.places().get(d.getKey());
            boolean open =
                    facts.attempts().getOrDefault(d.getKey(), List.of()).stream()
                            .anyMatch(Attempt::open);
            if (d.getValue() && place != null && open) {
                wrong.add("false compliant: " + d.getKey() + " is declared read-only and is not");
            }
        }
        for (String forbidden :
                container.wanted().map(RandomContainer.Wanted::noexec).orElse(List.of())) {
            facts.attempts().values().stream()
                    .flatMap(List::stream)
                    .filter(a -> a.identity().equals("service") && a.runs())
                    .filter(a -> below(a.path(), forbidden))
                    .forEach(a -> wrong.add("false compliant: runs from " + a));
        }
    }

    /// Whether what has to be read-only was open for anybody at a place that a witness tries: then
    /// the kernel's testimony has to know it.
    boolean violated() {
        return facts.reachable().stream()
                .anyMatch(m ->
                        !standing(m).allowed()
                                && facts.attempts().getOrDefault(m.path(), List.of()).stream()
                                        .anyMatch(Attempt::open));
    }
}

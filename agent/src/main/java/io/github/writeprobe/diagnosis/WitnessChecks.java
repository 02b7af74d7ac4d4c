package io.github.writeprobe.diagnosis;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Diagnosis.Area;
import io.github.writeprobe.model.Diagnosis.Check;
import io.github.writeprobe.model.Diagnosis.State;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// For how many of the running containers each witness works, and why not for the others.
public final class WitnessChecks {
    private static final int MAX_REASONS = 3;
    private static final int MAX_NAMES = 3;

    private final List<ContainerReport> containers;
    private final Optional<WitnessName> onlyWitness;
    private final Optional<String> procfsUnavailable;
    private final boolean hasSidecarImage;

    /// @param containers the report of an audit of all running containers
    /// @param procfsUnavailable why `procfs` is unavailable for all containers
    public WitnessChecks(
            List<ContainerReport> containers,
            Optional<WitnessName> onlyWitness,
            Optional<String> procfsUnavailable,
            boolean hasSidecarImage) {
        this.containers = List.copyOf(containers);
        this.onlyWitness = requireNonNull(onlyWitness);
        this.procfsUnavailable = requireNonNull(procfsUnavailable);
        this.hasSidecarImage = hasSidecarImage;
    }

    public List<Check> checks() {
        return List.of(exec(), procfs(), sidecar());
    }

    private Check exec() {
        return isSelected(WitnessName.EXEC)
                ? tried(WitnessName.EXEC)
                : notSelected(WitnessName.EXEC);
    }

    private Check procfs() {
        if (!isSelected(WitnessName.PROCFS)) {
            return notSelected(WitnessName.PROCFS);
        }
        return procfsUnavailable.isEmpty()
                ? tried(WitnessName.PROCFS)
                : check(
                        WitnessName.PROCFS,
                        State.FAILS,
                        procfsUnavailable.get(),
                        "run writeprobe as root on the engine's host: procfs also probes containers"
                                + " without a shell and paused ones, sees mounts that the service"
                                + " may not write to, and sees a remount within milliseconds");
    }

    private Check sidecar() {
        if (!isSelected(WitnessName.SIDECAR)) {
            return notSelected(WitnessName.SIDECAR);
        }
        if (!hasSidecarImage) {
            return check(
                    WitnessName.SIDECAR,
                    State.UNUSED,
                    "not set up; needed only for containers without a shell where procfs cannot be"
                            + " used",
                    "");
        }
        return attempts(WitnessName.SIDECAR).isEmpty()
                ? check(WitnessName.SIDECAR, State.UNUSED, "set up; no container needed it", "")
                : tried(WitnessName.SIDECAR);
    }

    private boolean isSelected(WitnessName witness) {
        return onlyWitness.isEmpty() || onlyWitness.get() == witness;
    }

    private Check notSelected(WitnessName witness) {
        return check(witness, State.UNUSED, "not selected by --witness or probe.witness", "");
    }

    /// One use of a witness for a container.
    private record Attempt(String container, Optional<WriteResult.Inconclusive> trouble) {}

    private List<Attempt> attempts(WitnessName witness) {
        List<Attempt> attempts = new ArrayList<>();
        for (ContainerReport report : containers) {
            report.witnesses().stream()
                    .filter(w -> w.witness() == witness && w.identity() == ProbeIdentity.SERVICE)
                    .map(WitnessRun::trouble)
                    .findFirst()
                    .ifPresent(trouble ->
                            attempts.add(new Attempt(report.container().name(), trouble)));
        }
        return attempts;
    }

    private Check tried(WitnessName witness) {
        List<Attempt> attempts = attempts(witness);
        if (containers.isEmpty()) {
            return check(
                    witness, State.UNUSED, "not tried, because no running container was found", "");
        }
        List<Attempt> failed = attempts.stream().filter(a -> a.trouble().isPresent()).toList();
        int succeeded = attempts.size() - failed.size();
        State state =
                failed.isEmpty() && succeeded > 0
                        ? State.WORKS
                        : succeeded > 0 ? State.LIMITED : State.FAILS;
        String summary =
                "probed %d of %d running %s"
                        .formatted(
                                succeeded,
                                containers.size(),
                                containers.size() == 1 ? "container" : "containers");
        List<Map.Entry<String, List<Attempt>>> reasons = byReason(failed);
        return check(
                witness,
                state,
                summary
                        + reasons.stream()
                                .limit(MAX_REASONS)
                                .map(e -> "; " + names(e.getValue()) + ": " + e.getKey())
                                .collect(Collectors.joining()),
                reasons.isEmpty() ? "" : remedy(reasons.getFirst().getValue().getFirst()));
    }

    /// The most frequent reason first.
    private static List<Map.Entry<String, List<Attempt>>> byReason(List<Attempt> failed) {
        return failed.stream()
                .collect(
                        Collectors.groupingBy(
                                a -> a.trouble().orElseThrow().cause().meaning(),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .entrySet()
                .stream()
                .sorted(Comparator.comparingInt(e -> -e.getValue().size()))
                .toList();
    }

    private static String names(List<Attempt> attempts) {
        String names =
                attempts.stream()
                        .limit(MAX_NAMES)
                        .map(Attempt::container)
                        .collect(Collectors.joining(", "));
        int more = attempts.size() - MAX_NAMES;
        return more > 0 ? names + " and " + more + " more" : names;
    }

    private static String remedy(Attempt example) {
        InconclusiveCause cause = example.trouble().orElseThrow().cause();
        return switch (cause) {
            case NO_SHELL, NO_RM, PAUSED -> "procfs probes these too, as root on the engine's host";
            case UNREACHABLE ->
                    "run writeprobe on the engine's host and in its PID namespace; in a container:"
                            + " docker run --pid host";
            case CHROOT -> "run writeprobe as root, with CAP_SYS_ADMIN and CAP_SYS_CHROOT";
            case EXEC_FAILED -> "docker exec " + example.container() + " sh -c true shows why";
            case TIMED_OUT -> "raise probe.timeout in the configuration file";
            case NOT_RUNNING,
                    GONE,
                    OUTPUT_CAPPED,
                    MALFORMED,
                    ENGINE,
                    SPECIAL_FILE,
                    IMAGE_FILE,
                    NAME_TAKEN,
                    DELETED,
                    UNEXPECTED_ERROR,
                    NAMESPACE,
                    CHANGED,
                    NOT_PROBED ->
                    "writeprobe explain " + example.container() + " shows the details";
        };
    }

    private static Check check(WitnessName witness, State state, String detail, String remedy) {
        return new Check(Area.WITNESSES, witness.label(), state, detail, remedy);
    }
}

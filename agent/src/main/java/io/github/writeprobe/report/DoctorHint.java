package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a report lacks because of where writeprobe runs, and not because of the containers.
final class DoctorHint {
    /// Causes that another place or another privilege would remove.
    private static final Set<InconclusiveCause> OF_THE_PLACE =
            EnumSet.of(
                    InconclusiveCause.UNREACHABLE,
                    InconclusiveCause.EXEC_FAILED,
                    InconclusiveCause.ENGINE,
                    InconclusiveCause.NO_SHELL);

    private static final String DOCTOR = "What can be verified from here: writeprobe doctor";

    private final Report report;

    DoctorHint(Report report) {
        this.report = report;
    }

    /// Empty if nothing is missing.
    String text() {
        Optional<String> noProcfs = withoutProcfs();
        if (noProcfs.isPresent()) {
            return "procfs, which needs no shell and sees every mount, was not used: "
                    + noProcfs.get()
                    + ". See writeprobe doctor.";
        }
        boolean silent = report.engines().stream().anyMatch(engine -> !engine.isUp());
        return silent || report.containers().stream().anyMatch(DoctorHint::isOutOfReach)
                ? DOCTOR
                : "";
    }

    /// Why `procfs` reached none of the containers, if that is the same for all.
    private Optional<String> withoutProcfs() {
        List<WriteResult.Inconclusive> reasons =
                report.containers().stream()
                        .flatMap(c -> c.witnesses().stream())
                        .filter(w -> w.witness() == WitnessName.PROCFS)
                        .flatMap(w -> w.trouble().stream())
                        .toList();
        boolean same =
                !reasons.isEmpty()
                        && reasons.size() == report.containers().size()
                        && reasons.stream().distinct().count() == 1
                        && reasons.getFirst().cause() == InconclusiveCause.UNREACHABLE;
        return same ? Optional.of(reasons.getFirst().detail()) : Optional.empty();
    }

    private static boolean isOutOfReach(ContainerReport container) {
        return container.verdict() == Verdict.UNVERIFIED
                && container.witnesses().stream()
                        .flatMap(w -> w.trouble().stream())
                        .anyMatch(trouble -> OF_THE_PLACE.contains(trouble.cause()));
    }
}

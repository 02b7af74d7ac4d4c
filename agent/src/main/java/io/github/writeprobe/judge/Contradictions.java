package io.github.writeprobe.judge;

import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The findings about a container whose own word is not the kernel's.
///
/// Whether a mount is read-only is so for everybody, so on that any two words can be compared. What
/// permissions allow depends on who asks, with which groups and capabilities, and an exec has not
/// always those of the first process: so on that only the words about root are compared, and not
/// where a security module may stand between the container and what the kernel lets the agent do,
/// nor where the kernel refuses root, since what exec starts may have capabilities that the
/// container's first process gave up.
final class Contradictions {
    private static final int MOST_EVIDENCE = 6;

    private final JudgedContainer scene;

    Contradictions(JudgedContainer scene) {
        this.scene = scene;
    }

    /// Two words that cannot both be true.
    private record Clash(Observation said, Observation kernel) {}

    Stream<Finding> all() {
        return scene.mounts().stream().flatMap(m -> of(m).stream());
    }

    private Optional<Finding> of(Mount m) {
        Map<String, List<Observation>> kernels =
                m.observations().stream()
                        .filter(o -> o.witness() == WitnessName.PROCFS)
                        .collect(Collectors.groupingBy(Observation::path));
        List<Clash> clashes = new ArrayList<>();
        for (Observation said : m.observations()) {
            if (said.witness() != WitnessName.PROCFS) {
                kernels.getOrDefault(said.path(), List.of()).stream()
                        .filter(k -> clash(said, k))
                        .findFirst()
                        .ifPresent(k -> clashes.add(new Clash(said, k)));
            }
        }
        return clashes.isEmpty() ? Optional.empty() : Optional.of(finding(m, clashes));
    }

    private boolean clash(Observation said, Observation kernel) {
        Errno.Proof one = proof(said.write());
        Errno.Proof other = proof(kernel.write());
        if (one != Errno.Proof.NOTHING && other != Errno.Proof.NOTHING) {
            return one != other;
        }
        return bothRoot(said, kernel)
                && switch (said.write()) {
                    case Write.Writable() -> kernel.write() instanceof Write.Absent;
                    case Write.Refused _ ->
                            forbidden(said.write())
                                    && kernel.write() instanceof Write.Writable
                                    && !confined();
                    case Write.Absent() -> kernel.write() instanceof Write.Writable;
                    case Write.Inconclusive _ -> false;
                };
    }

    private static Errno.Proof proof(Write write) {
        return switch (write) {
            case Write.Writable() -> Errno.Proof.NOT_READ_ONLY;
            case Write.Refused refused -> refused.proof();
            case Write.Absent _, Write.Inconclusive _ -> Errno.Proof.NOTHING;
        };
    }

    private static boolean forbidden(Write write) {
        return write instanceof Write.Refused r
                && (r.errno() == Errno.EACCES || r.errno() == Errno.EPERM);
    }

    /// What exec runs as uid 0 may do what the container's root may, whatever the service does.
    private static boolean bothRoot(Observation said, Observation kernel) {
        return said.uid().orElse(-1) == 0
                && said.uid().equals(kernel.uid())
                && kernel.identity() == Identity.ROOT;
    }

    /// Docker's own profile for AppArmor forbids no path that is probed; any other may.
    private boolean confined() {
        return scene.testimonies().stream()
                .map(t -> t.facts().confinement())
                .anyMatch(l ->
                        !l.isEmpty()
                                && !l.startsWith("unconfined")
                                && !l.startsWith("docker-default"));
    }

    private Finding finding(Mount m, List<Clash> clashes) {
        Clash first = clashes.getFirst();
        List<String> paths = clashes.stream().map(c -> c.said().path()).distinct().toList();
        return new Finding(
                FindingKind.CONTRADICTION,
                Severity.CRITICAL,
                m.mountPoint(),
                "The container does not say what the kernel says of "
                        + FindingWords.list(paths)
                        + ": "
                        + FindingWords.came(first.said())
                        + ", and the kernel "
                        + FindingWords.answered(first.kernel()),
                "Do not trust the container's own programs: find out what its sh is, keep the"
                        + " container for forensics, and replace it",
                clashes.stream()
                        .flatMap(c ->
                                Stream.of(
                                        FindingWords.evidence(c.said()),
                                        FindingWords.evidence(c.kernel())))
                        .distinct()
                        .limit(MOST_EVIDENCE)
                        .toList(),
                Optional.empty());
    }
}

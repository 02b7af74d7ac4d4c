package io.github.writeprobe.judge;

import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import java.util.List;
import java.util.stream.Stream;

/// The reasons why a container is not compliant although another witness may have proved it: the
/// `procfs` witness can probe the container, but its result is inconclusive. The container itself
/// may have caused that.
///
/// If the `procfs` witness cannot probe the container at all (it is on another host or in a
/// sandbox, or privileges are missing), the other witnesses decide alone.
final class ProcfsDoubts {
    private ProcfsDoubts() {}

    /// Whether the `procfs` witness can probe the container.
    static boolean isKernelAsked(List<ProbeResult> results) {
        return procfsResults(results).anyMatch(t -> !isUnreachable(t));
    }

    /// The reasons, a sentence each.
    static List<String> of(List<ProbeResult> results) {
        Stream<String> silence =
                procfsResults(results)
                        .filter(t -> !isUnreachable(t))
                        .flatMap(t -> t.trouble().stream())
                        .map(t ->
                                "the procfs witness is inconclusive: "
                                        + PathObservationText.reason(t));
        Stream<String> doubts = ProbeResult.factsOf(results).doubts().stream();
        return Stream.concat(silence, doubts).distinct().toList();
    }

    private static Stream<ProbeResult> procfsResults(List<ProbeResult> results) {
        return results.stream().filter(t -> t.witness() == WitnessName.PROCFS);
    }

    private static boolean isUnreachable(ProbeResult t) {
        return t.trouble().filter(why -> why.cause() == InconclusiveCause.UNREACHABLE).isPresent();
    }
}

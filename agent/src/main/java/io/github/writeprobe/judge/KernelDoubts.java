package io.github.writeprobe.judge;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import java.util.List;
import java.util.stream.Stream;

/// Why a container cannot be called compliant where the kernel can be asked about it: its silence
/// is no yes, since the container may have caused it.
///
/// Where it cannot be asked at all (another machine, a sandbox, too few privileges) others decide
/// alone.
final class KernelDoubts {
    private KernelDoubts() {}

    /// Whether the kernel can be asked about the container.
    static boolean isKernelAsked(List<ProbeResult> results) {
        return procfsResults(results).anyMatch(t -> !isUnreachable(t));
    }

    /// A sentence each.
    static List<String> of(List<ProbeResult> results) {
        Stream<String> silence =
                procfsResults(results)
                        .filter(t -> !isUnreachable(t))
                        .flatMap(t -> t.trouble().stream())
                        .map(t -> "the kernel could not tell: " + FindingText.reason(t));
        Stream<String> doubts = ProbeResult.factsOf(results).doubts().stream();
        return Stream.concat(silence, doubts).distinct().toList();
    }

    private static Stream<ProbeResult> procfsResults(List<ProbeResult> results) {
        return results.stream().filter(t -> t.witness() == WitnessName.PROCFS);
    }

    private static boolean isUnreachable(ProbeResult t) {
        return t.trouble().filter(why -> why.cause() == Cause.UNREACHABLE).isPresent();
    }
}

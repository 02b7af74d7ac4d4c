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
    static boolean asked(List<ProbeResult> testimonies) {
        return kernel(testimonies).anyMatch(t -> !unreachable(t));
    }

    /// A sentence each.
    static List<String> of(List<ProbeResult> testimonies) {
        Stream<String> silence =
                kernel(testimonies)
                        .filter(t -> !unreachable(t))
                        .flatMap(t -> t.trouble().stream())
                        .map(t -> "the kernel could not tell: " + FindingWords.trouble(t));
        Stream<String> doubts = ProbeResult.factsOf(testimonies).doubts().stream();
        return Stream.concat(silence, doubts).distinct().toList();
    }

    private static Stream<ProbeResult> kernel(List<ProbeResult> testimonies) {
        return testimonies.stream().filter(t -> t.witness() == WitnessName.PROCFS);
    }

    private static boolean unreachable(ProbeResult t) {
        return t.trouble().filter(why -> why.cause() == Cause.UNREACHABLE).isPresent();
    }
}

package io.github.writeprobe.it;

import java.util.List;
import java.util.stream.Stream;

/// What proofs have left on an engine.
final class CloneLeftovers {
    private static final String OURS = "label=writeprobe.helper=clone";

    private CloneLeftovers() {}

    static List<String> of(Lab lab) {
        return Stream.of(
                        lab.docker("ps", "-a", "--filter", OURS, "--format", "{{.Names}}"),
                        lab.docker("volume", "ls", "--filter", OURS, "-q"),
                        lab.docker("network", "ls", "--filter", OURS, "--format", "{{.Name}}"))
                .flatMap(String::lines)
                .sorted()
                .toList();
    }

    /// Anonymous volumes.
    static List<String> anonymousVolumes(Lab lab) {
        return lab.docker("volume", "ls", "-q")
                .lines()
                .filter(name -> name.matches("[0-9a-f]{64}"))
                .sorted()
                .toList();
    }
}

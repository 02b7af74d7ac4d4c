package io.github.writeprobe.probes.procfs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether this process may look into others as the procfs witness does.
final class Privileges {
    private static final Map<String, Integer> NEEDED = needed();
    private static final int ENOSYS = -38;

    private Privileges() {}

    private static Map<String, Integer> needed() {
        Map<String, Integer> needed = new LinkedHashMap<>();
        needed.put("CAP_SYS_PTRACE", 19);
        needed.put("CAP_DAC_OVERRIDE", 1);
        needed.put("CAP_SETUID", 7);
        needed.put("CAP_SETGID", 6);
        return needed;
    }

    /// @return what is missing, and what to do; empty if nothing is
    static Optional<String> missing(Kernel kernel, ProcessStatus own) {
        long root = kernel.openIn(Kernel.AT_FDCWD, "/", Kernel.O_PATH | Kernel.O_CLOEXEC, 0, 0);
        kernel.close(root);
        if (root == ENOSYS) {
            return Optional.of("it needs Linux 5.6 or later");
        }
        List<String> missing =
                NEEDED.entrySet().stream()
                        .filter(e -> (own.effective() & (1L << e.getValue())) == 0)
                        .map(Map.Entry::getKey)
                        .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "it needs root, or "
                                + String.join(", ", NEEDED.keySet())
                                + "; missing: "
                                + String.join(", ", missing));
    }
}

package io.github.writeprobe.cycle;

import java.util.HashMap;
import java.util.Map;

/// Bounds what is kept in memory of what strangers say, over all containers.
///
/// Whoever starts containers decides how long labels, names and mounts are, and what a shell
/// prints, and may start many. A container of which no more has to be kept than of others always
/// has its place; all that need more share one bound, and whoever does not fit is not verified. For
/// several threads.
public final class MemoryBudget {
    private final long allowance;
    private final long sharedLimit;
    private final Map<String, Long> reserved = new HashMap<>();
    private long totalReserved;

    /// For what engines declare: some ten times what a container with many mounts and labels has,
    /// and for all together some 32 MB.
    public static MemoryBudget forDeclarations() {
        return new MemoryBudget(64 << 10, 16 << 20);
    }

    /// For what containers say of themselves, which is mostly a mount table: of some hundred
    /// mounts, and for all together some 64 MB.
    public static MemoryBudget forProbeResults() {
        return new MemoryBudget(256 << 10, 32 << 20);
    }

    /// @param allowance what each may take in any case
    /// @param sharedLimit what all that take more may take together
    MemoryBudget(long allowance, long sharedLimit) {
        this.allowance = allowance;
        this.sharedLimit = sharedLimit;
    }

    /// Gives back what was taken before for the same container.
    ///
    /// @param weight in characters, as [MemoryWeights] has it
    /// @return whether it may be kept
    public synchronized boolean tryAcquire(String id, long weight) {
        release(id);
        if (weight <= allowance) {
            return true;
        }
        if (totalReserved + weight > sharedLimit) {
            return false;
        }
        reserved.put(id, weight);
        totalReserved += weight;
        return true;
    }

    /// It is not kept any more.
    public synchronized void release(String id) {
        Long weight = reserved.remove(id);
        totalReserved -= weight == null ? 0 : weight;
    }
}

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
    private final long ordinary;
    private final long most;
    private final Map<String, Long> taken = new HashMap<>();
    private long sum;

    /// For what engines declare: some ten times what a container with many mounts and labels has,
    /// and for all together some 32 MB.
    public static MemoryBudget ofDeclarations() {
        return new MemoryBudget(64 << 10, 16 << 20);
    }

    /// For what containers say of themselves, which is mostly a mount table: of some hundred
    /// mounts, and for all together some 64 MB.
    public static MemoryBudget ofTestimonies() {
        return new MemoryBudget(256 << 10, 32 << 20);
    }

    /// @param ordinary what each may take in any case
    /// @param most what all that take more may take together
    MemoryBudget(long ordinary, long most) {
        this.ordinary = ordinary;
        this.most = most;
    }

    /// Gives back what was taken before for the same container.
    ///
    /// @param weight in characters, as [Weights] has it
    /// @return whether it may be kept
    public synchronized boolean take(String id, long weight) {
        release(id);
        if (weight <= ordinary) {
            return true;
        }
        if (sum + weight > most) {
            return false;
        }
        taken.put(id, weight);
        sum += weight;
        return true;
    }

    /// It is not kept any more.
    public synchronized void release(String id) {
        Long weight = taken.remove(id);
        sum -= weight == null ? 0 : weight;
    }
}

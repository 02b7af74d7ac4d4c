package io.github.writeprobe.probing;

import java.util.HashMap;
import java.util.Map;

/// Limits how much untrusted data is kept in memory, over all containers.
///
/// The user of an engine decides how long labels, names and mounts are, what a shell prints, and
/// how many containers there are. A container whose data is small is always kept. All larger ones
/// share one limit, and a container that exceeds it is unverified. Thread-safe.
public final class UntrustedDataBudget {
    private final long allowance;
    private final long sharedLimit;
    private final Map<String, Long> reserved = new HashMap<>();
    private long totalReserved;

    /// The limit for what engines declare: the allowance is some ten times what a container with
    /// many mounts and labels has, and the shared limit is some 32 MB.
    public static UntrustedDataBudget forDeclarations() {
        return new UntrustedDataBudget(64 << 10, 16 << 20);
    }

    /// The limit for what probes print in containers, which is mostly a mount table: the allowance
    /// is a table of some hundred mounts, and the shared limit is some 64 MB.
    public static UntrustedDataBudget forProbeResults() {
        return new UntrustedDataBudget(256 << 10, 32 << 20);
    }

    /// @param allowance what each container may take in any case
    /// @param sharedLimit what all containers that take more may take together
    UntrustedDataBudget(long allowance, long sharedLimit) {
        this.allowance = allowance;
        this.sharedLimit = sharedLimit;
    }

    /// Reserves memory for a container's data. An earlier reservation for the same container is
    /// released first.
    ///
    /// @param weight in characters, as computed by [UntrustedDataSizeEstimator]
    /// @return whether the data may be kept
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

    /// Releases the reservation: the data is no longer kept.
    public synchronized void release(String id) {
        Long weight = reserved.remove(id);
        totalReserved -= weight == null ? 0 : weight;
    }
}

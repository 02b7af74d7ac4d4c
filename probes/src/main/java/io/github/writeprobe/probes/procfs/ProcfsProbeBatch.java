package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Probes several containers, one after the other, with one thread. It ends at the first container
/// where it hangs.
final class ProcfsProbeBatch implements Consumer<LinuxSyscalls> {
    private final List<ProcfsProbe> probes;
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<ProcfsProbe.ProbeAttempt> attempts = new ArrayList<>();
    private boolean abandoned;

    ProcfsProbeBatch(List<ProcfsProbe> probes) {
        this.probes = probes;
    }

    @Override
    public void accept(LinuxSyscalls kernel) {
        try {
            for (ProcfsProbe probe : probes) {
                Optional<ProcfsProbe.ProbeAttempt> attempt = nextAttempt(probe);
                if (attempt.isEmpty()) {
                    return;
                }
                attempt.get().accept(kernel);
            }
        } finally {
            done.countDown();
        }
    }

    private synchronized Optional<ProcfsProbe.ProbeAttempt> nextAttempt(ProcfsProbe probe) {
        if (abandoned) {
            return Optional.empty();
        }
        ProcfsProbe.ProbeAttempt attempt = probe.newAttempt();
        attempts.add(attempt);
        return Optional.of(attempt);
    }

    /// @param timeout the maximum time without progress
    /// @return the results of the first containers, in their order; of all containers, unless it
    ///   hangs
    List<List<ProbeResult>> await(Duration timeout) throws InterruptedException {
        int previousCount = -1;
        while (!done.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            int count = attemptCount();
            if (count == previousCount) {
                abandon();
                break;
            }
            previousCount = count;
        }
        return completedResults();
    }

    private synchronized int attemptCount() {
        return attempts.size();
    }

    private synchronized void abandon() {
        abandoned = true;
        if (!attempts.isEmpty()) {
            attempts.getLast().abandon();
        }
    }

    private synchronized List<List<ProbeResult>> completedResults() {
        List<List<ProbeResult>> results = new ArrayList<>();
        for (ProcfsProbe.ProbeAttempt attempt : attempts) {
            Optional<List<ProbeResult>> attemptResults = attempt.resultsIfDone();
            if (attemptResults.isEmpty()) {
                break;
            }
            results.add(attemptResults.get());
        }
        return results;
    }
}

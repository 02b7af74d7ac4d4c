package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.kernel.Kernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Probes several containers, one after the other, with one thread. It ends at the first container
/// where it hangs.
final class ProbeBatch implements Consumer<Kernel> {
    private final List<ContainerProbe> probes;
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<ContainerProbe.ProbeAttempt> attempts = new ArrayList<>();
    private boolean abandoned;

    ProbeBatch(List<ContainerProbe> probes) {
        this.probes = probes;
    }

    @Override
    public void accept(Kernel kernel) {
        try {
            for (ContainerProbe probe : probes) {
                Optional<ContainerProbe.ProbeAttempt> attempt = nextAttempt(probe);
                if (attempt.isEmpty()) {
                    return;
                }
                attempt.get().accept(kernel);
            }
        } finally {
            done.countDown();
        }
    }

    private synchronized Optional<ContainerProbe.ProbeAttempt> nextAttempt(ContainerProbe probe) {
        if (abandoned) {
            return Optional.empty();
        }
        ContainerProbe.ProbeAttempt attempt = probe.newAttempt();
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
        for (ContainerProbe.ProbeAttempt attempt : attempts) {
            Optional<List<ProbeResult>> attemptResults = attempt.resultsIfDone();
            if (attemptResults.isEmpty()) {
                break;
            }
            results.add(attemptResults.get());
        }
        return results;
    }
}

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

/// Visits to several containers, one after the other, by one thread. It ends where it hangs.
final class ProbeBatch implements Consumer<Kernel> {
    private final List<ContainerProbe> visits;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<ContainerProbe.Leg> legs = new ArrayList<>();
    private boolean abandoned;

    ProbeBatch(List<ContainerProbe> visits) {
        this.visits = visits;
    }

    @Override
    public void accept(Kernel kernel) {
        try {
            for (ContainerProbe visit : visits) {
                Optional<ContainerProbe.Leg> leg = next(visit);
                if (leg.isEmpty()) {
                    return;
                }
                leg.get().accept(kernel);
            }
        } finally {
            end.countDown();
        }
    }

    private synchronized Optional<ContainerProbe.Leg> next(ContainerProbe visit) {
        if (abandoned) {
            return Optional.empty();
        }
        ContainerProbe.Leg leg = visit.leg();
        legs.add(leg);
        return Optional.of(leg);
    }

    /// @param patience for as long as nothing comes of it
    /// @return what was said of the first containers, in their order; all of them, unless it hangs
    List<List<ProbeResult>> await(Duration patience) throws InterruptedException {
        int before = -1;
        while (!end.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            int now = reached();
            if (now == before) {
                abandon();
                break;
            }
            before = now;
        }
        return said();
    }

    private synchronized int reached() {
        return legs.size();
    }

    private synchronized void abandon() {
        abandoned = true;
        if (!legs.isEmpty()) {
            legs.getLast().abandon();
        }
    }

    private synchronized List<List<ProbeResult>> said() {
        List<List<ProbeResult>> said = new ArrayList<>();
        for (ContainerProbe.Leg leg : legs) {
            Optional<List<ProbeResult>> now = leg.said();
            if (now.isEmpty()) {
                break;
            }
            said.add(now.get());
        }
        return said;
    }
}

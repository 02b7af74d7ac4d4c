package io.github.writeprobe.follow;

import io.github.writeprobe.model.ContainerReport;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/// Takes in what the witnesses said of a container: what counts from now on, when to ask again, and
/// how late it was. Belongs to the follower's thread.
final class Hearing {
    private final Desk desk;
    private final Verdicts verdicts;

    Hearing(Desk desk, Verdicts verdicts) {
        this.desk = desk;
        this.verdicts = verdicts;
    }

    void hear(Followed container, Heard now, Settings settings) {
        Optional<Heard> before = container.heard;
        if (changed(before, now)) {
            desk.instruments().mountsChanged();
        }
        container.failures = now.failed() ? container.failures + 1 : 0;
        container.due = desk.now() + pause(container.failures, settings).toNanos();
        if (now.silent() && before.filter(h -> !h.silent()).isPresent()) {
            container.silence = Optional.of(now);
        } else {
            container.heard = Optional.of(now);
            container.silence = Optional.empty();
        }
        Optional<ContainerReport> was = container.report;
        verdicts.judge(container);
        detected(container, before, was);
    }

    private static boolean changed(Optional<Heard> before, Heard now) {
        return before.isPresent()
                && !before.get().mounts().entries().isEmpty()
                && !now.mounts().entries().isEmpty()
                && !before.get().mounts().equals(now.mounts());
    }

    /// How long until the next probe. Exec testimonies spread over their interval by themselves;
    /// after a failure the next try comes soon, and then ever later.
    private static Duration pause(int failures, Settings settings) {
        Duration most = settings.execInterval();
        if (failures == 0) {
            return most.multipliedBy(750 + ThreadLocalRandom.current().nextInt(250))
                    .dividedBy(1000);
        }
        Duration pause = settings.interval().multipliedBy(1L << Math.min(failures - 1, 16));
        return pause.compareTo(most) < 0 ? pause : most;
    }

    private void detected(
            Followed container, Optional<Heard> before, Optional<ContainerReport> was) {
        if (container.startHeard.isPresent()) {
            Duration late = Duration.ofNanos(desk.now() - container.startHeard.getAsLong());
            desk.instruments().detected(Trigger.START, late);
            container.startHeard = OptionalLong.empty();
        } else if (before.isPresent() && !Journal.same(was, container.report)) {
            Duration late = Duration.ofNanos(desk.now() - before.get().at());
            desk.instruments().detected(Trigger.POLL, late);
        }
    }
}

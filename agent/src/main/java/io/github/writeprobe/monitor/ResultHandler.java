package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Witnesses;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.probes.ProbeResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/// Takes in what the witnesses said of a container: what counts from now on, when to ask again, and
/// how late it was. Belongs to the follower's thread.
final class ResultHandler {
    private final MonitorContext desk;
    private final VerdictUpdater verdicts;

    ResultHandler(MonitorContext desk, VerdictUpdater verdicts) {
        this.desk = desk;
        this.verdicts = verdicts;
    }

    void hear(TrackedContainer container, LastResults now, MonitorSettings settings) {
        container.heardLife = container.life;
        Optional<LastResults> before = container.heard;
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

    /// The kernel was asked alone.
    void glance(TrackedContainer container, List<ProbeResult> kernel, long since) {
        if (container.heard.isEmpty()) {
            return;
        }
        LastResults before = container.heard.get();
        boolean silent =
                kernel.stream()
                        .allMatch(t -> t.trouble().isPresent() && t.observations().isEmpty());
        if (silent) {
            // What it said before stands, and is in doubt.
            container.silence =
                    Optional.of(new LastResults(new Witnesses.Heard(List.of(), kernel), since));
            verdicts.judge(container);
            return;
        }
        LastResults now = before.now(kernel, since);
        if (changed(container.heard, now)) {
            desk.instruments().mountsChanged();
        }
        boolean same = container.silence.isEmpty() && before.saysTheSame(now);
        container.heard = Optional.of(now);
        container.silence = Optional.empty();
        if (same) {
            verdicts.confirm(container);
            container.mountHeard = OptionalLong.empty();
            return;
        }
        Optional<ContainerReport> was = container.report;
        verdicts.judge(container);
        detected(container, Optional.of(before), was);
    }

    private static boolean changed(Optional<LastResults> before, LastResults now) {
        return before.isPresent()
                && !before.get().mounts().entries().isEmpty()
                && !now.mounts().entries().isEmpty()
                && !before.get().mounts().equals(now.mounts());
    }

    /// How long until the next probe. Exec testimonies spread over their interval by themselves;
    /// after a failure the next try comes soon, and then ever later.
    private static Duration pause(int failures, MonitorSettings settings) {
        Duration most = settings.execInterval();
        if (failures == 0) {
            return most.multipliedBy(750 + ThreadLocalRandom.current().nextInt(250))
                    .dividedBy(1000);
        }
        Duration pause = settings.interval().multipliedBy(1L << Math.min(failures - 1, 16));
        return pause.compareTo(most) < 0 ? pause : most;
    }

    private void detected(
            TrackedContainer container,
            Optional<LastResults> before,
            Optional<ContainerReport> was) {
        if (container.startHeard.isPresent()) {
            Duration late = Duration.ofNanos(desk.now() - container.startHeard.getAsLong());
            desk.instruments().detected(Trigger.START, late);
            container.startHeard = OptionalLong.empty();
        } else if (before.isPresent() && !ChangeLog.same(was, container.report)) {
            if (container.mountHeard.isPresent()) {
                Duration late = Duration.ofNanos(desk.now() - container.mountHeard.getAsLong());
                desk.instruments().detected(Trigger.MOUNT, late);
                container.mountHeard = OptionalLong.empty();
                return;
            }
            Duration late = Duration.ofNanos(desk.now() - before.get().at());
            desk.instruments().detected(Trigger.POLL, late);
        }
        container.mountHeard = OptionalLong.empty();
    }
}

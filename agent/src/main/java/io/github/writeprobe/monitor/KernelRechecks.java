package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Witnesses;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.WitnessName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;

/// The kernel, asked alone: about every container in a pass, and about one whose mounts changed.
/// Belongs to the follower's thread.
///
/// None is asked about twice at a time, nor while a probe of it is under way, which asks the kernel
/// as well; it is asked about once more afterwards.
final class KernelRechecks {
    /// So many are looked at by one thread in turn, since to hand one over costs half as much as to
    /// look at it.
    private static final int AT_ONCE = 32;

    private final EngineMonitor roster;
    private final MonitorContext desk;
    private final EngineTasks errands;
    private final ResultHandler hearing;
    private final EngineCycles passes;

    KernelRechecks(
            EngineMonitor roster, MonitorContext desk, EngineTasks errands, ResultHandler hearing) {
        this.roster = roster;
        this.desk = desk;
        this.errands = errands;
        this.hearing = hearing;
        this.passes =
                new EngineCycles(desk, took -> desk.instruments().passed(WitnessName.PROCFS, took));
    }

    /// @param containers that nobody is to be asked about otherwise
    void pass(Collection<TrackedContainer> containers, Witnesses witnesses) {
        if (!witnesses.asksKernel()) {
            return;
        }
        List<TrackedContainer> heard =
                containers.stream().filter(c -> c.heard.isPresent()).toList();
        passes.begin(new HashSet<>(heard));
        glance(heard, witnesses);
    }

    void breakOff() {
        passes.breakOff();
    }

    private void glance(List<TrackedContainer> containers, Witnesses witnesses) {
        List<Message.KernelRecheck> now = new ArrayList<>();
        for (TrackedContainer container : containers) {
            if (!witnesses.asksKernel()
                    || container.declared.isEmpty()
                    || container.heard.isEmpty()
                    || !container.running) {
                passes.done(container);
            } else if (container.glancing || container.callOff.isPresent()) {
                container.glanceAgain = true;
            } else {
                container.glancing = true;
                ProbeRequest probe =
                        new ProbeRequest(
                                container.declared.get(),
                                container.life,
                                container.paths,
                                false,
                                desk.now());
                now.add(new Message.KernelRecheck(container, probe, List.of()));
            }
        }
        for (int from = 0; from < now.size(); from += AT_ONCE) {
            int to = Math.min(from + AT_ONCE, now.size());
            errands.glance(roster, witnesses, List.copyOf(now.subList(from, to)));
        }
    }

    void onceMore(TrackedContainer container, Witnesses witnesses) {
        if (container.glanceAgain) {
            container.glanceAgain = false;
            glance(List.of(container), witnesses);
        }
    }

    void glanced(Message.KernelRecheck glance, Witnesses witnesses) {
        TrackedContainer container = glance.container();
        // One that was probed meanwhile has been asked about by who is heard out next.
        boolean current = container.life == glance.probe().life() && container.callOff.isEmpty();
        if (current && !glance.kernel().isEmpty()) {
            int asked = glance.probe().paths().size();
            glance.kernel().forEach(t -> desk.instruments().testified(t, asked));
            hearing.glance(container, glance.kernel(), glance.probe().since());
        }
        passes.done(container);
        if (container.callOff.isEmpty()) {
            onceMore(container, witnesses);
        }
    }

    void mounted(TrackedContainer container, long at, Witnesses witnesses) {
        if (container.mountHeard.isEmpty()) {
            container.mountHeard = OptionalLong.of(at);
        }
        glance(List.of(container), witnesses);
    }

    /// Its mounts are watched from now on, if they can be.
    void watch(TrackedContainer container, Container declared, Witnesses witnesses) {
        boolean another = declared.pid() != 0 && declared.pid() != container.watched;
        if (another && witnesses.asksKernel()) {
            container.watched = declared.pid();
            desk.watch().ifPresent(w -> w.watch(declared.pid(), container.id()));
        }
    }

    /// Nobody follows it any more.
    void gone(TrackedContainer container) {
        if (container.watched != 0) {
            container.watched = 0;
            desk.watch().ifPresent(w -> w.forget(container.id()));
        }
        passes.done(container);
    }
}

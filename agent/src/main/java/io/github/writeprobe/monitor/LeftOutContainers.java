package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.model.LeftOut;
import io.github.writeprobe.model.LeftOut.Reason;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The containers of one engine that nobody judges, and why: remembered by their ids, so that a
/// pass inspects none of them again. Belongs to the follower's thread.
final class LeftOutContainers {
    private final Map<String, LeftOut> known = new HashMap<>();

    List<LeftOut> all() {
        return known.values().stream()
                .sorted(Comparator.comparing(LeftOut::name).thenComparing(LeftOut::id))
                .toList();
    }

    /// Those that run no more are forgotten.
    void keep(Set<String> running) {
        known.keySet().retainAll(running);
    }

    /// Whether it need not be inspected: what a pause container was given does not change, but its
    /// name may. A helper is one for a time only.
    boolean takes(Engine.Listed listed, boolean podSandboxes) {
        return !podSandboxes
                && listed.candidate().equals(Optional.of(Reason.POD_SANDBOX))
                && Optional.ofNullable(known.get(listed.id()))
                        .filter(one -> one.reason() == Reason.POD_SANDBOX)
                        .filter(one -> one.name().equals(listed.name()))
                        .isPresent();
    }

    /// One that was inspected.
    ///
    /// @return whether it is left out
    boolean takes(Engine.Inspected inspected, boolean podSandboxes) {
        String id = inspected.container().id();
        Optional<Reason> reason =
                inspected.leftOut().filter(r -> r != Reason.POD_SANDBOX || !podSandboxes);
        if (reason.isPresent()) {
            known.put(id, new LeftOut(id, inspected.container().name(), reason.get()));
        } else {
            known.remove(id);
        }
        return reason.isPresent();
    }

    void gone(String id) {
        known.remove(id);
    }
}

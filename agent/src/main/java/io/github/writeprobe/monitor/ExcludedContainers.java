package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.ExcludedContainer.Reason;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The containers of one engine that are not judged, and why: remembered by their ids, so that no
/// cycle inspects them again.
final class ExcludedContainers {
    private final Map<String, ExcludedContainer> known = new HashMap<>();

    List<ExcludedContainer> all() {
        return known.values().stream()
                .sorted(
                        Comparator.comparing(ExcludedContainer::name)
                                .thenComparing(ExcludedContainer::id))
                .toList();
    }

    void retain(Set<String> running) {
        known.keySet().retainAll(running);
    }

    /// Whether it need not be inspected again: what a pause container was given does not change,
    /// but its name may. A helper is excluded for a time only.
    boolean isExcluded(Engine.Listed listed, boolean includePodSandboxes) {
        return !includePodSandboxes
                && listed.possibleExclusion().equals(Optional.of(Reason.POD_SANDBOX))
                && Optional.ofNullable(known.get(listed.id()))
                        .filter(one -> one.reason() == Reason.POD_SANDBOX)
                        .filter(one -> one.name().equals(listed.name()))
                        .isPresent();
    }

    /// Decides about one that was inspected.
    ///
    /// @return whether it is excluded
    boolean update(Engine.Inspected inspected, boolean includePodSandboxes) {
        String id = inspected.container().id();
        Optional<Reason> reason =
                inspected.exclusion().filter(r -> r != Reason.POD_SANDBOX || !includePodSandboxes);
        if (reason.isPresent()) {
            known.put(id, new ExcludedContainer(id, inspected.container().name(), reason.get()));
        } else {
            known.remove(id);
        }
        return reason.isPresent();
    }

    void remove(String id) {
        known.remove(id);
    }
}

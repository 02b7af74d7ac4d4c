package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.ExcludedContainer.Reason;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The containers of one engine that are not judged, with the reason. They are remembered by id, so
/// that a cycle does not inspect them again.
final class ExcludedContainerCache {
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

    /// Whether the container need not be inspected again. The privileges of a pause container do
    /// not change, but its name may. A helper is excluded only temporarily.
    boolean isExcluded(Engine.Listed listed, boolean includePodSandboxes) {
        return !includePodSandboxes
                && listed.possibleExclusion().equals(Optional.of(Reason.POD_SANDBOX))
                && Optional.ofNullable(known.get(listed.id()))
                        .filter(one -> one.reason() == Reason.POD_SANDBOX)
                        .filter(one -> one.name().equals(listed.name()))
                        .isPresent();
    }

    /// Decides whether an inspected container is excluded.
    ///
    /// @return whether it is
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

package io.github.writeprobe.follow;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.model.Container;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The pause containers of pods on one engine that nobody looks at: they are left out, but counted.
/// Belongs to the follower's thread.
final class Sandboxes {
    private final Set<String> ids = new HashSet<>();

    int count() {
        return ids.size();
    }

    /// All that run.
    ///
    /// @param wanted whether they are looked at, too
    /// @return those to look at
    List<Engine.Listed> sift(List<Engine.Listed> listed, boolean wanted) {
        ids.clear();
        if (wanted) {
            return listed;
        }
        listed.stream().filter(Engine.Listed::podSandbox).forEach(l -> ids.add(l.id()));
        return listed.stream().filter(l -> !l.podSandbox()).toList();
    }

    /// One that was inspected; it may have another name than before.
    ///
    /// @return whether it is left out
    boolean takes(Container container, boolean wanted) {
        boolean leftOut = container.podSandbox() && !wanted;
        if (leftOut) {
            ids.add(container.id());
        } else {
            ids.remove(container.id());
        }
        return leftOut;
    }

    void gone(String id) {
        ids.remove(id);
    }
}

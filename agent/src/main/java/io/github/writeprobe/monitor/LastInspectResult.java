package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import java.util.Optional;

/// What the engine declared for a container when it was last inspected.
sealed interface LastInspectResult {
    /// The container has not been inspected yet.
    record Unknown() implements LastInspectResult {}

    /// Every inspect has failed so far.
    record Unreadable(String reason) implements LastInspectResult {}

    record Current(Container container) implements LastInspectResult {}

    /// The last inspect failed. This was declared before, and may have changed.
    record Outdated(Container container, String reason) implements LastInspectResult {}

    /// The last known declaration.
    default Optional<Container> last() {
        return switch (this) {
            case Unknown() -> Optional.empty();
            case Unreadable(String reason) -> Optional.empty();
            case Current(Container container) -> Optional.of(container);
            case Outdated(Container container, String reason) -> Optional.of(container);
        };
    }

    /// Why the last inspect failed. The next cycle has to inspect again.
    default Optional<String> failure() {
        return switch (this) {
            case Unknown() -> Optional.empty();
            case Unreadable(String reason) -> Optional.of(reason);
            case Current(Container container) -> Optional.empty();
            case Outdated(Container container, String reason) -> Optional.of(reason);
        };
    }

    default LastInspectResult failed(String why) {
        return last().<LastInspectResult>map(last -> new Outdated(last, why))
                .orElseGet(() -> new Unreadable(why));
    }
}

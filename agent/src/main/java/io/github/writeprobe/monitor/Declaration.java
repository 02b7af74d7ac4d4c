package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import java.util.Optional;

/// What the engine declared of a container when it was last inspected.
sealed interface Declaration {
    /// It was not inspected yet.
    record Unknown() implements Declaration {}

    /// Every inspect has failed so far.
    record Unreadable(String reason) implements Declaration {}

    record Current(Container container) implements Declaration {}

    /// The last inspect failed: this was declared before, and may not be now.
    record Outdated(Container container, String reason) implements Declaration {}

    /// The last that is known to have been declared.
    default Optional<Container> last() {
        return switch (this) {
            case Unknown() -> Optional.empty();
            case Unreadable(String reason) -> Optional.empty();
            case Current(Container container) -> Optional.of(container);
            case Outdated(Container container, String reason) -> Optional.of(container);
        };
    }

    /// Why the last inspect failed; the next cycle has to ask again.
    default Optional<String> failure() {
        return switch (this) {
            case Unknown() -> Optional.empty();
            case Unreadable(String reason) -> Optional.of(reason);
            case Current(Container container) -> Optional.empty();
            case Outdated(Container container, String reason) -> Optional.of(reason);
        };
    }

    default Declaration failed(String why) {
        return last().<Declaration>map(last -> new Outdated(last, why))
                .orElseGet(() -> new Unreadable(why));
    }
}

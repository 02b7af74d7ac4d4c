package io.github.writeprobe.agent;

import java.util.Optional;

/// How somebody else ends early what a thread does now, if that is of a kind that can be.
final class EarlyEnd {
    private Optional<Runnable> end = Optional.empty();
    private boolean asked;

    /// What goes on now can be ended so.
    synchronized void by(Runnable way) {
        end = Optional.of(way);
        asked = false;
    }

    /// Nothing goes on any more that can be ended early.
    ///
    /// @return whether it has been
    synchronized boolean over() {
        end = Optional.empty();
        return asked;
    }

    /// @return whether something went on that can be ended, and had not been told to yet
    synchronized boolean ask() {
        if (end.isEmpty() || asked) {
            return false;
        }
        asked = true;
        end.get().run();
        return true;
    }
}

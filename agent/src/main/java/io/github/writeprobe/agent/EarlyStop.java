package io.github.writeprobe.agent;

import java.util.Optional;

/// How somebody else ends early what a thread does now, if that is of a kind that can be.
final class EarlyStop {
    private Optional<Runnable> action = Optional.empty();
    private boolean requested;

    /// What goes on now can be ended so.
    synchronized void begin(Runnable stop) {
        action = Optional.of(stop);
        requested = false;
    }

    /// Nothing goes on any more that can be ended early.
    ///
    /// @return whether it has been
    synchronized boolean finish() {
        action = Optional.empty();
        return requested;
    }

    /// @return whether something went on that can be ended, and had not been told to yet
    synchronized boolean request() {
        if (action.isEmpty() || requested) {
            return false;
        }
        requested = true;
        action.get().run();
        return true;
    }
}

package io.github.writeprobe.agent;

import java.util.Optional;

/// Lets another thread end the current step of a run early, if that step supports it.
final class StepInterrupter {
    private Optional<Runnable> action = Optional.empty();
    private boolean requested;

    /// Begins a step that `stop` ends early.
    synchronized void begin(Runnable stop) {
        action = Optional.of(stop);
        requested = false;
    }

    /// Ends the step.
    ///
    /// @return whether an early end was requested
    synchronized boolean finish() {
        action = Optional.empty();
        return requested;
    }

    /// @return whether a step was running for which no early end had been requested yet
    synchronized boolean request() {
        if (action.isEmpty() || requested) {
            return false;
        }
        requested = true;
        action.get().run();
        return true;
    }
}

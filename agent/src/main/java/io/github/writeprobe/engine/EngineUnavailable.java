package io.github.writeprobe.engine;

/// An engine did not answer, or its answer cannot be understood.
public final class EngineUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    /// @param message one line: what was tried, what happened, and what to do
    public EngineUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    public EngineUnavailable(String message) {
        super(message);
    }

    /// The message for the user, in one line.
    public String line() {
        return String.valueOf(getMessage());
    }
}

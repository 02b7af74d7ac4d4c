package io.github.writeprobe.web;

/// The server cannot listen on the configured address. The user has to fix that.
public final class UnusableListenAddress extends Exception {
    private static final long serialVersionUID = 1;

    UnusableListenAddress(String line) {
        super(line);
    }

    /// One line for a person: what was tried, what happened, what to do.
    public String line() {
        return String.valueOf(getMessage());
    }
}

package io.github.writeprobe.engine;

/// The configuration of an endpoint is wrong: a host, a Docker context or TLS files. The user has
/// to correct it; no connection was tried.
public final class BadEndpoint extends Exception {
    private static final long serialVersionUID = 1;

    /// @param line one line: what was given, and what to write instead
    public BadEndpoint(String line) {
        super(line);
    }

    /// The message for the user, in one line.
    public String line() {
        return String.valueOf(getMessage());
    }
}

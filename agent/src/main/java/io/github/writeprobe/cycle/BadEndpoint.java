package io.github.writeprobe.cycle;

/// What names an engine cannot be used: a host, a context or TLS files. The user's to mend, before
/// anything is tried.
public final class BadEndpoint extends Exception {
    private static final long serialVersionUID = 1;

    /// @param line one line: what was given, and what to write instead
    public BadEndpoint(String line) {
        super(line);
    }

    /// The line for a person.
    public String line() {
        return String.valueOf(getMessage());
    }
}

package io.github.writeprobe.config;

import java.util.List;

/// An invalid configuration, with all of its mistakes.
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // List.copyOf makes lists that can be serialised
    private final List<String> mistakes;

    ConfigurationException(List<String> mistakes) {
        super(String.join("\n", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /// One line for each mistake, in the order of the file: `FILE:LINE:COLUMN: KEY: found X,
    /// expected Y`.
    public List<String> mistakes() {
        return mistakes;
    }
}

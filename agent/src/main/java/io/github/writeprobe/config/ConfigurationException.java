package io.github.writeprobe.config;

import java.util.List;

/// A configuration that cannot be used, with everything that is wrong in it.
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // List.copyOf makes lists that can be serialised
    private final List<String> mistakes;

    ConfigurationException(List<String> mistakes) {
        super(String.join("\n", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /// One line for each mistake, in the order in which they stand in the file: `FILE:LINE:COLUMN:
    /// KEY: found X, allowed are Y`.
    public List<String> mistakes() {
        return mistakes;
    }
}

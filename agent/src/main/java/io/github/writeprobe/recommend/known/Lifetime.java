package io.github.writeprobe.recommend.known;

/// How long what is written has to last.
public enum Lifetime {
    /// It has to outlive the container.
    PERSISTENT("persistent"),
    /// It is of no use to the next container.
    EPHEMERAL("ephemeral"),
    /// It is told to people, not read again by the service.
    LOG("log"),
    /// It was not the service that wrote it, or the service does as well without.
    INCIDENTAL("incidental");

    private final String label;

    Lifetime(String label) {
        this.label = label;
    }

    /// The word used in the data file.
    public String label() {
        return label;
    }
}

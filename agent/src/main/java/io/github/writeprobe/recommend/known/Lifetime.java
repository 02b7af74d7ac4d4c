package io.github.writeprobe.recommend.known;

/// How long written data must be kept.
public enum Lifetime {
    /// The data must outlive the container.
    PERSISTENT("persistent"),
    /// The next container does not need the data.
    EPHEMERAL("ephemeral"),
    /// The file is for people. The service does not read it again.
    LOG("log"),
    /// The service did not write it, or can do without it.
    INCIDENTAL("incidental");

    private final String label;

    Lifetime(String label) {
        this.label = label;
    }

    /// The word in the data file.
    public String label() {
        return label;
    }
}

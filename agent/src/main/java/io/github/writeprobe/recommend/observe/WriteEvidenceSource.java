package io.github.writeprobe.recommend.observe;

/// Where evidence comes from that a path is written, or has to be writable.
public enum WriteEvidenceSource {
    /// `docker diff`, or what is in the upper directory of its overlay.
    DIFF("diff", "what differs from the image since the container was created"),
    IMAGE("image", "what the image declares: its VOLUMEs, its user"),
    DECLARED("declared", "the mounts that the engine declares"),
    OPEN_FILES("open files", "what its processes have open for writing, deleted files included"),
    WATCH("watch", "what was written while it was watched"),
    LOG("log", "writes that were refused, according to its log"),
    KNOWN("known", "what is known about such images and paths"),
    PROOF("proof", "what a clone wrote");

    private final String label;
    private final String meaning;

    WriteEvidenceSource(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    public String label() {
        return label;
    }

    /// What the source can show.
    public String meaning() {
        return meaning;
    }
}

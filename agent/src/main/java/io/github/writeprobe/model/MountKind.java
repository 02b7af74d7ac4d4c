package io.github.writeprobe.model;

/// The kind of a mount.
public enum MountKind {
    ROOTFS("rootfs"),
    BIND("bind"),
    VOLUME("volume"),
    TMPFS("tmpfs"),
    /// Made by the engine for every container: `/dev`, `/dev/shm`, `/etc/hosts` and the like.
    ENGINE("engine"),
    /// In the mount table, but not declared by the engine.
    UNDECLARED("undeclared");

    private final String label;

    MountKind(String label) {
        this.label = label;
    }

    /// The word used in reports and as a metric label.
    public String label() {
        return label;
    }
}

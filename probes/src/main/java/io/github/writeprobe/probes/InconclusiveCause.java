package io.github.writeprobe.probes;

/// Why a probe was inconclusive. None of these is ever rounded up to "read-only".
public enum InconclusiveCause {
    NO_SHELL("no-shell", "the image has no shell"),
    NO_RM("no-rm", "the image has no rm, so nothing was written"),
    PAUSED("paused", "the container is paused"),
    NOT_RUNNING("not-running", "the container stopped before or during the probe"),
    GONE("gone", "the container was removed during the probe"),
    TIMED_OUT("timed-out", "the probe did not finish in time"),
    OUTPUT_CAPPED("output-capped", "the output is larger than the limit"),
    MALFORMED("malformed", "the container's output is not in the probe's format"),
    EXEC_FAILED("exec-failed", "the engine could not start the probe"),
    ENGINE("engine", "the engine did not answer"),
    SPECIAL_FILE("special-file", "a device, socket or FIFO is not opened for writing"),
    IMAGE_FILE(
            "image-file",
            "a file that is not a mount point is not opened, because that would copy it to the"
                    + " writable layer"),
    NAME_TAKEN("name-taken", "a file with the probe's file name already exists"),
    DELETED("deleted", "the directory was deleted on the host"),
    UNEXPECTED_ERROR("unexpected-error", "the write failed in a way that proves nothing"),
    UNREACHABLE("unreachable", "the container's processes cannot be reached from here"),
    NAMESPACE(
            "namespace",
            "its processes are in a mount namespace that the engine did not create for it"),
    CHROOT("chroot", "its first process changed its root directory"),
    CHANGED("changed", "it changed during or after the probe"),
    NOT_PROBED("not-probed", "the path was not probed");

    private final String label;
    private final String meaning;

    InconclusiveCause(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /// The word used in reports and as a metric label.
    public String label() {
        return label;
    }

    /// A short description for people.
    public String meaning() {
        return meaning;
    }
}

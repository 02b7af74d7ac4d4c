package io.github.writeprobe.probes;

/// Why a probe could not tell. None of these is ever rounded up to "read-only".
public enum Cause {
    NO_SHELL("no-shell", "the image has no shell"),
    NO_RM("no-rm", "the image has no rm, so nothing was written"),
    PAUSED("paused", "the container is paused"),
    NOT_RUNNING("not-running", "the container stopped before or during the probe"),
    GONE("gone", "the container was removed during the probe"),
    TIMED_OUT("timed-out", "the probe did not finish in time"),
    OUTPUT_CAPPED("output-capped", "the container printed more than a probe may"),
    MALFORMED("malformed", "the container's answer is not what the probe prints"),
    EXEC_FAILED("exec-failed", "the engine could not start the probe"),
    ENGINE("engine", "the engine did not answer"),
    SPECIAL_FILE("special-file", "a device, socket or FIFO is not opened for writing"),
    IMAGE_FILE(
            "image-file",
            "a file that is no mount is not opened, since that would copy it out of the image"),
    NAME_TAKEN("name-taken", "a file of the probe's name exists already"),
    UNEXPECTED_ERROR("unexpected-error", "the write failed in a way that proves nothing"),
    UNREACHABLE("unreachable", "the container's processes cannot be reached from here"),
    NAMESPACE("namespace", "its processes live in mounts that the engine did not make for it"),
    CHROOT("chroot", "its first process changed its root directory"),
    CHANGED("changed", "it changed while, or after, it was probed"),
    NOT_PROBED("not-probed", "the path was not probed");

    private final String label;
    private final String meaning;

    Cause(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /// The word used in reports and as a metric label.
    public String label() {
        return label;
    }

    /// The same in a few words for a person.
    public String meaning() {
        return meaning;
    }
}

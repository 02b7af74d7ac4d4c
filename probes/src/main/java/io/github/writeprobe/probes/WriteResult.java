package io.github.writeprobe.probes;

/// The result of trying to write.
public sealed interface WriteResult {
    /// Whether this result alone proves that the mount is read-only.
    default boolean provesReadOnly() {
        return this instanceof Refused refused && refused.proof() == Errno.Proof.READ_ONLY;
    }

    /// A write succeeded: this identity can write here now.
    record Writable() implements WriteResult {}

    /// The kernel refused. What that proves about the mount depends on the errno: see
    /// [Errno#proof()].
    ///
    /// @param errno the kernel's reason
    /// @param created whether a file could be created before the refusal, as on a full disk; then
    ///   the mount is not read-only, whatever the errno is
    /// @param detail the witness's error message: untrusted text, not safe for a terminal
    record Refused(Errno errno, boolean created, String detail) implements WriteResult {
        /// What this refusal proves about the mount.
        public Errno.Proof proof() {
            return created ? Errno.Proof.NOT_READ_ONLY : errno.proof();
        }
    }

    /// The path does not exist. This proves nothing about what could be created there.
    record Absent() implements WriteResult {}

    /// The probe has no result. This proves nothing.
    ///
    /// @param detail what was seen: untrusted text, not safe for a terminal; may be empty
    record Inconclusive(InconclusiveCause cause, String detail) implements WriteResult {}
}

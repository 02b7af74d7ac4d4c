package io.github.writeprobe.probes;

/// What came of trying to write.
public sealed interface Write {
    /// Whether the mount is read-only, by this alone.
    default boolean provesReadOnly() {
        return this instanceof Refused refused && refused.proof() == Errno.Proof.READ_ONLY;
    }

    /// A write succeeded: this identity can write here now.
    record Writable() implements Write {}

    /// The kernel refused. What that proves about the mount depends on the errno: see
    /// [Errno#proof()].
    ///
    /// @param errno why
    /// @param created whether a file could be created before the refusal, as on a full disk; then
    ///   the mount is not read-only, whatever the errno
    /// @param detail the words in which the witness heard it, from a stranger: not safe for a
    ///   terminal
    record Refused(Errno errno, boolean created, String detail) implements Write {
        /// What this refusal proves about the mount.
        public Errno.Proof proof() {
            return created ? Errno.Proof.NOT_READ_ONLY : errno.proof();
        }
    }

    /// Nothing is there. Proves nothing about what could be created in its place.
    record Absent() implements Write {}

    /// The witness cannot tell. Proves nothing.
    ///
    /// @param detail what was seen, from a stranger: not safe for a terminal; may be empty
    record Inconclusive(Cause cause, String detail) implements Write {}
}

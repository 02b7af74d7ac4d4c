package io.github.writeprobe.probes;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Why the kernel refused a write, and what that proves about the mount.
///
/// The texts are those of `strerror` in glibc and musl, and the words that dash uses in their
/// place; shells print the text and keep the number to themselves. See errno(3).
public enum Errno {
    EROFS(Proof.READ_ONLY, "read-only file system"),
    EACCES(Proof.NOTHING, "permission denied"),
    EPERM(Proof.NOTHING, "operation not permitted"),
    ENOSPC(Proof.NOT_READ_ONLY, "no space left on device"),
    EDQUOT(Proof.NOT_READ_ONLY, "disk quota exceeded", "quota exceeded"),
    ENOENT(
            Proof.NOTHING,
            "no such file or directory",
            "directory nonexistent",
            "nonexistent directory"),
    ENOTDIR(Proof.NOTHING, "not a directory"),
    EISDIR(Proof.NOTHING, "is a directory"),
    EEXIST(Proof.NOTHING, "file exists", "cannot overwrite existing file"),
    ETXTBSY(Proof.NOTHING, "text file busy"),
    EIO(Proof.NOTHING, "input/output error", "i/o error"),
    EFBIG(Proof.NOTHING, "file too large"),
    ELOOP(Proof.NOTHING, "too many levels of symbolic links", "symbolic link loop"),
    ENAMETOOLONG(Proof.NOTHING, "file name too long", "filename too long"),
    ESTALE(Proof.NOTHING, "stale file handle"),
    ENOTCONN(Proof.NOTHING, "transport endpoint is not connected", "socket not connected"),
    EMFILE(Proof.NOTHING, "too many open files", "no file descriptors available"),
    EAGAIN(Proof.NOTHING, "resource temporarily unavailable"),
    ENOMEM(Proof.NOTHING, "cannot allocate memory", "out of memory"),
    EOPNOTSUPP(Proof.NOTHING, "operation not supported", "not supported"),
    EINVAL(Proof.NOTHING, "invalid argument"),
    ENODEV(Proof.NOTHING, "no such device"),
    ENXIO(Proof.NOTHING, "no such device or address"),
    EOVERFLOW(
            Proof.NOTHING,
            "value too large for defined data type",
            "value too large for data type");

    /// What a refusal with this errno proves about the mount that the path lies on.
    public enum Proof {
        /// The mount is read-only now, for everybody.
        READ_ONLY,
        /// The mount is not read-only: the kernel got as far as looking for space.
        NOT_READ_ONLY,
        /// Only that this identity could not write here.
        NOTHING
    }

    private final Proof proof;
    private final List<String> texts;

    Errno(Proof proof, String... texts) {
        this.proof = proof;
        this.texts = List.of(texts);
    }

    public Proof proof() {
        return proof;
    }

    /// Reads the errno from the end of a shell's error message, in the wording of busybox, dash or
    /// bash.
    ///
    /// Only the end counts: what stands before it is a path, and a path can say anything.
    public static Optional<Errno> fromMessage(String message) {
        String text = message.strip().toLowerCase(Locale.ROOT);
        for (Errno errno : values()) {
            for (String known : errno.texts) {
                if (text.endsWith(": " + known) || text.equals(known)) {
                    return Optional.of(errno);
                }
            }
        }
        return Optional.empty();
    }
}

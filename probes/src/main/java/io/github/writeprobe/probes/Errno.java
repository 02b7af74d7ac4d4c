package io.github.writeprobe.probes;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Why the kernel refused a write, and what that proves about the mount.
///
/// The texts are those of `strerror` in glibc and musl, and dash's own wording where it differs.
/// Shells print only the text, not the number. See errno(3).
public enum Errno {
    EROFS(30, Proof.READ_ONLY, "read-only file system"),
    EACCES(13, Proof.NOTHING, "permission denied"),
    EPERM(1, Proof.NOTHING, "operation not permitted"),
    ENOSPC(28, Proof.NOT_READ_ONLY, "no space left on device"),
    EDQUOT(122, Proof.NOT_READ_ONLY, "disk quota exceeded", "quota exceeded"),
    ENOENT(
            2,
            Proof.NOTHING,
            "no such file or directory",
            "directory nonexistent",
            "nonexistent directory"),
    ENOTDIR(20, Proof.NOTHING, "not a directory"),
    EISDIR(21, Proof.NOTHING, "is a directory"),
    EEXIST(17, Proof.NOTHING, "file exists", "cannot overwrite existing file"),
    ETXTBSY(26, Proof.NOTHING, "text file busy"),
    EIO(5, Proof.NOTHING, "input/output error", "i/o error"),
    EFBIG(27, Proof.NOTHING, "file too large"),
    ELOOP(40, Proof.NOTHING, "too many levels of symbolic links", "symbolic link loop"),
    ENAMETOOLONG(36, Proof.NOTHING, "file name too long", "filename too long"),
    ESTALE(116, Proof.NOTHING, "stale file handle"),
    ENOTCONN(107, Proof.NOTHING, "transport endpoint is not connected", "socket not connected"),
    EMFILE(24, Proof.NOTHING, "too many open files", "no file descriptors available"),
    EAGAIN(11, Proof.NOTHING, "resource temporarily unavailable"),
    ENOMEM(12, Proof.NOTHING, "cannot allocate memory", "out of memory"),
    EOPNOTSUPP(95, Proof.NOTHING, "operation not supported", "not supported"),
    EINVAL(22, Proof.NOTHING, "invalid argument"),
    ENODEV(19, Proof.NOTHING, "no such device"),
    ENXIO(6, Proof.NOTHING, "no such device or address"),
    EOVERFLOW(
            75,
            Proof.NOTHING,
            "value too large for defined data type",
            "value too large for data type");

    /// What a refusal with this errno proves about the mount that the path lies on.
    public enum Proof {
        /// The mount is read-only now, for every process.
        READ_ONLY,
        /// The mount is not read-only: the kernel checks that before it looks for space.
        NOT_READ_ONLY,
        /// Only that this identity could not write here. It proves nothing about the mount.
        NOTHING
    }

    private static final Map<Integer, Errno> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toMap(e -> e.number, e -> e));

    private final int number;
    private final Proof proof;
    private final List<String> texts;

    Errno(int number, Proof proof, String... texts) {
        this.number = number;
        this.proof = proof;
        this.texts = List.of(texts);
    }

    public Proof proof() {
        return proof;
    }

    /// Whether the kernel or the filesystem refused to write. With another errno, the probe itself
    /// failed.
    public boolean isRefusal() {
        return proof != Proof.NOTHING || isPermission() || isFailingFilesystem();
    }

    /// Whether the user may not write, as far as owner, mode and security modules decide.
    public boolean isPermission() {
        return this == EACCES || this == EPERM;
    }

    /// Whether the device or the server behind the filesystem fails, for every user.
    public boolean isFailingFilesystem() {
        return this == EIO || this == ESTALE || this == ENOTCONN;
    }

    /// The errno with a Linux number. The numbers are the same on x86 and ARM.
    public static Optional<Errno> fromNumber(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /// Reads the errno from the end of a shell's error message, in the wording of busybox, dash or
    /// bash.
    ///
    /// Only the end counts: the text before it contains a path, and a path can contain any text.
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

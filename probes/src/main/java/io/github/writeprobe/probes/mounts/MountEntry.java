package io.github.writeprobe.probes.mounts;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// One line of `mountinfo`. See proc_pid_mountinfo(5).
///
/// @param device the filesystem's number, `major:minor`
/// @param root the directory of the filesystem that is the root of this mount; for a bind mount,
///   the source
/// @param mountPoint where it is mounted in the container, unescaped
/// @param options per-mount options: `ro` here makes this mount read-only
/// @param superOptions options of the filesystem: `ro` here makes every mount of it read-only
/// @param line as the kernel printed it
public record MountEntry(
        int id,
        int parent,
        String device,
        String root,
        String mountPoint,
        List<String> options,
        String filesystem,
        String source,
        List<String> superOptions,
        String line) {
    /// What the kernel appends to the path of a root that was deleted.
    private static final String DELETED_SUFFIX = "//deleted";

    public MountEntry {
        requireNonNull(device);
        requireNonNull(root);
        requireNonNull(mountPoint);
        options = List.copyOf(options);
        requireNonNull(filesystem);
        requireNonNull(source);
        superOptions = List.copyOf(superOptions);
        requireNonNull(line);
    }

    /// Whether the mount is read-only according to the mount table. This proves less than a refused
    /// write.
    public boolean isReadOnly() {
        return options.contains("ro") || superOptions.contains("ro");
    }

    /// Whether the mount itself is read-only according to the mount table, whatever its filesystem
    /// is.
    public boolean isItselfReadOnly() {
        return options.contains("ro");
    }

    /// Whether the file or directory that was mounted exists no more. No path contains two slashes.
    public boolean isRootDeleted() {
        return root.endsWith(DELETED_SUFFIX);
    }

    /// The root, without what the kernel appends if it was deleted.
    String rootWhenMounted() {
        return isRootDeleted() ? root.substring(0, root.length() - DELETED_SUFFIX.length()) : root;
    }

    /// Whether what is mounted below the mount that this one was made from is mounted below this
    /// one too: mount_namespaces(7), shared subtrees.
    public boolean followsOthers() {
        int separator = line.indexOf(" - ");
        String fields = separator < 0 ? "" : line.substring(0, separator);
        return fields.contains(" shared:") || fields.contains(" master:");
    }

    /// Whether accessing it never blocks on a process or a server: the kernel keeps its files in
    /// memory or on a disk.
    public boolean isLocal() {
        return LocalFilesystems.NAMES.contains(filesystem);
    }

    /// Whether it is one of the kernel's own filesystems, where a write does not store a file.
    public boolean isKernelFilesystem() {
        return KernelFilesystems.NAMES.contains(filesystem);
    }
}

package io.github.writeprobe.probes.mounts;

import java.util.Set;

/// Filesystems that the kernel keeps in memory or on a disk. Accessing any other filesystem can
/// block on a process that serves it (FUSE), or on a server (NFS).
final class LocalFilesystems {
    static final Set<String> NAMES =
            Set.of(
                    "bcachefs",
                    "btrfs",
                    "devtmpfs",
                    "erofs",
                    "exfat",
                    "ext2",
                    "ext3",
                    "ext4",
                    "f2fs",
                    "iso9660",
                    "jfs",
                    "nilfs2",
                    "ntfs3",
                    "overlay",
                    "ramfs",
                    "squashfs",
                    "tmpfs",
                    "udf",
                    "vfat",
                    "xfs",
                    "zfs");

    private LocalFilesystems() {}
}

package io.github.writeprobe.probes.writes;

import java.util.Optional;

/// A line of `/proc/PID/maps` that maps a file. See proc_pid_maps(5).
///
/// @param shared whether a write to the memory changes the file, for which there is no fanotify
///   event
/// @param executable whether the memory may be executed
/// @param name the kernel's name of the file
record MemoryMapping(boolean shared, boolean executable, String name) {
    private static final int FIELDS = 6;

    /// @return empty if the line maps no file, or a file that can be neither executed nor changed
    ///   through the mapping
    static Optional<MemoryMapping> parse(String line) {
        // address perms offset dev inode name; the name may contain spaces
        String[] fields = line.split(" +", FIELDS);
        if (fields.length < FIELDS
                || fields[1].length() < 4
                || !fields[5].startsWith("/")
                || fields[4].equals("0")) {
            return Optional.empty();
        }
        boolean shared = fields[1].charAt(1) == 'w' && fields[1].charAt(3) == 's';
        boolean executable = fields[1].charAt(2) == 'x';
        return shared || executable
                ? Optional.of(
                        new MemoryMapping(shared, executable, fields[5].replace("\\012", "\n")))
                : Optional.empty();
    }

    boolean isDeleted() {
        return name.endsWith(ContainerFilesystem.DELETED_SUFFIX);
    }

    /// Whether it is memory shared between processes, for which the kernel shows a file name that
    /// exists in no directory.
    boolean isAnonymous() {
        return isAnonymous(name);
    }

    /// The same for the kernel's name of an open file: a memfd can also be open for writing.
    static boolean isAnonymous(String name) {
        return name.endsWith(ContainerFilesystem.DELETED_SUFFIX)
                && (name.startsWith("/memfd:")
                        || name.startsWith("/SYSV")
                        || name.startsWith("/dev/zero")
                        || name.startsWith("/[")
                        || name.startsWith("/drm "));
    }
}

package io.github.writeprobe.probes.writes;

import java.util.Optional;

/// A line of `/proc/PID/maps` that tells of a file. See proc_pid_maps(5).
///
/// @param shared whether what is written to it is written to the file, which no watch hears
/// @param executable whether it may be run
/// @param name as the kernel names the file
record MemoryMapping(boolean shared, boolean executable, String name) {
    private static final int FIELDS = 6;

    /// @return empty for memory that is no file's, or no file's that can be run or written to
    static Optional<MemoryMapping> parse(String line) {
        // address perms offset dev inode          name, which may have spaces
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

    /// Memory that processes share, for which the kernel makes up a file. No directory has it.
    boolean isAnonymous() {
        return isDeleted()
                && (name.startsWith("/memfd:")
                        || name.startsWith("/SYSV")
                        || name.startsWith("/dev/zero")
                        || name.startsWith("/[")
                        || name.startsWith("/drm "));
    }
}

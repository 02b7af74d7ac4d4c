package io.github.writeprobe.probes.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The credentials of a process, from its `/proc/PID/status`: proc_pid_status(5). Ids are those of
/// the host.
///
/// @param uid the filesystem uid
/// @param gid the filesystem gid
/// @param groups the supplementary groups
/// @param effective the effective capabilities, one bit each
/// @param boundingSet the capability bounding set, one bit each: what the process and the programs
///   that it executes can have at most
/// @param parentPid the parent process; 0 if it is in no PID namespace that this process sees
/// @param seccompUnconfined whether it has no seccomp filter: seccomp(2)
/// @param inProcfsPidNamespace whether it is in the PID namespace of the procfs that was read: it
///   then has only one PID, and it sees all processes of that namespace
public record ProcessStatus(
        int uid,
        int gid,
        List<Integer> groups,
        long effective,
        long boundingSet,
        int parentPid,
        boolean seccompUnconfined,
        boolean inProcfsPidNamespace) {
    /// The index of the filesystem id, the last of four: real, effective, saved, filesystem.
    private static final int FSID_INDEX = 3;

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    public ProcessStatus {
        groups = List.copyOf(groups);
    }

    public static Optional<ProcessStatus> parse(String text) {
        try {
            return Optional.of(
                    new ProcessStatus(
                            id(field(text, "\nUid:")),
                            id(field(text, "\nGid:")),
                            ids(field(text, "\nGroups:")),
                            Long.parseUnsignedLong(field(text, "\nCapEff:"), 16),
                            Long.parseUnsignedLong(field(text, "\nCapBnd:"), 16),
                            Integer.parseInt(field(text, "\nPPid:")),
                            field(text, "\nSeccomp:").equals("0"),
                            NUMBER.matcher(field(text, "\nNSpid:")).matches()));
        } catch (NumberFormatException notAStatus) {
            return Optional.empty();
        }
    }

    /// Searches for one field instead of splitting some sixty lines. A process name cannot imitate
    /// a field: it is on the first line, and the kernel escapes a newline in it.
    private static String field(String text, String label) {
        int start = text.indexOf(label);
        if (start < 0) {
            return "";
        }
        int end = text.indexOf('\n', start + 1);
        return text.substring(start + label.length(), end < 0 ? text.length() : end).strip();
    }

    private static int id(String fields) {
        String[] ids = BLANKS.split(fields, -1);
        if (ids.length <= FSID_INDEX) {
            throw new NumberFormatException(fields);
        }
        return Integer.parseUnsignedInt(ids[FSID_INDEX]);
    }

    private static List<Integer> ids(String fields) {
        List<Integer> ids = new ArrayList<>();
        for (String field : BLANKS.split(fields, -1)) {
            if (!field.isEmpty()) {
                ids.add(Integer.parseUnsignedInt(field));
            }
        }
        return ids;
    }
}

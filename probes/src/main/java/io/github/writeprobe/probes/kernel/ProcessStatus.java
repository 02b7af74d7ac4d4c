package io.github.writeprobe.probes.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who a process is, as its `/proc/PID/status` says: proc_pid_status(5). Ids are the machine's.
///
/// @param uid and
/// @param gid with which it touches files
/// @param groups besides
/// @param effective capabilities it has now, a bit each
/// @param boundingSet capabilities that it, and what is started beside it, can have at most
/// @param parentPid the process that started it, or took it over; 0 if that is in no PID namespace
///   that this process sees
/// @param seccompUnconfined whether no seccomp filter is on it: seccomp(2)
/// @param inProcfsPidNamespace whether it is in the PID namespace of the procfs that was read, and
///   sees all that are in there: it has but one number then
public record ProcessStatus(
        int uid,
        int gid,
        List<Integer> groups,
        long effective,
        long boundingSet,
        int parentPid,
        boolean seccompUnconfined,
        boolean inProcfsPidNamespace) {
    /// Of four ids the last: real, effective, saved, and that for files.
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

    /// Of some sixty, these few are looked for. A name cannot pretend to be one: it is on the first
    /// line, and the kernel escapes a newline in it.
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

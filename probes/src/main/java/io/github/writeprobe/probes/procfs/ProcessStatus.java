package io.github.writeprobe.probes.procfs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who a process is, as its `/proc/PID/status` says: proc_pid_status(5). Ids are the machine's.
///
/// @param uid and
/// @param gid with which it touches files
/// @param groups besides
/// @param effective capabilities it has now, a bit each
/// @param bounding capabilities that it, and what is started beside it, can have at most
record ProcessStatus(int uid, int gid, List<Integer> groups, long effective, long bounding) {
    /// Of four ids the last: real, effective, saved, and that for files.
    private static final int FOR_FILES = 3;

    ProcessStatus {
        groups = List.copyOf(groups);
    }

    static Optional<ProcessStatus> parse(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        try {
            return Optional.of(
                    new ProcessStatus(
                            id(fields.getOrDefault("Uid", "")),
                            id(fields.getOrDefault("Gid", "")),
                            ids(fields.getOrDefault("Groups", "")),
                            Long.parseUnsignedLong(fields.getOrDefault("CapEff", ""), 16),
                            Long.parseUnsignedLong(fields.getOrDefault("CapBnd", ""), 16)));
        } catch (NumberFormatException notAStatus) {
            return Optional.empty();
        }
    }

    private static int id(String fields) {
        String[] ids = fields.split("\\s+", -1);
        if (ids.length <= FOR_FILES) {
            throw new NumberFormatException(fields);
        }
        return Integer.parseUnsignedInt(ids[FOR_FILES]);
    }

    private static List<Integer> ids(String fields) {
        List<Integer> ids = new ArrayList<>();
        for (String field : fields.split("\\s+", -1)) {
            if (!field.isEmpty()) {
                ids.add(Integer.parseUnsignedInt(field));
            }
        }
        return ids;
    }
}

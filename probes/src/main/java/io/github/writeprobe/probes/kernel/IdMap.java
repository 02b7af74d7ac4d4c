package io.github.writeprobe.probes.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The mapping of a user namespace's ids to those of the host: `/proc/PID/uid_map` and `gid_map`.
/// See user_namespaces(7).
///
/// @param ranges in no order
public record IdMap(List<Range> ranges) {
    /// The range of all ids, which a process in the initial user namespace has.
    private static final long ALL_IDS = 4_294_967_295L;

    /// @param inside the first id in the container
    /// @param outside the first id on the host
    public record Range(long inside, long outside, long count) {}

    public IdMap {
        ranges = List.copyOf(ranges);
    }

    /// Malformed lines are skipped. An id without a mapping is treated as unmapped.
    public static IdMap parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length == 3) {
                try {
                    ranges.add(
                            new Range(
                                    Long.parseLong(fields[0]),
                                    Long.parseLong(fields[1]),
                                    Long.parseLong(fields[2])));
                } catch (NumberFormatException notAMap) {
                    // Skipped.
                }
            }
        }
        return new IdMap(ranges);
    }

    /// Whether ids in the container are the same as on the host.
    public boolean isIdentityMapping() {
        return ranges.equals(List.of(new Range(0, 0, ALL_IDS)));
    }

    public OptionalInt toHostId(int containerId) {
        long id = Integer.toUnsignedLong(containerId);
        return ranges.stream()
                .filter(r -> r.inside() <= id && id < r.inside() + r.count())
                .mapToInt(r -> (int) (r.outside() + id - r.inside()))
                .findFirst();
    }

    public OptionalInt toContainerId(int hostId) {
        long id = Integer.toUnsignedLong(hostId);
        return ranges.stream()
                .filter(r -> r.outside() <= id && id < r.outside() + r.count())
                .mapToInt(r -> (int) (r.inside() + id - r.outside()))
                .findFirst();
    }
}

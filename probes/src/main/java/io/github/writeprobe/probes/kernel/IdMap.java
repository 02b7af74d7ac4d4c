package io.github.writeprobe.probes.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// How a user namespace's ids are those of the machine: `/proc/PID/uid_map` and `gid_map`. See
/// user_namespaces(7).
///
/// @param ranges in no order
public record IdMap(List<Range> ranges) {
    /// The widest there is: that of a process that is in no other user namespace.
    private static final long ALL_IDS = 4_294_967_295L;

    /// @param inside the first id in the container
    /// @param outside the first one on the machine
    public record Range(long inside, long outside, long count) {}

    public IdMap {
        ranges = List.copyOf(ranges);
    }

    /// A line that does not have the form is left out: whoever is not mapped cannot be anybody.
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
                    // Left out.
                }
            }
        }
        return new IdMap(ranges);
    }

    /// Whether ids in the container are those of the machine.
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

package io.github.writeprobe.policy;

import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.WaiverNote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Waivers and writable paths from a container's own labels, if the policy honours them.
///
/// `writeprobe.waive` is a comma-separated list of `KIND` or `KIND:PATH`, and `writeprobe.writable`
/// a comma-separated list of paths. Entries that are not valid are ignored: labels are untrusted.
public final class LabelPolicy {
    public static final String WAIVE = "writeprobe.waive";
    public static final String WRITABLE = "writeprobe.writable";

    private LabelPolicy() {}

    /// The waivers that a container grants itself.
    public static List<Waiver> waivers(Map<String, String> labels) {
        List<Waiver> waivers = new ArrayList<>();
        items(labels, WAIVE)
                .forEach(item -> {
                    int colon = item.indexOf(':');
                    String kind = colon < 0 ? item : item.substring(0, colon);
                    List<String> paths = colon < 0 ? List.of() : List.of(item.substring(colon + 1));
                    kind(kind).ifPresent(k -> waivers.add(waiver(k, paths)));
                });
        return waivers;
    }

    /// The paths that a container declares as writable.
    public static List<String> writablePaths(Map<String, String> labels) {
        return items(labels, WRITABLE).filter(p -> p.startsWith("/") && p.length() > 1).toList();
    }

    private static Stream<String> items(Map<String, String> labels, String key) {
        return Arrays.stream(labels.getOrDefault(key, "").split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty());
    }

    private static Optional<FindingKind> kind(String label) {
        return Arrays.stream(FindingKind.values()).filter(k -> k.label().equals(label)).findFirst();
    }

    private static Waiver waiver(FindingKind kind, List<String> paths) {
        return new Waiver(
                ContainerSelector.ANY,
                Set.of(kind),
                paths,
                new WaiverNote("label " + WAIVE, "the container's own label", Optional.empty()));
    }
}
